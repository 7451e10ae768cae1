"""The verbs of cases themselves; those of transitions belong to the modules that declare workflows."""

from django.utils.translation import gettext_lazy as _

ASSIGN = "cases.assign"
CHANNELS = "cases.channels"
OPERATE = "cases.operate"
VERBS = {
    ASSIGN: _("Assign work, pause it and move deadlines"),
    CHANNELS: _("Look after channels and the words of messages"),
    OPERATE: _("See health and jobs"),
}
