"""The verbs of programmes: what a role may let a person do here."""

from django.utils.translation import gettext_lazy as _

VIEW = "programme.view_staff"
REPORT = "programme.report"
APPROVE = "programme.approve"
ACCEPT = "programme.accept"
PLAN = "programme.plan"
PUBLISH = "programme.publish"
VERBS = {
    VIEW: _("See the staff pages of programmes"),
    REPORT: _("Fill in the reports of the own unit"),
    APPROVE: _("Approve the reports of the own unit"),
    ACCEPT: _("Accept the reports of units"),
    PLAN: _("Change the plan of a programme"),
    PUBLISH: _("Publish the report of a programme"),
}
