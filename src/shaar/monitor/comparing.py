"""What the page of a tile compares: periods, the same period a year ago, districts, units, and the season."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shaar.indicators import api as indicators
from shaar.indicators.api import Value
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.texts import Text
from shaar.monitor.declared import Tile

A_YEAR = {PeriodKind.DAY: 350, PeriodKind.MONTH: 12}  # how many periods the known values must span
FEWEST_OF_SAME = {PeriodKind.DAY: 20, PeriodKind.MONTH: 1}
CYCLES = {PeriodKind.DAY: 7, PeriodKind.MONTH: 12}
YEARS = {PeriodKind.DAY: 1, PeriodKind.YEAR: 6}
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Compared:
    """A value beside another one: the difference, and how many percent of the other it is."""

    period: Period
    value: Decimal | None
    difference: Decimal | None
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """The value of a district or unit in a period, and its share of all parts."""

    code: str
    name: str
    value: Decimal | None
    percent: Decimal | None
    before: Decimal | None
    year_before: Decimal | None


@dataclass(frozen=True, slots=True)
class Season:
    """A value without its season: divided by what its weekday or month usually is against the mean."""

    factor: Decimal
    value: Decimal
    counted: int
    of_same: int


def against(value: Decimal | None, other: Decimal | None, period: Period) -> Compared:
    """Return how a value stands against that of another period; what is missing stays missing."""
    if value is None or other is None:
        return Compared(period, other, None, None)
    percent = value / other * HUNDRED if other else None
    return Compared(period, other, value - other, percent)


def deseasoned(values: Sequence[tuple[Period, Decimal | None]], kind: PeriodKind) -> Season | None:
    """Return the last value without its season, by the ratio of the mean of its weekday or month to the mean.

    None where the known values span less than a year, are too few, or have the mean zero. The first known
    month does not count: its facts may begin midway.
    """
    if kind not in CYCLES or not values or values[-1][1] is None:
        return None
    known = [(period, value) for period, value in values[:-1] if value is not None]
    known = known[1:] if kind is PeriodKind.MONTH else known
    place = _place(values[-1][0], kind)
    same = [value for period, value in known if _place(period, kind) == place]
    if len(same) < FEWEST_OF_SAME[kind] or _span(known, kind) < A_YEAR[kind]:
        return None
    mean = sum((value for _period, value in known), Decimal(0)) / len(known)
    factor = sum(same, Decimal(0)) / len(same) / mean if mean else Decimal(0)
    return Season(factor, values[-1][1] / factor, len(known), len(same)) if factor else None


def _span(known: Sequence[tuple[Period, Decimal]], kind: PeriodKind) -> int:
    """Return how many periods lie from the first known value to the last one."""
    first, last = known[0][0].end, known[-1][0].end
    if kind is PeriodKind.DAY:
        return (last - first).days + 1
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _place(period: Period, kind: PeriodKind) -> int:
    return period.end.weekday() if kind is PeriodKind.DAY else period.end.month


def parts(
    tile: Tile,
    period: Period,
    *,
    by: str,
    language: str,
    whole: Decimal | None,
    territory: str | None = None,
) -> list[Part]:
    """Return the districts or units of a tile in a period, the greatest first, those without data last.

    A unit's value holds those of the units under it; each is compared with the whole, not with their sum.
    """

    def read(of: Period) -> list[tuple[str, Text, Value]]:
        return indicators.breakdown(tile.indicator, of, by=by, unit=tile.unit, territory=territory)

    try:
        rows = read(period)
        before, year_before = _numbers(read(period.previous())), _numbers(read(period.same_last_year()))
    except Refusal:
        return []
    known = [number(value) for _code, _name, value in rows]
    found = [
        Part(
            code,
            name.of(language),
            one,
            one / whole * HUNDRED if one is not None and whole else None,
            before.get(code),
            year_before.get(code),
        )
        for (code, name, _value), one in zip(rows, known, strict=True)
    ]
    return sorted(found, key=lambda part: (part.value is None, -(part.value or 0), part.name))


def past(tile: Tile, kind: PeriodKind, *, until: date) -> list[tuple[Period, Decimal | None]]:
    """Return the values of two years (of days: one; of years: six) up to a day, oldest first."""
    last = Period.of(until, kind)
    years = YEARS.get(kind, 2)
    first = Period.of(last.end.replace(year=last.end.year - years, day=min(last.end.day, 28)), kind)
    start = first.start or first.end
    if tile.unit is not None:
        values = indicators.series(tile.indicator, kind, first=start, last=last.end, unit=tile.unit)
        return [(one.period, number(one)) for one in values]
    found = indicators.table(
        codes=[tile.indicator], by=["indicator", "period"], kind=kind, first=start, last=last.end
    )
    held = {row.period: row.number for row in found}
    return [(one, held.get(one)) for one in Period.cumulative(last.end, since=start).parts(kind)]


def number(value: Value) -> Decimal | None:
    """Return the number of a value, None where nothing is known."""
    return value.quantity.value if value.quantity else None


def _numbers(rows: Sequence[tuple[str, object, Value]]) -> dict[str, Decimal | None]:
    return {code: number(value) for code, _name, value in rows}
