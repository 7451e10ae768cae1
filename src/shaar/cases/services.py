"""Opening cases and carrying them on: one lock, one look at the table, one line of the timeline."""

from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Context, Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor, check, people
from shaar.cases import files
from shaar.cases.models import Case, Event
from shaar.cases.notices import events
from shaar.cases.outcomes import CaseView
from shaar.cases.permissions import ASSIGN
from shaar.cases.queries import case_view, takes_part
from shaar.cases.workflows import Transition, workflow
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.ledger.api import Subject

SUBJECT_ONCE = "cases_case_subject_once"
MICROSECONDS = Decimal(3_600_000_000)  # of an hour
UPWARDS = Context(prec=28, rounding=ROUND_CEILING)


@transaction.atomic
def open_case(
    workflow_code: str,
    *,
    subject: Subject,
    unit: str,
    title: Text,
    actor: Actor,
    at: datetime,
    territory: str | None = None,
    due_at: datetime | None = None,
) -> int:
    """Open a case in its workflow's first state and return its number.

    Refusals: `unknown_workflow`, `unknown_unit`, `already_open` (a subject has one case of a workflow).
    """
    declared = workflow(workflow_code)
    case = Case(
        workflow=declared.code,
        state=declared.initial,
        title_ru=title.ru,
        title_ky=title.ky,
        title_en=title.en,
        subject_module=subject.module,
        subject_kind=subject.kind,
        subject_id=subject.id,
        url=subject.url,
        unit_id=city.unit_ids([unit])[unit],
        territory_id=city.territory_ids([territory])[territory] if territory else None,
        opened_at=at,
        due_at=due_at,
    )
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        if SUBJECT_ONCE not in str(error):
            raise
        raise Refusal("already_open", _("There is a case about this already.")) from error
    _tell(case, "opened", actor=actor, at=at, target=declared.initial)
    return case.pk


@transaction.atomic
def perform(
    case_id: int,
    transition: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    comment: str = "",
    due_at: datetime | None = None,
) -> CaseView:
    """Make a transition: the case's row is locked, so of two people who press at once one is refused.

    A comment becomes a line of its own. A final state closes the case; a step that reopens it takes away
    its deadline, which has passed with the work it was for, or puts `due_at` in its place; other steps
    leave deadlines alone.

    Refusals: `unknown_case`, `not_allowed_here` (the state has no such step), `forbidden`, `reason_required`.
    """
    case = locked(case_id)
    step = _step(case, transition, actor, reason)
    source, case.state = case.state, step.target
    is_final = workflow(case.workflow).state(step.target).is_final
    case.closed_at, case.paused_at = (at, None) if is_final else (None, case.paused_at)
    if step.reopens:
        _new_deadline(case, due_at)
    case.save()
    words = reason.strip()
    line = _tell(
        case, "moved", actor=actor, at=at, transition=transition, source=source, target=case.state, text=words
    )
    if step.needs_reason:
        events.returned(case, line, actor=actor)
    if comment.strip():
        _comment(case, comment.strip(), actor=actor, at=at)
    return case_view(case)


@transaction.atomic
def comment(case_id: int, *, actor: Actor, at: datetime, text: str) -> None:
    """Add a comment to the timeline; Refusal `comment_empty`, `forbidden` to who has no part in the case."""
    if not text.strip():
        raise Refusal("comment_empty", _("Write the comment."))
    _comment(_shared(case_id, actor), text.strip(), actor=actor, at=at)


@transaction.atomic
def attach(case_id: int, file_id: int, *, actor: Actor | None = None, at: datetime | None = None) -> None:
    """Make a file one of a case's, with a line of the timeline; by default as its giver, when it was given.

    Refusals: `unknown_case`, `unknown_file` for one that is another case's, `forbidden` to who has no part
    in the case.
    """
    giver, given_at = files.giver(file_id)
    case = _shared(case_id, actor or giver)
    if (upload := files.claim(case_id, file_id)) is not None:
        _tell(case, "attached", actor=actor or giver, at=at or given_at, text=upload.name)


@transaction.atomic
def assign(case_id: int, user_id: int | None, *, actor: Actor, at: datetime) -> None:
    """Give a case to a person, or to nobody in particular; Refusal `forbidden`, `case_closed`."""
    put_in_hand(_running(case_id, actor), user_id, actor=actor, at=at)


def put_in_hand(case: Case, user_id: int | None, *, actor: Actor, at: datetime) -> None:
    """Write whose a locked case is, with a line of the timeline that names the person."""
    case.assignee_id = user_id
    case.save()
    name = people([user_id])[user_id].name if user_id else ""
    line = _tell(case, "assigned" if user_id else "released", actor=actor, at=at, text=name)
    events.assigned(case, line, actor=actor)


@transaction.atomic
def readdress(case_id: int, url: str) -> None:
    """Write where a case's next step is made, for a record that has its number only after its case."""
    case = locked(case_id)
    case.url = url
    case.save()


