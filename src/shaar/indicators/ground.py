"""The ground in a running installation: rollups of the ledger's facts, units and territories of the city."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any, TypeAlias, cast

from django.db import connection

from shaar.city import api as city
from shaar.indicators import arithmetic
from shaar.indicators.cells import Cell, Places, Selection, Sums
from shaar.indicators.outcomes import EvidenceView, TracedFact
from shaar.indicators.passports import Calendar
from shaar.indicators.rollups import queries as rollups
from shaar.kernel import clock
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import Text
from shaar.ledger import api as ledger

PAGE = 10_000
EVENT = PeriodKind.DAY.rank
Columns: TypeAlias = list[Sequence[Any]]
Taken: TypeAlias = dict[int, tuple[ledger.SeriesView, list[int]]]


class CityPlaces:
    """Subtrees of units and territories as the city was on one date, each register read once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._known: dict[tuple[str, str], frozenset[str]] = {}

    @cached_property
    def _units(self) -> dict[str, str | None]:
        return {one.code: one.parent for one in city.units(on=self._on)}

    @cached_property
    def _territories(self) -> dict[str, str | None]:
        return {one.code: one.parent for one in city.territories(on=self._on)}

    def unit_subtree(self, code: str) -> frozenset[str]:
        """Return the unit and everything under it; raise Refusal `unknown_unit`."""
        if ("unit", code) not in self._known:
            if code not in self._units:
                city.unit(code, on=self._on)
            self._known["unit", code] = under(code, self._units)
        return self._known["unit", code]

    def territory_subtree(self, code: str) -> frozenset[str]:
        """Return the territory and everything in it; raise Refusal `unknown_territory`."""
        if ("territory", code) not in self._known:
            if code not in self._territories:
                city.territory(code, on=self._on)
            self._known["territory", code] = under(code, self._territories)
        return self._known["territory", code]


def under(code: str, parents: Mapping[str, str | None]) -> frozenset[str]:
    """Return a code and all that lie under it."""
    children: dict[str, list[str]] = {}
    for child, parent in parents.items():
        children.setdefault(parent or "", []).append(child)
    found, waiting = {code}, [code]
    while waiting:
        new = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(new)
        waiting.extend(new)
    return frozenset(found)


