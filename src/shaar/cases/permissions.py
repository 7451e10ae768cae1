"""The verbs of cases themselves; those of transitions belong to the modules that declare workflows."""

from django.utils.translation import gettext_lazy as _

ASSIGN = "cases.assign"
VERBS = {
    ASSIGN: _("Assign work, pause it and move deadlines"),
}
