"""The inbox of a person as a page shows it: a page of rows, and what there is to filter by."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet

from shaar.access.api import Actor, Scope, people, scope, standing_in
from shaar.cases import queries
from shaar.cases.desk.bulk import BulkStep, steps_of
from shaar.cases.desk.filters import Filter
from shaar.cases.models import Case
from shaar.cases.outcomes import CaseView
from shaar.cases.permissions import ASSIGN
from shaar.cases.workflows import Name, workflow
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.texts import Text

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the inbox; `behalf` is the name of the absent person for whom it waits, if any."""

    case: CaseView
    unit: Text
    work: Name
    assignee: str
    is_mine: bool
    is_overdue: bool
    is_today: bool
    behalf: str
    steps: tuple[BulkStep, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a filter can have, with how many cases have it."""

    value: str
    name: Name | Text
    count: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person's inbox can be filtered by, and how much of it is late, for today or taken by them."""

    work: tuple[Choice, ...]
    state: tuple[Choice, ...]
    unit: tuple[Choice, ...]
    total: int
    overdue: int
    today: int
    mine: int


class Inbox:
    """What waits for the steps of a person at a moment; scopes are asked once."""

    def __init__(self, actor: Actor, *, at: datetime) -> None:
        self.actor, self.at = actor, at
        self._scopes: dict[str, Scope] = {}
        self._names = {
            unit.code: unit.short if unit.short.ru else unit.name
            for unit in city.units(on=clock.city_date(at))
        }
        self._absent = {number: name for number, name, _until in standing_in(actor)}

    def page(self, asked: Filter, number: str | None, *, size: int = PAGE) -> tuple[Page[Case], list[Row]]:
        """Return a page of cases and what it shows of each, in the order asked for."""
        found = ordered(self._found(asked), asked.sort)
        page: Page[Case] = Paginator(found, size).get_page(number)
        views = [queries.case_view(case) for case in page.object_list]
        taken_by = people([view.assignee for view in views if view.assignee])
        names = {number: person.name for number, person in taken_by.items()}
        return page, [self._row(view, names) for view in views]

    def choices(self) -> Choices:
        """Return what the inbox can be filtered by, counted in one query, without any filter."""
        _start, end, _week = _days(self.at)
        late = Q(due_at__lt=self.at, paused_at__isnull=True)
        counted = self._all().values("workflow", "state", "unit__code")
        rows = counted.annotate(
            number=Count("pk"),
            late=Count("pk", filter=late),
            today=Count("pk", filter=Q(due_at__gte=self.at, due_at__lt=end)),
            mine=Count("pk", filter=Q(assignee_id=self.actor.id)),
        ).order_by()
        return self._counted([dict(row) for row in rows])

    def count(self, asked: Filter) -> int:
        """Return how many cases a question finds."""
        return self._found(asked).count()

    def _all(self) -> QuerySet[Case]:
        return queries.waiting_for(self.actor, self._scopes)

    def _found(self, asked: Filter) -> QuerySet[Case]:
        rows = self._all().filter(_told(asked), _due(asked.due, self.at), _whose(asked.whose, self.actor))
        if asked.source:
            own = queries.waiting_for(self.actor, self._scopes, own_only=True).values("pk")
            rows = rows.filter(pk__in=own) if asked.source == "own" else rows.exclude(pk__in=own)
        return rows

    def _row(self, view: CaseView, names: Mapping[int, str]) -> Row:
        def may(verb: str) -> bool:
            return queries.scope_of(self._scopes, self.actor, verb).covers(
                unit=view.unit, territory=view.territory
            )

        today = _days(self.at)
        return Row(
            case=view,
            unit=self._names.get(view.unit, Text(view.unit)),
            work=workflow(view.workflow).name,
            assignee=names.get(view.assignee or 0, ""),
            is_mine=view.assignee is not None and view.assignee == self.actor.id,
            is_overdue=view.is_overdue(self.at),
            is_today=view.due_at is not None and self.at <= view.due_at < today[1],
            behalf=self._behalf(view),
            steps=tuple(steps_of(view, may)),
        )

    def _behalf(self, view: CaseView) -> str:
        """Return for whom the case waits, when none of the person's own roles lets them do its steps."""
        if not self._absent:
            return ""
        found: list[int] = []
        for verb in {one.verb for one in workflow(view.workflow).leaving(view.state)}:
            allowed = queries.scope_of(self._scopes, self.actor, verb)
            if allowed.covers(unit=view.unit, territory=view.territory):
                behalf = allowed.behalf(unit=view.unit, territory=view.territory)
                if behalf is None:
                    return ""
                found.append(behalf)
        return self._absent.get(min(found), "") if found else ""

    def _counted(self, rows: Iterable[Mapping[str, object]]) -> Choices:
        work, states, units = Counter[str](), Counter[str](), Counter[str]()
        totals = Counter[str]()
        for row in rows:
            number = int(str(row["number"]))
            work[str(row["workflow"])] += number
            states[f"{row['workflow']}:{row['state']}"] += number
            units[str(row["unit__code"])] += number
            totals.update({name: int(str(row[name])) for name in ("number", "late", "today", "mine")})
        return Choices(
            work=tuple(Choice(code, workflow(code).name, count) for code, count in sorted(work.items())),
            state=tuple(_state(code, count) for code, count in sorted(states.items())),
            unit=tuple(self._units(units.items())),
            total=totals["number"],
            overdue=totals["late"],
            today=totals["today"],
            mine=totals["mine"],
        )

    def _units(self, counted: Iterable[tuple[str, int]]) -> list[Choice]:
        found = [Choice(code, self._names.get(code, Text(code)), count) for code, count in counted]
        return sorted(found, key=lambda one: city.sort_key(str(one.name)))


def ordered(rows: QuerySet[Case], sort: str) -> QuerySet[Case]:
    """Put cases in an order: the nearest deadline first, the newest, by unit, by title."""
    due = F("due_at").asc(nulls_last=True)
    match sort:
        case "new":
            return rows.order_by("-opened_at", "-pk")
        case "unit":
            return rows.order_by("unit__code", due, "pk")
        case "title":
            return rows.order_by("title_ru", due, "pk")
        case _:
            return rows.order_by(due, "pk")


def may_assign(actor: Actor) -> bool:
    """Tell whether a person may give work to others somewhere."""
    return not scope(actor, ASSIGN).is_empty


def _state(code: str, count: int) -> Choice:
    name, _colon, state = code.partition(":")
    return Choice(code, workflow(name).state(state).name, count)


def _told(asked: Filter) -> Q:
    """Return what the words, the kind of work, the state and the unit ask for."""
    wanted = Q()
    for word in asked.q.split()[:8]:
        wanted &= (
            Q(title_ru__icontains=word)
            | Q(title_ky__icontains=word)
            | Q(title_en__icontains=word)
            | Q(subject_id__icontains=word)
        )
    if asked.work:
        wanted &= Q(workflow=asked.work)
    if asked.state:
        name, _colon, state = asked.state.partition(":")
        wanted &= Q(workflow=name, state=state)
    if asked.unit:
        wanted &= Q(unit__code=asked.unit)
    return wanted


def _due(asked: str, at: datetime) -> Q:
    _start, end, week = _days(at)
    match asked:
        case "overdue":
            return Q(due_at__lt=at, paused_at__isnull=True)
        case "today":
            return Q(due_at__gte=at, due_at__lt=end)
        case "week":
            return Q(due_at__lt=week)
        case _:
            return Q()


def _whose(asked: str, actor: Actor) -> Q:
    match asked:
        case "me":
            return Q(assignee_id=actor.id)
        case "nobody":
            return Q(assignee__isnull=True)
        case "taken":
            return Q(assignee__isnull=False) & ~Q(assignee_id=actor.id)
        case _:
            return Q()


def _days(at: datetime) -> tuple[datetime, datetime, datetime]:
    """Return when the city's day began, when it ends, and when its week ends."""
    local = at.astimezone(clock.city_time_zone())
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start + timedelta(days=1), start + timedelta(days=7 - start.weekday())