class CityGround:
    """All that indicators ask of the ledger and the city."""

    def __init__(self) -> None:
        self._kept: tuple[Sequence[Selection], tuple[int, ...], Taken] = ((), (), {})

    def cells(self, selections: Sequence[Selection], *, first: date | None, last: date) -> list[Cell]:
        """Return the cells of the selections, from the rollups; inexact ones are read from their facts."""
        chosen = series_of(selections)
        held = rollups.cells(list(chosen), first=first, last=last) if chosen else []
        standing = [cell for cell in held if cell.facts > 0]
        rough = sorted({cell.series for cell in standing if cell.inexact or cell.disputed})
        found = _plain_cells(chosen, [cell for cell in standing if cell.series not in rough])
        if rough:
            query = ledger.FactQuery(series=tuple(rough), first=first, last=last)
            found += _cells_of_facts(_pages(query))
        return found

    def sums(
        self,
        selections: Sequence[Selection],
        *,
        kind: PeriodKind | None,
        is_by_unit: bool,
        first: date,
        last: date,
    ) -> Sums:
        """Return the sums of the selections in bulk."""
        taken = self._matched(selections)
        by: list[rollups.Key] = ["series", "covers"]
        by += [cast(rollups.Key, str(kind))] if kind else []
        by += ["unit"] if is_by_unit else []
        if not taken:
            return Sums([], [], [], [], [], [])
        columns = rollups.total_columns(list(taken), by=by, first=first, last=last)
        rough = _rough(columns, taken)
        takers, series, _covers, *keys, totals, facts, _inexact = _by_taker(columns, taken, rough)
        measures = {number: one.measure for number, (one, _taking) in taken.items()}
        units = city.unit_codes(set(keys[-1])) if is_by_unit else {}
        nothing = [None] * len(facts)
        return Sums(
            takers,
            keys[0] if kind else nothing,
            [units[number] for number in keys[-1]] if is_by_unit else nothing,
            [measures[number] for number in series],
            totals,
            facts,
            rough,
            is_split=len(set(zip(takers, series, strict=True))) > len(set(takers)),
        )

    def _matched(self, selections: Sequence[Selection]) -> Taken:
        """Return `_takers`; it is kept for the very same selections until there is another series."""
        stamp = ledger.series_stamp()
        before, at, taken = self._kept
        if before is not selections or at != stamp:
            taken = _takers(selections)
            self._kept = (selections, stamp, taken)
        return taken

    def facts(self, selection: Selection, *, first: date | None, last: date) -> list[TracedFact]:
        """Return the facts of a selection, those taken back and their reversals included."""
        query = ledger.FactQuery(
            types=(selection.type,),
            where=dict(selection.dimensions),
            first=first,
            last=last,
            include_reversed=True,
        )
        return [_traced(view) for view in _pages(query) if selection.takes(_cell(view))]

    def places(self, on: date) -> Places:
        """Return which unit and territory lies under which on a date."""
        return CityPlaces(on)

    def units(self, codes: Sequence[str], *, on: date) -> dict[str, Text]:
        """Return the short names of units on a date; a unit unknown then keeps its code."""
        known = {one.code: one.short if one.short.ru else one.name for one in city.units(on=on)}
        return {code: known.get(code, Text(code)) for code in codes}

    def territories(self, codes: Sequence[str], *, on: date) -> dict[str, Text]:
        """Return the names of territories on a date; a territory unknown then keeps its code."""
        known = {one.code: one.name for one in city.territories(on=on)}
        return {code: known.get(code, Text(code)) for code in codes}

    def territory_kinds(self, codes: Sequence[str], *, on: date) -> dict[str, str]:
        """Return the kinds of territories on a date; a territory unknown then has none."""
        known = {one.code: one.kind for one in city.territories(on=on)}
        return {code: known.get(code, "") for code in codes}

    def territories_under(self, code: str | None, *, on: date) -> list[str]:
        """Return the territories directly under one, or under the city as a whole, by name."""
        everything = city.territories(on=on)
        above = {code} if code else {one.code for one in everything if one.parent is None}
        return [one.code for one in everything if one.parent in above]

    def middles(self, codes: Sequence[str], *, on: date) -> dict[str, tuple[float, float]]:
        """Return longitude and latitude of the middle of territories that have an outline."""
        found: dict[str, tuple[float, float]] = {}
        for code in codes:
            outline = city.territory(code, on=on, with_geometry=True).geometry
            if outline and (points := list(_points(outline["coordinates"]))):
                lon, lat = zip(*points, strict=True)
                found[code] = (min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2
        return found

    def newest(self, selections: Sequence[Selection]) -> date | None:
        """Return a day of the newest year for which the selections have facts, None when there is none."""
        taken = self._matched(selections)
        years = rollups.totals(list(taken), by=("year",), last=clock.today()) if taken else []
        found = [year for year, _total, facts, _rough in years if facts > 0]
        return max(found) if found else None

    def state(self) -> str | None:
        """Return the city's revision, the batches in the ledger and those in the rollups."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), coalesce(max(batch), 0) FROM indicators_rollup_applied")
            applied = cursor.fetchone()
        numbers = (city.revision(), *ledger.recorded(), *applied)
        return "-".join(str(number) for number in numbers)

    def is_due(self, period: Period, calendar: Calendar, *, on: date) -> bool:
        """Tell whether the working days for reporting a period have passed."""
        return city.add_working_days(period.end, calendar.due_working_days) < on


def series_of(selections: Iterable[Selection]) -> dict[int, ledger.SeriesView]:
    """Return the series that selections may take, by number; one query for each type of facts."""
    return {number: series for number, (series, _taking) in _takers(list(selections)).items()}


def _takers(selections: Sequence[Selection]) -> Taken:
    """Return the series that selections take by number, each with the positions of those that take it.

    A selection is found by what it asks for among a series' dimensions, not by trying each: there may be
    thousands of both.
    """
    asking: dict[tuple[str, frozenset[tuple[str, str]]], list[int]] = {}
    for position, one in enumerate(selections):
        asking.setdefault((one.type, frozenset(one.dimensions.items())), []).append(position)
    sizes = sorted({len(dimensions) for _type, dimensions in asking})
    found: Taken = {}
    for name in dict.fromkeys(one.type for one in selections):
        for series in ledger.series_of(name):
            chosen = (
                position
                for size in sizes
                for part in combinations(series.dimensions.items(), size)
                for position in asking.get((name, frozenset(part)), ())
            )
            if taking := [position for position in chosen if takes_series(selections[position], series)]:
                found[series.id] = series, taking
    return found


def takes_series(selection: Selection, series: ledger.SeriesView) -> bool:
    """Tell whether facts of a series belong to a selection, wherever they happened."""
    return (
        series.type == selection.type
        and (selection.measures is None or series.measure in selection.measures)
        and all(series.dimensions.get(key) == value for key, value in selection.dimensions.items())
    )


def _rough(columns: Columns, taken: Taken) -> frozenset[int]:
    """Return the positions of the selections whose facts are not all exact events."""
    if not any(columns[-1]) and {EVENT}.issuperset(columns[1]):
        return frozenset()
    rough = {row[0] for row in zip(*columns, strict=True) if row[1] != EVENT or row[-1]}
    return frozenset(position for number in rough for position in taken[number][1])


def _by_taker(columns: Columns, taken: Taken, rough: frozenset[int]) -> Columns:
    """Put before the columns one of the selections that take a row; what was taken back has none."""
    if not rough and all(len(taking) == 1 for _one, taking in taken.values()) and 0 not in columns[-2]:
        only = {number: taking[0] for number, (_one, taking) in taken.items()}
        return [[only[number] for number in columns[0]], *columns]
    rows = [
        (position, *row)
        for row in zip(*columns, strict=True)
        if row[-2] > 0
        for position in taken[row[0]][1]
        if position not in rough
    ]
    return list(zip(*rows, strict=True)) if rows else [[] for _column in range(len(columns) + 1)]


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield coordinates[0], coordinates[1]
        return
    for inner in coordinates:
        yield from _points(inner)


def _plain_cells(series: dict[int, ledger.SeriesView], held: Sequence[rollups.Cell]) -> list[Cell]:
    units = city.unit_codes({cell.unit for cell in held})
    territories = city.territory_codes({cell.territory for cell in held})
    return [
        Cell(
            type=series[cell.series].type,
            measure=series[cell.series].measure,
            dimensions=series[cell.series].dimensions,
            unit=units[cell.unit],
            territory=territories[cell.territory],
            period=Period.of(cell.day, cell.covers),
            quantity=None if cell.total is None else Quantity(arithmetic.plain(cell.total)),
            facts=cell.facts,
            is_period_stated=not cell.unstated,
        )
        for cell in held
    ]


def _cells_of_facts(views: Iterable[ledger.FactView]) -> list[Cell]:
    found: dict[tuple[object, ...], Cell] = {}
    for view in views:
        one = _cell(view)
        key = (view.series.id, view.unit, view.territory, one.period)
        found[key] = _joined(found[key], one) if key in found else one
    return list(found.values())


def _pages(query: ledger.FactQuery) -> Iterator[ledger.FactView]:
    after = 0
    while found := ledger.find(replace(query, after=after, limit=PAGE)):
        yield from found
        if len(found) < PAGE:
            return
        after = found[-1].id


def _cell(view: ledger.FactView) -> Cell:
    return Cell(
        type=view.type,
        measure=view.measure,
        dimensions=view.dimensions,
        unit=view.unit,
        territory=view.territory,
        period=Period.of(view.day, view.covers),
        quantity=_quantity(view),
        facts=1,
        is_period_stated=view.period_stated,
    )


def _joined(first: Cell, second: Cell) -> Cell:
    """Return the sum of two cells of the same series, place and period."""
    quantities = [one.quantity or arithmetic.DISPUTED for one in (first, second)]
    return replace(
        first,
        quantity=arithmetic.add(quantities),
        facts=first.facts + second.facts,
        is_period_stated=first.is_period_stated and second.is_period_stated,
    )


def _quantity(view: ledger.FactView) -> Quantity:
    value = None if view.quantity is None else arithmetic.plain(view.quantity)
    upper = None if view.upper is None else arithmetic.plain(view.upper)
    if value is None:
        return Quantity(None, None, Qualifier.DISPUTED, view.as_written)
    if upper is not None and upper < value:  # a reversal carries both bounds negated
        value, upper = upper, value
    return Quantity(value, upper, view.qualifier, view.as_written)


def _traced(view: ledger.FactView) -> TracedFact:
    papers = (EvidenceView(one.kind, one.ref, one.place, one.title, one.sha256) for one in view.evidence)
    return TracedFact(
        id=view.id,
        type=view.type,
        period=Period.of(view.day, view.covers),
        happened_at=view.happened_at,
        recorded_at=view.recorded_at,
        unit=view.unit,
        territory=view.territory,
        quantity=_quantity(view),
        measure=view.measure,
        dimensions=dict(view.dimensions),
        subject_title=view.subject.title or view.subject.id,
        subject_url=view.subject.url,
        subject_id=view.subject.id,
        evidence=tuple(papers),
        approval=dict(view.approval),
        actor=view.actor,
        is_counted=False,
        is_period_stated=view.period_stated,
        reverses=view.reverses,
        reversed_by=view.reversed_by,
    )
