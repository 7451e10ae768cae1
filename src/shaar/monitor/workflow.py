"""The way of an alert: open, acknowledged, closed with a reason."""

from django.utils.translation import gettext_lazy as _

from shaar.cases.api import Escalation, Kind, State, Transition, Workflow
from shaar.monitor.alerts import CLOSED, KIND, OPEN, SEEN, WORKFLOW
from shaar.monitor.permissions import ANSWER

ALERT = Workflow(
    code=WORKFLOW,
    name=_("Alert of the monitor"),
    states=(
        State(OPEN, _("raised")),
        State(SEEN, _("being looked into")),
        State(CLOSED, _("closed"), is_final=True),
    ),
    transitions=(
        Transition("acknowledge", _("Take up"), (OPEN,), SEEN, ANSWER),
        Transition("close", _("Close"), (OPEN, SEEN), CLOSED, ANSWER, needs_reason=True),
    ),
    escalations=(Escalation(1, ANSWER),),
)
NOTICE = Kind(KIND, _("The monitor raises an alert"), ("push", "telegram"), is_urgent=True)
