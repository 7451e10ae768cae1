"""The way of a unit's report: draft, submitted, approved, then accepted or returned, and opened again."""

from django.utils.translation import gettext_lazy as _

from shaar.cases.api import Escalation, State, Transition, Workflow
from shaar.programme.permissions import ACCEPT, APPROVE, REPORT

WORKFLOW = "programme.unit_report"
DRAFT, SUBMITTED, APPROVED, ACCEPTED, RETURNED = "draft", "submitted", "approved", "accepted", "returned"
EDITABLE = frozenset({DRAFT, RETURNED})
UNIT_REPORT = Workflow(
    code=WORKFLOW,
    name=_("Report of a unit on the programme"),
    states=(
        State(DRAFT, _("draft")),
        State(SUBMITTED, _("handed in")),
        State(APPROVED, _("approved by the unit")),
        State(RETURNED, _("returned")),
        State(ACCEPTED, _("accepted"), is_final=True),
    ),
    transitions=(
        Transition("submit", _("Hand in"), (DRAFT, RETURNED), SUBMITTED, REPORT),
        Transition("approve", _("Approve"), (SUBMITTED,), APPROVED, APPROVE),
        Transition("head_return", _("Return"), (SUBMITTED,), RETURNED, APPROVE, needs_reason=True),
        Transition("office_return", _("Return"), (APPROVED,), RETURNED, ACCEPT, needs_reason=True),
        Transition("accept", _("Accept"), (APPROVED,), ACCEPTED, ACCEPT),
        Transition("reopen", _("Open again"), (ACCEPTED,), RETURNED, ACCEPT, needs_reason=True, reopens=True),
    ),
    escalations=(Escalation(1, APPROVE), Escalation(3, ACCEPT)),
)
