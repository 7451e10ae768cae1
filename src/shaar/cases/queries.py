"""Reading cases, timelines and the one inbox of a person."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from shaar.access.api import Actor, Scope, can, scope
from shaar.cases.models import Case, Event, Notice
from shaar.cases.notices.kinds import OVERDUE
from shaar.cases.outcomes import CaseView, EventView, Step, event_name
from shaar.cases.workflows import Workflow, workflow, workflows
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text


def get(case_id: int) -> CaseView:
    """Return a case; raise Refusal `unknown_case`."""
    if (case := _cases().filter(pk=case_id).first()) is None:
        raise Refusal("unknown_case", _("There is no such case."))
    return case_view(case)


def get_many(case_ids: Iterable[int]) -> dict[int, CaseView]:
    """Return cases by number in one query; numbers that are none are left out."""
    return {case.pk: case_view(case) for case in _cases().filter(pk__in=list(case_ids))}


def timeline(case_id: int) -> list[EventView]:
    """Return the lines of a case's timeline, oldest first."""
    rows = Event.objects.filter(case_id=case_id).select_related("case").order_by("id")
    return [
        EventView(
            row.happened_at,
            row.actor_name,
            row.kind,
            row.transition,
            event_name(workflow(row.case.workflow), row.transition, row.kind),
            row.source,
            row.target,
            row.text,
        )
        for row in rows
    ]


def available(case_id: int, *, actor: Actor) -> list[Step]:
    """Return the steps that a person may make in a case now, in the order declared."""
    case = get(case_id)
    return [
        Step(one.code, one.name, one.target, one.needs_reason)
        for one in workflow(case.workflow).leaving(case.state)
        if can(actor, one.verb, unit=case.unit, territory=case.territory)
    ]


def inbox(
    actor: Actor, *, module: str | None = None, offset: int = 0, limit: int | None = None
) -> list[CaseView]:
    """Return every running case in which the person may make a step, the nearest deadline first.

    Scope is exact: a case of a unit or territory outside it is never listed;
    `offset` and `limit` give a page of the list.
    """
    rows = waiting_for(actor, {})
    if module is not None:
        rows = rows.filter(subject_module=module)
    ordered = rows.order_by(F("due_at").asc(nulls_last=True), "pk")
    return [case_view(row) for row in ordered[offset : None if limit is None else offset + limit]]


def waiting_for(actor: Actor, scopes: dict[str, Scope], *, own_only: bool = False) -> "QuerySet[Case]":
    """Return the running cases in which the person may make a step; `scopes` keeps what was asked.

    `own_only` leaves out what they may only as a deputy.
    """
    wanted = Q(pk__in=[])
    for declared in workflows():
        for state in declared.states:
            for verb in {one.verb for one in declared.leaving(state.code)}:
                allowed = scope_of(scopes, actor, verb)
                if own_only:
                    allowed = Scope(tuple(part for part in allowed.parts if part.behalf is None))
                wanted |= Q(workflow=declared.code, state=state.code) & _within(allowed)
    return _cases().filter(wanted, closed_at__isnull=True)


def overdue(actor: Actor, verb: str, *, at: datetime) -> list[CaseView]:
    """Return the running cases past their deadline in the units where the person has a verb."""
    rows = _cases().filter(closed_at__isnull=True, paused_at__isnull=True, due_at__lt=at)
    return [case_view(row) for row in rows.filter(_within(scope(actor, verb))).order_by("due_at", "pk")]


def takes_part(actor: Actor, case: CaseView) -> bool:
    """Tell whether a person may any step of the case's workflow in its unit and territory."""
    verbs = {one.verb for one in workflow(case.workflow).transitions}
    return any(can(actor, verb, unit=case.unit, territory=case.territory) for verb in verbs)


def notices(actor: Actor) -> list[CaseView]:
    """Return the cases of which a person was told and which still run."""
    if actor.id is None:
        return []
    rows = Notice.objects.filter(user_id=actor.id, kind=OVERDUE, case__closed_at__isnull=True).values_list(
        "case_id", flat=True
    )
    return list(get_many(set(rows)).values())


def case_view(case: Case) -> CaseView:
    """Return a row as the door gives it."""
    return CaseView(
        id=case.pk,
        workflow=case.workflow,
        state=case.state,
        state_name=_workflow_of(case).state(case.state).name,
        title=Text(case.title_ru, case.title_ky, case.title_en),
        module=case.subject_module,
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        url=case.url,
        unit=case.unit.code,
        territory=case.territory.code if case.territory else None,
        assignee=case.assignee_id,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        due_at=case.due_at,
        is_paused=case.paused_at is not None,
    )


def _workflow_of(case: Case) -> Workflow:
    return workflow(case.workflow)


def _cases() -> "QuerySet[Case]":
    return Case.objects.select_related("unit", "territory")


def scope_of(known: dict[str, Scope], actor: Actor, verb: str) -> Scope:
    """Return where the actor may the verb, asked once for all that share `known`."""
    if verb not in known:
        known[verb] = scope(actor, verb)
    return known[verb]


def _within(allowed: Scope) -> Q:
    """Return the cases that a scope covers, part by part."""
    found = Q(pk__in=[])
    for part in allowed.parts:
        reached = Q(pk__isnull=False)
        if part.units is not None:
            reached &= Q(unit__code__in=part.units)
        if part.territories is not None:
            reached &= Q(territory__isnull=True) | Q(territory__code__in=part.territories)
        found |= reached
    return found