@transaction.atomic
def pause(case_id: int, *, actor: Actor, at: datetime, reason: str) -> None:
    """Stop a case's clock while something is waited for; Refusal `reason_required`, `not_allowed_here`."""
    case = _governed(case_id, actor)
    if not reason.strip():
        raise Refusal("reason_required", _("Say why: the other side must know what to mend."))
    if case.paused_at is not None or case.closed_at is not None:
        raise Refusal("not_allowed_here", _("The case does not run."))
    case.paused_at = at
    case.save()
    _tell(case, "paused", actor=actor, at=at, text=reason.strip())


@transaction.atomic
def resume(case_id: int, *, actor: Actor, at: datetime) -> None:
    """Let the clock run again: the deadline moves on by the working time of the pause."""
    case = _governed(case_id, actor)
    if case.paused_at is None:
        raise Refusal("not_allowed_here", _("The case is not paused."))
    if case.due_at is not None and case.due_at > case.paused_at:
        left = city.working_time_between(case.paused_at, case.due_at)
        case.due_at = city.working_deadline(at, hours=_hours(left))
    case.paused_at = None
    case.save()
    _tell(case, "resumed", actor=actor, at=at)


@transaction.atomic
def set_deadline(case_id: int, due_at: datetime | None, *, actor: Actor, at: datetime, reason: str) -> None:
    """Move a case's deadline, saying why; escalation begins anew. Refusal `forbidden`, `case_closed`."""
    case = _running(case_id, actor)
    if not reason.strip():
        raise Refusal("reason_required", _("Say why: the other side must know what to mend."))
    _new_deadline(case, due_at)
    case.save()
    _tell(case, "deadline", actor=actor, at=at, text=reason.strip())


@transaction.atomic
def escalate(case_id: int, *, at: datetime, actor: Actor) -> int:
    """Tell the people of each level whose working days past the deadline are over, each level once.

    Returns how many people were told. Safe to repeat and to be killed: level and notices are one change.
    """
    case = locked(case_id)
    if case.due_at is None or case.closed_at is not None or case.paused_at is not None:
        return 0
    told = 0
    levels = workflow(case.workflow).escalations
    for number, level in enumerate(levels[case.escalated :], start=case.escalated + 1):
        if city.add_working_days(clock.city_date(case.due_at), level.days) >= clock.city_date(at):
            break
        made = events.overdue(case, level.verb, number, at=at)
        case.escalated = number
        case.save()
        _tell(case, "escalated", actor=actor, at=at, text=str(number))
        told += made
    return told


def _step(case: Case, transition: str, actor: Actor, reason: str) -> Transition:
    step = workflow(case.workflow).transition(transition)
    if step is None or case.state not in step.sources:
        raise Refusal(
            "not_allowed_here", _("This step is not possible in the present state: somebody was first.")
        )
    check(actor, step.verb, unit=case.unit.code, territory=territory_of(case))
    if step.needs_reason and not reason.strip():
        raise Refusal("reason_required", _("Say why: the other side must know what to mend."))
    return step


def locked(case_id: int) -> Case:
    """Return a case whose row is locked; Refusal `unknown_case`."""
    found = Case.objects.select_for_update(of=("self",)).select_related("unit", "territory")
    if (case := found.filter(pk=case_id).first()) is None:
        raise Refusal("unknown_case", _("There is no such case."))
    return case


def _governed(case_id: int, actor: Actor) -> Case:
    case = locked(case_id)
    check(actor, ASSIGN, unit=case.unit.code, territory=territory_of(case))
    return case


def _running(case_id: int, actor: Actor) -> Case:
    case = _governed(case_id, actor)
    if case.closed_at is not None:
        raise Refusal("case_closed", _("The case is closed."))
    return case


def _shared(case_id: int, actor: Actor) -> Case:
    case = locked(case_id)
    if not takes_part(actor, case_view(case)):
        raise Refusal("forbidden", _("Your roles do not allow this."))
    return case


def territory_of(case: Case) -> str | None:
    """Return the code of a case's territory, if it has one."""
    return case.territory.code if case.territory else None


def _comment(case: Case, text: str, *, actor: Actor, at: datetime) -> None:
    line = _tell(case, "commented", actor=actor, at=at, text=text)
    events.mentioned(case, line, actor=actor)


def _new_deadline(case: Case, due_at: datetime | None) -> None:
    case.due_at, case.escalated, case.round = due_at, 0, case.round + 1


def _hours(time: timedelta) -> Decimal:
    """Return a time in hours, of which the whole seconds can be had back: the quotient is rounded up."""
    return UPWARDS.divide(Decimal(time // timedelta(microseconds=1)), MICROSECONDS)


def _tell(
    case: Case,
    kind: str,
    *,
    actor: Actor,
    at: datetime,
    transition: str = "",
    source: str = "",
    target: str = "",
    text: str = "",
) -> Event:
    return Event.objects.create(
        case=case,
        happened_at=at,
        actor_id=actor.id,
        actor_name=actor.name,
        kind=kind,
        transition=transition,
        source=source,
        target=target,
        text=text,
    )
