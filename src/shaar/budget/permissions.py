"""The verbs of the budget: what a role may let a person do here."""

from django.utils.translation import gettext_lazy as _

VIEW = "budget.view"
IMPORT = "budget.import"
AMEND = "budget.amend"
CLASSIFY = "budget.classify"
VERBS = {
    VIEW: _("See the budget and how it is executed"),
    IMPORT: _("Take in and undo files of the treasury"),
    AMEND: _("Change the plan of the budget by an act"),
    CLASSIFY: _("Keep the codes of the classification"),
}
