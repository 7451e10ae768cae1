"""Who takes a case in hand: taking it, giving it to a person who may do its next step, letting it go."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor, can, check, people
from shaar.cases import queries, services
from shaar.cases.desk.bulk import Outcome, each
from shaar.cases.models import Case
from shaar.cases.permissions import ASSIGN
from shaar.cases.workflows import workflow
from shaar.kernel.errors import Refusal


@transaction.atomic
def take(case_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a case in hand oneself; taking what one has already changes nothing.

    Refusals: `unknown_case`, `case_closed`, `forbidden` to who may no step of it now, `taken` when it is
    another's and the person may not assign work.
    """
    case = services.locked(case_id)
    _check_open(case)
    if not may_step(actor, case):
        raise Refusal("forbidden", _("You have no step to make in this case now."))
    if case.assignee_id == actor.id:
        return
    if case.assignee_id is not None and not _may_assign(actor, case):
        raise Refusal("taken", _("Somebody else has taken this case."))
    _put(case, actor.id, actor=actor, at=at)


@transaction.atomic
def give(case_id: int, user_id: int, *, actor: Actor, at: datetime) -> None:
    """Give a case to a person who may make its next step; who has it may hand it over.

    Refusals: `unknown_case`, `case_closed`, `forbidden`, `not_theirs` for a person who may no step of it now.
    """
    case = services.locked(case_id)
    _check_open(case)
    _check_governs(actor, case)
    person = people([user_id]).get(user_id)
    if person is None or not may_step(Actor(person.id, person.name, "user"), case):
        raise Refusal("not_theirs", _("This person has no step to make in the case now."))
    if case.assignee_id != user_id:
        _put(case, user_id, actor=actor, at=at)


@transaction.atomic
def release(case_id: int, *, actor: Actor, at: datetime) -> None:
    """Let a case go: it waits again for everyone who may do its next step.

    Refusals: `forbidden`, `case_closed`.
    """
    case = services.locked(case_id)
    _check_open(case)
    _check_governs(actor, case)
    if case.assignee_id is not None:
        _put(case, None, actor=actor, at=at)


def take_many(case_ids: Iterable[int], *, actor: Actor, at: datetime) -> Outcome:
    """Take each of many cases."""
    return each(queries.get_many(case_ids), lambda case: take(case.id, actor=actor, at=at))


def give_many(case_ids: Iterable[int], user_id: int, *, actor: Actor, at: datetime) -> Outcome:
    """Give each of many cases to a person."""
    return each(queries.get_many(case_ids), lambda case: give(case.id, user_id, actor=actor, at=at))


def release_many(case_ids: Iterable[int], *, actor: Actor, at: datetime) -> Outcome:
    """Let each of many cases go."""
    return each(queries.get_many(case_ids), lambda case: release(case.id, actor=actor, at=at))


def may_step(actor: Actor, case: Case) -> bool:
    """Tell whether a person may a step of the case in its present state."""
    verbs = {one.verb for one in workflow(case.workflow).leaving(case.state)}
    return any(can(actor, verb, unit=case.unit.code, territory=services.territory_of(case)) for verb in verbs)


def _check_open(case: Case) -> None:
    if case.closed_at is not None:
        raise Refusal("case_closed", _("The case is closed."))


def _check_governs(actor: Actor, case: Case) -> None:
    if actor.id is None or case.assignee_id != actor.id:
        check(actor, ASSIGN, unit=case.unit.code, territory=services.territory_of(case))


def _may_assign(actor: Actor, case: Case) -> bool:
    return can(actor, ASSIGN, unit=case.unit.code, territory=services.territory_of(case))


def _put(case: Case, user_id: int | None, *, actor: Actor, at: datetime) -> None:
    services.put_in_hand(case, user_id, actor=actor, at=at)
