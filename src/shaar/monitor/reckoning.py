"""Reckons a tile from its indicator: the newest period with a value, its trend, target and standing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from shaar.indicators import api as indicators
from shaar.indicators.api import Good, State, Value
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier
from shaar.monitor import rules
from shaar.monitor.declared import Monitor, Tile, windows
from shaar.monitor.readings import Point, Reading
from shaar.monitor.rules import Level, Standing

# How many periods of each kind are looked at: the trend, and how far back the newest value may lie.
LOOKED_AT = {
    PeriodKind.DAY: 35,
    PeriodKind.MONTH: 13,
    PeriodKind.QUARTER: 8,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 6,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """The values of a tile's indicator over the periods of one kind, and the newest one that is known."""

    kind: PeriodKind
    values: list[Value]
    newest: Value | None


def read_tile(monitor: Monitor, tile: Tile, *, today: date, last_at: datetime | None) -> Reading:
    """Return a tile as it stands on a day; `last_at` is when its newest fact happened, if that is known."""
    seen = _seen(tile, today)
    if seen.newest is None:
        return _nothing(tile, seen, last_at)
    return _judged(monitor, tile, seen.newest, _points(seen.values), last_at=last_at, today=today)


def is_current(tile: Tile, kept: Reading, *, since: date, today: date) -> bool:
    """Tell whether facts that speak of no day before `since` can change the current period of a tile only."""
    current = Period.of(today, PeriodKind(tile.windows[0]))
    is_shown = kept.value is not None and kept.period == str(current)
    return is_shown and current.start is not None and since >= current.start


def read_on(monitor: Monitor, tile: Tile, kept: Reading, *, last_at: datetime | None, today: date) -> Reading:
    """Return a tile of which only the current period has changed: its earlier trend is what it was."""
    current = Period.of(today, PeriodKind(tile.windows[0]))
    value = indicators.value(tile.indicator, current, unit=tile.unit)
    if value.state is State.MISSING:
        return read_tile(monitor, tile, today=today, last_at=last_at)
    number = value.quantity.value if value.quantity else None
    points = tuple(Point(one.period, number) if one.period == str(current) else one for one in kept.points)
    return _judged(monitor, tile, value, points, last_at=last_at, today=today)


def _judged(
    monitor: Monitor,
    tile: Tile,
    value: Value,
    points: tuple[Point, ...],
    *,
    last_at: datetime | None,
    today: date,
) -> Reading:
    period = value.period
    target = tile.target if period.kind == PeriodKind(tile.windows[0]) else None
    due = rules.expected(target, period, today=today, pro_rata=tile.pro_rata) if target is not None else None
    number = value.quantity.value if value.quantity else None
    of_target = _share(tile, number, due)
    stands = rules.standing(
        has_value=True,
        is_partial=value.state in {State.PARTIAL, State.DISPUTED} or number is None,
        has_target=target is not None,
        end=min(period.end, today),
        last_at=last_at,
        today=today,
        fresh=tile.fresh_days,
    )
    return Reading(
        tile=tile.code,
        standing=stands,
        level=_level(monitor, tile, of_target) if stands is Standing.KNOWN else Level.NONE,
        period=str(period),
        value=number,
        upper=value.quantity.upper if value.quantity else None,
        qualifier=value.quantity.qualifier if value.quantity else Qualifier.EXACT,
        as_written=value.quantity.as_written if value.quantity else "",
        target=target,
        expected=due,
        share=of_target,
        points=points,
        last_at=last_at,
        is_open=today <= period.end,
    )


def _share(tile: Tile, number: Decimal | None, due: Decimal | None) -> Decimal | None:
    if number is None or due is None:
        return None
    return rules.share(number, due, is_growth_good=is_growth_good(tile))


def _level(monitor: Monitor, tile: Tile, of_target: Decimal | None) -> Level:
    limits = monitor.thresholds[tile.thresholds]
    return rules.level(of_target, good=limits.good, watch=limits.watch)


def is_growth_good(tile: Tile) -> bool:
    """Tell whether more is better: as the tile says, else as its indicator's passport says."""
    if tile.good is not None:
        return tile.good == "up"
    return indicators.passport(tile.indicator).good is not Good.DOWN


def _seen(tile: Tile, today: date) -> Seen:
    """Return what is known over the first window in which anything was reported, else over the first one."""
    first: Seen | None = None
    for kind in windows(tile):
        values = _values(tile, kind, today)
        newest = next((one for one in reversed(values) if one.state is not State.MISSING), None)
        found = Seen(kind, values, newest)
        if newest is not None:
            return found
        first = first or found
    return first or Seen(PeriodKind.YEAR, [], None)


def _values(tile: Tile, kind: PeriodKind, today: date) -> list[Value]:
    current = Period.of(today, kind)
    start = current
    for _step in range(LOOKED_AT[kind] - 1):
        start = start.previous()
    return indicators.series(
        tile.indicator, kind, first=start.start or start.end, last=current.end, unit=tile.unit
    )


def _points(values: list[Value]) -> tuple[Point, ...]:
    known = [Point(str(one.period), one.quantity.value if one.quantity else None) for one in values]
    first = next((place for place, one in enumerate(known) if one.value is not None), len(known))
    return tuple(known[first:])


def _nothing(tile: Tile, seen: Seen, last_at: datetime | None) -> Reading:
    period = seen.values[-1].period if seen.values else Period.of(date.min + timedelta(days=400), seen.kind)
    return Reading(
        tile=tile.code,
        standing=Standing.NO_DATA,
        level=Level.NONE,
        period=str(period),
        value=None,
        upper=None,
        qualifier=Qualifier.EXACT,
        as_written="",
        target=tile.target,
        expected=None,
        share=None,
        points=(),
        last_at=last_at,
        is_open=True,
    )
