"""Values of many indicators in bulk: sums from the rollups where they suffice, else reckoned one by one."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from shaar.indicators import arithmetic
from shaar.indicators.catalogue import Catalogue
from shaar.indicators.cells import Cell, Selection, Sum
from shaar.indicators.outcomes import State, TableRow, Value
from shaar.indicators.passports import RESERVED, Passport, Take
from shaar.indicators.reading import reckoner
from shaar.indicators.reckoning import Reckoner, Scope, convertible
from shaar.indicators.sources import ground
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Quantity

RowKey: TypeAlias = Literal["indicator", "period", "unit"]


def table_rows(
    catalogue: Catalogue,
    codes: Sequence[str],
    *,
    by: Sequence[RowKey],
    kind: PeriodKind,
    first: date,
    last: date,
) -> list[TableRow]:
    """Return values of many indicators, split by period and unit if asked, always by indicator.

    Without "period" the values are those of the whole span. A unit is taken without those under it. A missing
    value has a row in a table by period, none in a table by unit.
    """
    span = Period.cumulative(last, since=first)
    periods = span.parts(kind) if "period" in by else [span]
    done = dict(_summed(catalogue, codes, by=by, kind=kind, periods=periods))
    rest = [code for code in codes if code not in done]
    reader = reckoner(catalogue, rest, first=first, last=last) if rest else None
    rows: list[TableRow] = []
    for code in codes:
        rows += done[code] if code in done or reader is None else _reckoned(reader, code, by, periods)
    return rows


def _reckoned(
    reader: Reckoner, code: str, by: Sequence[RowKey], periods: Sequence[Period]
) -> Iterator[TableRow]:
    for period in periods:
        shown = period if "period" in by else None
        if "unit" not in by:
            yield TableRow(code, shown, None, reader.value(code, period))
            continue
        for unit, value in sorted(_unit_values(reader, code, period).items()):
            yield TableRow(code, shown, unit, value)


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
    catalogue: Catalogue,
    codes: Sequence[str],
    *,
    by: Sequence[RowKey],
    kind: PeriodKind,
    periods: Sequence[Period],
) -> Iterator[tuple[str, list[TableRow]]]:
    """Yield the rows of the indicators whose values are plain sums of events."""
    plain = [passport for passport in map(catalogue.passport, codes) if _is_plain(passport)]
    start, end = periods[0].start if periods else None, periods[-1].end if periods else None
    if not plain or start is None or end is None:
        return
    found = ground().sums(
        [_selection(catalogue, passport) for passport in plain],
        kind=kind if "period" in by else None,
        is_by_unit="unit" in by,
        first=start,
        last=end,
    )
    for passport, sums in zip(plain, found, strict=True):
        if sums is not None:
            yield passport.code, _rows(catalogue, passport, sums, by, periods)


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


def _rows(
    catalogue: Catalogue,
    passport: Passport,
    sums: Sequence[Sum],
    by: Sequence[RowKey],
    periods: Sequence[Period],
) -> list[TableRow]:
    groups: dict[tuple[date | None, str | None], list[Sum]] = {}
    for one in sums:
        groups.setdefault((one.start, one.unit), []).append(one)
    rows: list[TableRow] = []
    for period in periods:
        shown = period if "period" in by else None
        start = period.start if "period" in by else None
        units = sorted({key[1] or "" for key in groups if key[0] == start}) if "unit" in by else [None]
        for unit in units:
            group = groups.get((start, unit), [])
            rows.append(
                TableRow(passport.code, shown, unit, _value(catalogue, passport, period, unit, group))
            )
    return rows


def _value(
    catalogue: Catalogue, passport: Passport, period: Period, unit: str | None, group: Sequence[Sum]
) -> Value:
    facts = sum(one.facts for one in group)
    quantity = _quantity(catalogue, passport, group, facts) if group else None
    state = State.MISSING if quantity is None else State.KNOWN
    return Value(passport.code, period, quantity, passport.measure, state, unit=unit, facts=facts)


def _quantity(catalogue: Catalogue, passport: Passport, group: Sequence[Sum], facts: int) -> Quantity:
    source = passport.fact_source
    if source is not None and source.take is Take.COUNT:
        return Quantity(Decimal(facts))
    own = catalogue.measure(passport.measure).factor
    total = sum(
        ((one.total or Decimal(0)) * catalogue.measure(one.measure).factor for one in group), Decimal(0)
    )
    return Quantity(arithmetic.plain(total / own))
