"""Opening cases and carrying them on: one lock, one look at the table, one line of the timeline."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor, check, users_with
from shaar.cases.models import Case, Event, Notice
from shaar.cases.outcomes import CaseView
from shaar.cases.queries import case_view
from shaar.cases.workflows import workflow
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.ledger.api import Subject


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
    """Open a case in its workflow's first state and return its number; `subject` has at most one."""
    declared = workflow(workflow_code)
    case = Case.objects.create(
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
    _tell(case, "opened", actor=actor, at=at, target=declared.initial)
    return case.pk


@transaction.atomic
def perform(case_id: int, transition: str, *, actor: Actor, at: datetime, reason: str = "") -> CaseView:
    """Make a transition: the case's row is locked, so of two people who press at once one is refused.

    Refusals: `unknown_case`, `not_allowed_here` (the state has no such step), `forbidden`, `reason_required`.
    """
    case = _locked(case_id)
    step = workflow(case.workflow).transition(transition)
    if step is None or case.state not in step.sources:
        raise Refusal(
            "not_allowed_here", _("This step is not possible in the present state: somebody was first.")
        )
    check(actor, step.verb, unit=case.unit.code, territory=case.territory.code if case.territory else None)
    if step.needs_reason and not reason.strip():
        raise Refusal("reason_required", _("Say why: the other side must know what to mend."))
    source, case.state = case.state, step.target
    is_final = workflow(case.workflow).state(step.target).is_final
    case.closed_at, case.paused_at = (at, None) if is_final else (None, case.paused_at)
    case.save()
    _tell(
        case,
        "moved",
        actor=actor,
        at=at,
        transition=transition,
        source=source,
        target=case.state,
        text=reason.strip(),
    )
    return case_view(case)


@transaction.atomic
def comment(case_id: int, *, actor: Actor, at: datetime, text: str) -> None:
    """Add a comment to the timeline; raise Refusal `comment_empty`."""
    if not text.strip():
        raise Refusal("comment_empty", _("Write the comment."))
    _tell(_locked(case_id), "commented", actor=actor, at=at, text=text.strip())


@transaction.atomic
def assign(case_id: int, user_id: int | None, *, actor: Actor, at: datetime) -> None:
    """Give a case to a person, or to nobody in particular; raise Refusal `forbidden`."""
    case = _governed(case_id, actor)
    case.assignee_id = user_id
    case.save()
    _tell(case, "assigned", actor=actor, at=at, text=str(user_id or ""))


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
        case.due_at = city.working_deadline(at, hours=int(left.total_seconds()) // 3600)
    case.paused_at = None
    case.save()
    _tell(case, "resumed", actor=actor, at=at)


@transaction.atomic
def set_deadline(case_id: int, due_at: datetime | None, *, actor: Actor, at: datetime, reason: str) -> None:
    """Move a case's deadline, saying why; escalation begins anew."""
    case = _governed(case_id, actor)
    if not reason.strip():
        raise Refusal("reason_required", _("Say why: the other side must know what to mend."))
    case.due_at, case.escalated = due_at, 0
    case.save()
    _tell(case, "deadline", actor=actor, at=at, text=reason.strip())


@transaction.atomic
def escalate(case_id: int, *, at: datetime, actor: Actor) -> int:
    """Tell the people of each level whose working days past the deadline are over, each level once.

    Returns how many people were told. Safe to repeat and to be killed: level and notices are one change.
    """
    case = _locked(case_id)
    if case.due_at is None or case.closed_at is not None or case.paused_at is not None:
        return 0
    told = 0
    levels = workflow(case.workflow).escalations
    for number, level in enumerate(levels[case.escalated :], start=case.escalated + 1):
        if city.add_working_days(clock.city_date(case.due_at), level.days) >= clock.city_date(at):
            break
        people = users_with(level.verb, unit=case.unit.code)
        Notice.objects.bulk_create(
            [Notice(user_id=one.id, case=case, level=number, told_at=at) for one in people if one.id],
            ignore_conflicts=True,
        )
        case.escalated = number
        case.save()
        _tell(case, "escalated", actor=actor, at=at, text=str(number))
        told += len(people)
    return told


def _locked(case_id: int) -> Case:
    found = Case.objects.select_for_update(of=("self",)).select_related("unit", "territory")
    if (case := found.filter(pk=case_id).first()) is None:
        raise Refusal("unknown_case", _("There is no such case."))
    return case


def _governed(case_id: int, actor: Actor) -> Case:
    case = _locked(case_id)
    check(actor, "cases.assign", unit=case.unit.code)
    return case


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
) -> None:
    Event.objects.create(
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
