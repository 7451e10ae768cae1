"""The ways of a round of a rating, and of an objection to a score."""

from django.utils.translation import gettext_lazy as _

from shaar.cases.api import Escalation, Kind, State, Transition, Workflow
from shaar.ratings.permissions import APPROVE, OBJECT, PUBLISH, RUN

ROUND_WAY, OBJECTION_WAY, KIND = "ratings.round", "ratings.objection", "ratings.told"
COMPUTED, OBJECTIONS, SETTLED, APPROVED, PUBLISHED = (
    "computed", "objections", "settled", "approved", "published",
)  # fmt: skip
RAISED, UPHELD, DECLINED, WITHDRAWN = "raised", "upheld", "declined", "withdrawn"

ROUND = Workflow(
    code=ROUND_WAY,
    name=_("Round of a rating"),
    states=(
        State(COMPUTED, _("reckoned")),
        State(OBJECTIONS, _("open to objections")),
        State(SETTLED, _("objections decided")),
        State(APPROVED, _("approved")),
        State(PUBLISHED, _("published"), is_final=True),
    ),
    transitions=(
        Transition("hear", _("Open to objections"), (COMPUTED,), OBJECTIONS, RUN),
        Transition("settle", _("End the objections"), (OBJECTIONS,), SETTLED, RUN),
        Transition("approve", _("Approve the rating"), (SETTLED,), APPROVED, APPROVE),
        Transition("return", _("Send back"), (SETTLED, APPROVED), COMPUTED, APPROVE, needs_reason=True),
        Transition("publish", _("Publish the rating"), (APPROVED,), PUBLISHED, PUBLISH),
        Transition(
            "reopen",
            _("Open again to correct"),
            (PUBLISHED,),
            COMPUTED,
            APPROVE,
            needs_reason=True,
            reopens=True,
        ),
    ),
    escalations=(Escalation(1, RUN),),
)
OBJECTION = Workflow(
    code=OBJECTION_WAY,
    name=_("Objection to a score"),
    states=(
        State(RAISED, _("raised")),
        State(UPHELD, _("upheld"), is_final=True),
        State(DECLINED, _("declined"), is_final=True),
        State(WITHDRAWN, _("withdrawn"), is_final=True),
    ),
    transitions=(
        Transition("uphold", _("Uphold"), (RAISED,), UPHELD, RUN, needs_reason=True),
        Transition("decline", _("Decline"), (RAISED,), DECLINED, RUN, needs_reason=True),
        Transition("withdraw", _("Withdraw the objection"), (RAISED,), WITHDRAWN, OBJECT),
    ),
    escalations=(Escalation(1, RUN),),
)
NOTICE = Kind(KIND, _("A rating of your unit moves on"), ("email", "push", "telegram"))
