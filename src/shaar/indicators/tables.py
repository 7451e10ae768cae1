"""Values of many indicators in bulk: sums from the rollups where they suffice, else reckoned one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from shaar.indicators import arithmetic
from shaar.indicators.catalogue import Catalogue
from shaar.indicators.cells import Cell, Selection, Sums
from shaar.indicators.outcomes import State, Table, TableRow, Value
from shaar.indicators.passports import RESERVED, Passport, Take
from shaar.indicators.reading import reckoner
from shaar.indicators.reckoning import Reckoner, Scope, convertible
from shaar.indicators.sources import ground
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier, Quantity

RowKey: TypeAlias = Literal["indicator", "period", "unit"]


@dataclass(frozen=True)
class Plan:
    """Which of the indicators asked for may be plain sums of events, and what those take."""

    codes: tuple[str, ...]
    passports: tuple[Passport, ...]
    selections: tuple[Selection, ...]
    rest: frozenset[str]


@lru_cache(maxsize=16)
def _plan(catalogue: Catalogue, codes: tuple[str, ...]) -> Plan:
    plain = tuple(one for one in map(catalogue.passport, codes) if _is_plain(one))
    chosen = tuple(one.code for one in plain)
    selections = tuple(_selection(catalogue, passport) for passport in plain)
    return Plan(chosen, plain, selections, frozenset(codes).difference(chosen))


def read_table(
    catalogue: Catalogue,
    codes: Sequence[str],
    *,
    by: Sequence[RowKey],
    kind: PeriodKind,
    first: date,
    last: date,
) -> Table:
    """Return values of many indicators, split by period and unit if asked, always by indicator.

    Without "period" the values are those of the whole span. A unit is taken without those under it.
    """
    span = Period.cumulative(last, since=first)
    periods = span.parts(kind) if "period" in by else [span]
    plan = _plan(catalogue, tuple(codes))
    summed, rough = _summed(catalogue, plan, by=by, kind=kind, periods=periods)
    rest = [code for code in codes if code in rough or code in plan.rest]
    if not rest:
        return summed
    reader = reckoner(catalogue, rest, first=first, last=last)
    rows = [row for code in rest for row in _reckoned(reader, code, by, periods)]
    return _table([*summed, *rows])


def _table(rows: Sequence[TableRow]) -> Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(TableRow._fields)
    return Table(*(list(column) for column in columns))


def _reckoned(
    reader: Reckoner, code: str, by: Sequence[RowKey], periods: Sequence[Period]
) -> Iterator[TableRow]:
    for period in periods:
        values: dict[str | None, Value] = {}
        if "unit" in by:
            values.update(_unit_values(reader, code, period))
        else:
            values[None] = reader.value(code, period)
        for unit, value in values.items():
            if value.state is not State.MISSING:
                yield _row(period if "period" in by else None, unit, value)


def _row(period: Period | None, unit: str | None, value: Value) -> TableRow:
    one = value.quantity or Quantity(None, None, Qualifier.DISPUTED)
    return TableRow(
        value.indicator, period, unit, one.value, one.upper, one.qualifier, value.state, value.facts
    )


def _unit_values(reader: Reckoner, code: str, period: Period) -> dict[str, Value]:
    passport = reader.catalogue.passport(code)
    if passport.formula is None:
        groups: dict[str, list[Cell]] = {}
        for cell in reader.counted(code, period):
            groups.setdefault(cell.unit, []).append(cell)
        return {unit: reader.of_cells(code, period, cells, unit=unit) for unit, cells in groups.items()}
    units = sorted({unit for named in passport.references for unit in _unit_values(reader, named, period)})
    return {unit: reader.value(code, period, Scope(unit)) for unit in units}


def _summed(
    catalogue: Catalogue, plan: Plan, *, by: Sequence[RowKey], kind: PeriodKind, periods: Sequence[Period]
) -> tuple[Table, frozenset[str]]:
    """Return the indicators whose values are plain sums of events, and those that turned out not to be."""
    if not plan.codes or not periods or periods[0].start is None:
        return _table([]), frozenset(plan.codes)
    sums = ground().sums(
        plan.selections,
        kind=kind if "period" in by else None,
        is_by_unit="unit" in by,
        first=periods[0].start,
        last=periods[-1].end,
    )
    starts: dict[date | None, Period | None] = {None: None}
    if "period" in by:
        starts.update({period.start: period for period in periods})
    takers, begun, units, numbers, facts = _added(catalogue, plan.passports, sums)
    return Table(
        [plan.codes[taker] for taker in takers],
        [starts[start] for start in begun],
        units,
        numbers,
        [None] * len(facts),
        [Qualifier.EXACT] * len(facts),
        [State.KNOWN] * len(facts),
        facts,
    ), frozenset(plan.codes[position] for position in sums.rough)


def _is_plain(passport: Passport) -> bool:
    source = passport.fact_source
    if source is None or passport.calendar is not None or RESERVED & source.where.keys():
        return False
    return source.take in {Take.SUM, Take.COUNT}


def _selection(catalogue: Catalogue, passport: Passport) -> Selection:
    source = passport.fact_source
    if source is None:
        raise ValueError(f"{passport.code} has no facts")
    measures = None if source.take is Take.COUNT else convertible(catalogue, passport.measure)
    return Selection(source.fact, source.dimensions, measures)


Columns: TypeAlias = tuple[
    Sequence[int], Sequence[date | None], Sequence[str | None], Sequence[Decimal], Sequence[int]
]


def _added(catalogue: Catalogue, passports: Sequence[Passport], sums: Sums) -> Columns:
    """Return takers, starts, units, numbers and facts; sums of several series of one indicator are added."""
    plain = [(one.measure, one.fact_source is None or one.fact_source.take is Take.SUM) for one in passports]
    kinds = set(zip(sums.takers, sums.measures, strict=True))
    numbers = [number or Decimal(0) for number in sums.totals]
    if not sums.is_split and all(plain[taker] == (measure, True) for taker, measure in kinds):
        return sums.takers, sums.starts, sums.units, numbers, sums.facts
    keys = zip(sums.takers, sums.starts, sums.units, strict=True)
    found: dict[tuple[int, date | None, str | None], tuple[Decimal, int]] = {}
    for key, measure, number, facts in zip(keys, sums.measures, numbers, sums.facts, strict=True):
        before, counted = found.get(key, (Decimal(0), 0))
        own, is_sum = plain[key[0]]
        if not is_sum:
            amount = Decimal(facts)
        elif measure == own:
            amount = number
        else:
            factor = catalogue.measure(measure).factor / catalogue.measure(own).factor
            amount = arithmetic.plain(number * factor)
        found[key] = before + amount, counted + facts
    rows = [(*key, *amount) for key, amount in found.items()]
    return (
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
        [row[3] for row in rows],
        [row[4] for row in rows],
    )
