"""What the page of one tile shows: how it is judged, its trend, comparisons, and the way down to records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.indicators.api import Passport
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.writing import format_number
from shaar.monitor import comparing
from shaar.monitor.comparing import Compared, Part, Season
from shaar.monitor.declared import Monitor, Tile
from shaar.monitor.readings import Reading
from shaar.monitor.reckoning import is_growth_good
from shaar.monitor.showing import TileView, tile_view
from shaar.ui.charts import Chart, Series, line
from shaar.ui.heat import Outline, choropleth

STEPS = {
    PeriodKind.DAY: 60,
    PeriodKind.MONTH: 24,
    PeriodKind.QUARTER: 12,
    PeriodKind.HALF: 8,
    PeriodKind.YEAR: 6,
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One step of how a tile is judged: what it is, and the number or words."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison in words."""

    name: str
    value: str
    difference: str
    percent: str
    url: str


@dataclass(frozen=True, slots=True)
class TilePage:
    """Everything on the page of a tile."""

    tile: TileView
    passport: Passport
    judged: list[Judged]
    trend: Chart | None
    period: Period
    periods: list[Period]
    step: int
    value: str
    compared: list[Row]
    districts: list[Row]
    units: list[Row]
    district_map: Chart | None
    season: Season | None
    season_value: str
    season_factor: str
    records_url: str


def tile_page(monitor: Monitor, reading: Reading, *, changed_at: datetime, step: int | None) -> TilePage:
    """Return the page of a tile for one of its last periods: `step` from the oldest, None for the newest."""
    tile, language = monitor.tile(reading.tile), (get_language() or "ru")[:2]
    passport = indicators.passport(tile.indicator)
    periods = _periods(reading.shown)
    place = len(periods) - 1 if step is None or not 0 <= step < len(periods) else step
    period = periods[place]
    values = dict(comparing.past(tile, period.kind, until=period.end))
    held = indicators.value(tile.indicator, period, unit=tile.unit)
    value = comparing.number(held)
    season = comparing.deseasoned([*values.items()], period.kind)
    districts, units = (
        comparing.parts(tile, period, by=by, language=language, whole=value) for by in ("territory", "unit")
    )
    return TilePage(
        tile=tile_view(monitor, reading, changed_at=changed_at),
        passport=passport,
        judged=judged(monitor, tile, reading, language, passport.precision),
        trend=_trend(reading, language, passport),
        period=period,
        periods=periods,
        step=place,
        value=_number(value, language, passport.precision),
        compared=_compared(tile, period, value, language, passport.precision),
        districts=_rows(tile, period, districts, "territory", language, passport.precision),
        units=_rows(tile, period, units, "unit", language, passport.precision),
        district_map=_map(districts, period, language, passport),
        season=season,
        season_value=_number(season.value, language, max(passport.precision or 0, 1)) if season else "",
        season_factor=_number(season.factor, language, 2) if season else "",
        records_url=reverse("indicators:figure", args=[tile.indicator, str(period)]),
    )


def judged(
    monitor: Monitor, tile: Tile, reading: Reading, language: str, precision: int | None
) -> list[Judged]:
    """Return step by step how a tile came to its colour, with its numbers."""
    limits = monitor.thresholds[tile.thresholds]
    steps = [Judged(_("Value"), _number(reading.value, language, precision))]
    if reading.target is not None:
        label = tile.target_label.of(language) if tile.target_label else ""
        steps.append(
            Judged(_("Target of the period"), f"{_number(reading.target, language, None)} {label}".strip())
        )
    if reading.expected is not None and reading.expected != reading.target:
        steps.append(
            Judged(
                _("Part of the target for the days that have passed"), _number(reading.expected, language, 1)
            )
        )
    if reading.share is not None:
        formula = _("value ÷ target") if is_growth_good(tile) else _("target ÷ value, since less is better")
        steps.append(Judged(_("Share of the target"), f"{_number(reading.share, language, 3)} = {formula}"))
    good, watch = (_number(one * 100, language, 0) for one in (limits.good, limits.watch))
    words = _("%(good)s %% and more: on target; %(watch)s %% and more: to be watched; else below target.")
    steps.append(
        Judged(_("Thresholds"), f"{words % {'good': good, 'watch': watch}} {limits.label.of(language)}")
    )
    fresh = _("A value older than %(days)s days is stale.") % {"days": tile.fresh_days}
    steps.append(Judged(_("Expected age"), fresh))
    return steps


def _periods(newest: Period) -> list[Period]:
    found = [newest]
    for _step in range(STEPS.get(newest.kind, 6) - 1):
        found.append(found[-1].previous())
    return found[::-1]


def _number(value: Decimal | None, language: str, precision: int | None) -> str:
    if value is None:
        return str(_("no data"))
    return format_number(value, language, precision=precision)


def _trend(reading: Reading, language: str, passport: Passport) -> Chart | None:
    if len(reading.points) < 2:
        return None
    labels = [Period.parse(one.period).name(language) for one in reading.points]
    name = passport.name.of(language)
    shown = [Series(name, [one.value for one in reading.points])]
    return line(
        labels, shown, title=_("Trend: %(name)s") % {"name": name}, language=language, heading=_("Period")
    )


def _compared(
    tile: Tile, period: Period, value: Decimal | None, language: str, precision: int | None
) -> list[Row]:
    asked = {_("previous period"): period.previous(), _("same period last year"): period.same_last_year()}
    rows = []
    for name, other in asked.items():
        held = comparing.number(indicators.value(tile.indicator, other, unit=tile.unit))
        one = comparing.against(value, held, other)
        rows.append(_row(f"{other.name(language)} ({name})", one, tile, language, precision))
    return rows


def _row(name: str, one: Compared, tile: Tile, language: str, precision: int | None) -> Row:
    return Row(
        name,
        _number(one.value, language, precision),
        _signed(one.difference, language, precision),
        f"{format_number(one.percent, language, precision=1)} %" if one.percent is not None else "—",
        reverse("indicators:figure", args=[tile.indicator, str(one.period)]),
    )


def _signed(value: Decimal | None, language: str, precision: int | None) -> str:
    if value is None:
        return "—"
    written = format_number(value, language, precision=precision)
    return f"+{written}" if value > 0 else written


def _rows(
    tile: Tile, period: Period, found: Sequence[Part], key: str, language: str, precision: int | None
) -> list[Row]:
    address = reverse("indicators:figure", args=[tile.indicator, str(period)])
    return [
        Row(
            one.name,
            _number(one.value, language, precision),
            _signed(comparing.against(one.value, one.before, period).difference, language, precision),
            f"{format_number(one.percent, language, precision=1)} %" if one.percent is not None else "—",
            f"{address}?{key}={one.code}",
        )
        for one in found
    ]


def _map(found: Sequence[Part], period: Period, language: str, passport: Passport) -> Chart | None:
    wanted = {one.code: one for one in found}
    if not any(one.value is not None for one in found):
        return None
    outlines = [
        Outline(wanted[held.code].name, held.geometry, wanted[held.code].value)
        for held in city.territories(on=period.end, with_geometry=True)
        if held.code in wanted and held.geometry
    ]
    if not outlines:
        return None
    title = f"{passport.name.of(language)}, {period.name(language)}"
    return choropleth(outlines, title=title, language=language, heading=_("District"))
