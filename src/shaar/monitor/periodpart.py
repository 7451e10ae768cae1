"""The part of a tile's page that changes with the period: comparisons, territories, units, the season."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.indicators.api import Passport
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.writing import format_number
from shaar.monitor import comparing
from shaar.monitor.asking import Asked
from shaar.monitor.comparing import Compared, Part, Season
from shaar.monitor.declared import Tile, windows
from shaar.ui.charts import Chart
from shaar.ui.heat import Outline, choropleth

MTU = "mtu"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a comparison in words; `year` is the difference from the same period of last year."""

    name: str
    value: str
    difference: str
    percent: str
    url: str
    year: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """The territories of one kind: their rows, and their map where the city has outlines of them."""

    rows: list[Row]
    drawn: Chart | None
    is_declared: bool
    has_outlines: bool


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """Everything on the page of a tile that belongs to the chosen period."""

    asked: Asked
    kinds: list[tuple[str, str]]
    value: str
    compared: list[Row]
    districts: Places
    mtu: Places
    units: list[Row]
    has_cycle: bool
    season: Season | None
    season_value: str
    season_factor: str
    records_url: str


@dataclass(frozen=True, slots=True)
class Written:
    """How numbers of a tile are written on its page."""

    tile: Tile
    passport: Passport
    period: Period
    language: str

    def number(self, value: Decimal | None) -> str:
        """Write a value, or that there is none."""
        return number(value, self.language, self.passport.precision)

    def signed(self, value: Decimal | None) -> str:
        """Write a difference with its sign."""
        if value is None:
            return "—"
        written = format_number(value, self.language, precision=self.passport.precision)
        return f"+{written}" if value > 0 else written

    def percent(self, value: Decimal | None) -> str:
        """Write a percentage."""
        return f"{format_number(value, self.language, precision=1)} %" if value is not None else "—"

    def address(self, period: Period) -> str:
        """Return the page of the figure of a period, with its facts and records."""
        return reverse("indicators:figure", args=[self.tile.indicator, str(period)])


def period_part(
    tile: Tile, asked: Asked, *, past: Sequence[tuple[Period, Decimal | None]], language: str
) -> PeriodPart:
    """Return the part of a tile's page for the chosen period; `past` are the values until its end."""
    passport, period = indicators.passport(tile.indicator), asked.period
    written = Written(tile, passport, period, language)
    value = comparing.number(indicators.value(tile.indicator, period, unit=tile.unit))
    season = comparing.deseasoned(past, period.kind) if not asked.is_open else None
    territories = comparing.parts(tile, period, by="territory", language=language, whole=value)
    mtu = {one.code for one in city.territories(on=period.end, kind=MTU)}
    below = _below(tile, period, territories, value, language) if mtu else []
    units = comparing.parts(tile, period, by="unit", language=language, whole=value)
    return PeriodPart(
        asked=asked,
        kinds=[(one.value, kind_name(one)) for one in windows(tile)],
        value=written.number(value),
        compared=_compared(written, asked, value),
        districts=_places(written, [one for one in territories if one.code not in mtu], is_declared=True),
        mtu=_places(
            written, [one for one in (*territories, *below) if one.code in mtu], is_declared=bool(mtu)
        ),
        units=_rows(written, units, "unit"),
        has_cycle=period.kind in comparing.CYCLES,
        season=season,
        season_value=number(season.value, language, max(passport.precision or 0, 1)) if season else "",
        season_factor=number(season.factor, language, 2) if season else "",
        records_url=written.address(period),
    )


def number(value: Decimal | None, language: str, precision: int | None) -> str:
    """Write a number in a language, or that there is none."""
    return str(_("no data")) if value is None else format_number(value, language, precision=precision)


def kind_name(kind: PeriodKind) -> str:
    """Return the name of a length of period."""
    return {
        PeriodKind.DAY: pgettext("length of period", "by day"),
        PeriodKind.MONTH: pgettext("length of period", "by month"),
        PeriodKind.QUARTER: pgettext("length of period", "by quarter"),
        PeriodKind.HALF: pgettext("length of period", "by half-year"),
        PeriodKind.YEAR: pgettext("length of period", "by year"),
    }[kind]


def _below(
    tile: Tile, period: Period, over: Sequence[Part], whole: Decimal | None, language: str
) -> list[Part]:
    found = []
    for one in over:
        found += comparing.parts(
            tile, period, by="territory", language=language, whole=whole, territory=one.code
        )
    return found


def _compared(written: Written, asked: Asked, value: Decimal | None) -> list[Row]:
    period, tile = asked.period, written.tile
    others = [
        (period.previous(), _("previous period")),
        (period.same_last_year(), _("same period last year")),
    ]
    if period.kind is PeriodKind.YEAR:
        others = others[:1]
    if asked.other is not None:
        others.append((asked.other, _("chosen period")))
    rows = []
    for other, name in others:
        held = comparing.number(indicators.value(tile.indicator, other, unit=tile.unit))
        one = comparing.against(value, held, other)
        rows.append(_row(written, f"{other.name(written.language)} ({name})", one))
    return rows


def _row(written: Written, name: str, one: Compared) -> Row:
    return Row(
        name,
        written.number(one.value),
        written.signed(one.difference),
        written.percent(one.percent),
        written.address(one.period),
    )


def _rows(written: Written, found: Sequence[Part], key: str) -> list[Row]:
    address = written.address(written.period)
    return [
        Row(
            one.name,
            written.number(one.value),
            written.signed(comparing.against(one.value, one.before, written.period).difference),
            written.percent(one.percent),
            f"{address}?{key}={one.code}",
            written.signed(comparing.against(one.value, one.year_before, written.period).difference),
        )
        for one in found
    ]


def _places(written: Written, found: Sequence[Part], *, is_declared: bool) -> Places:
    wanted = {one.code: one for one in found}
    held = city.territories(on=written.period.end, with_geometry=True) if wanted else []
    outlines = [
        Outline(wanted[one.code].name, one.geometry, wanted[one.code].value)
        for one in held
        if one.code in wanted and one.geometry
    ]
    return Places(_rows(written, found, "territory"), _map(written, outlines), is_declared, bool(outlines))


def _map(written: Written, outlines: Sequence[Outline]) -> Chart | None:
    if not any(one.value is not None for one in outlines):
        return None
    title = f"{written.passport.name.of(written.language)}, {written.period.name(written.language)}"
    return choropleth(outlines, title=title, language=written.language, heading=_("District"))
