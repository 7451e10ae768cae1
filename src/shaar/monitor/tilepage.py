"""What the page of one tile shows: how it is judged, its trend, and the part of the chosen period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shaar.indicators import api as indicators
from shaar.indicators.api import Passport
from shaar.kernel.periods import Period
from shaar.monitor import comparing
from shaar.monitor.asking import Asked, asked
from shaar.monitor.declared import Monitor, Tile
from shaar.monitor.periodpart import PeriodPart, number, period_part
from shaar.monitor.readings import Reading
from shaar.monitor.reckoning import is_growth_good
from shaar.monitor.showing import TileView, tile_view
from shaar.ui.charts import Chart, Series, line


@dataclass(frozen=True, slots=True)
class Judged:
    """One step of how a tile is judged: what it is, and the number or words."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class TilePage:
    """Everything on the page of a tile."""

    tile: TileView
    passport: Passport
    judged: list[Judged]
    trend: Chart | None
    part: PeriodPart


def tile_page(
    monitor: Monitor, reading: Reading, *, changed_at: datetime, query: Mapping[str, str], today: date
) -> TilePage:
    """Return the page of a tile for one of its last periods, as the words of an address ask."""
    tile, language = monitor.tile(reading.tile), (get_language() or "ru")[:2]
    passport = indicators.passport(tile.indicator)
    wanted = asked(query, tile, reading.shown, today=today)
    past = comparing.past(tile, wanted.kind, until=wanted.period.end)
    return TilePage(
        tile=tile_view(monitor, reading, changed_at=changed_at),
        passport=passport,
        judged=judged(monitor, tile, reading, language, passport.precision),
        trend=_trend(_points(reading, wanted, past), language, passport),
        part=period_part(tile, wanted, past=past, language=language),
    )


def _points(
    reading: Reading, wanted: Asked, past: Sequence[tuple[Period, Decimal | None]]
) -> list[tuple[Period, Decimal | None]]:
    """Return the trend: that of the tile, or of the chosen length of period from its first known value."""
    if wanted.kind is reading.shown.kind:
        return [(Period.parse(one.period), one.value) for one in reading.points]
    first = next((place for place, one in enumerate(past) if one[1] is not None), len(past))
    return list(past[max(first, len(past) - len(wanted.periods)) :])


def judged(
    monitor: Monitor, tile: Tile, reading: Reading, language: str, precision: int | None
) -> list[Judged]:
    """Return step by step how a tile came to its colour, with its numbers."""
    limits = monitor.thresholds[tile.thresholds]
    steps = [Judged(_("Value"), number(reading.value, language, precision))]
    if reading.target is not None:
        label = tile.target_label.of(language) if tile.target_label else ""
        steps.append(
            Judged(_("Target of the period"), f"{number(reading.target, language, None)} {label}".strip())
        )
    if reading.expected is not None and reading.expected != reading.target:
        steps.append(
            Judged(
                _("Part of the target for the days that have passed"), number(reading.expected, language, 1)
            )
        )
    if reading.share is not None:
        formula = _("value ÷ target") if is_growth_good(tile) else _("target ÷ value, since less is better")
        steps.append(Judged(_("Share of the target"), f"{number(reading.share, language, 3)} = {formula}"))
    good, watch = (number(one * 100, language, 0) for one in (limits.good, limits.watch))
    words = _("%(good)s %% and more: on target; %(watch)s %% and more: to be watched; else below target.")
    steps.append(
        Judged(_("Thresholds"), f"{words % {'good': good, 'watch': watch}} {limits.label.of(language)}")
    )
    fresh = _("A value older than %(days)s days is stale.") % {"days": tile.fresh_days}
    steps.append(Judged(_("Expected age"), fresh))
    return steps


def _trend(
    points: Sequence[tuple[Period, Decimal | None]], language: str, passport: Passport
) -> Chart | None:
    if len(points) < 2:
        return None
    labels = [period.name(language) for period, _value in points]
    name = passport.name.of(language)
    shown = [Series(name, [value for _period, value in points])]
    return line(
        labels, shown, title=_("Trend: %(name)s") % {"name": name}, language=language, heading=_("Period")
    )
