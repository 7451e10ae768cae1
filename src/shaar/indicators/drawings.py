"""Charts of the page of an indicator: its trend, its plan, its kinds, and a scheme of districts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil, sqrt

from django.utils.translation import gettext as _

from shaar.indicators.outcomes import State, Value
from shaar.indicators.pages import Breakdown, IndicatorPage
from shaar.ui.charts import Chart, Series, Tile, bar, bullet, district_tiles, line

FEWEST = 2
MOST_BARS = 20
MOST_TILES = 16
Place = tuple[float, float]


def charts(page: IndicatorPage, language: str, places: Mapping[str, Place]) -> list[Chart]:
    """Return the charts that an indicator's values allow; missing values are never drawn as zero."""
    drawn = [_trend(page, language), _plan(page, language)]
    drawn += [_breakdown(page, one, language, places) for one in page.breakdowns if one.by != "unit"]
    return [chart for chart in drawn if chart is not None]


def _trend(page: IndicatorPage, language: str) -> Chart | None:
    values = [_number(value) for value in page.trend]
    if sum(value is not None for value in values) < FEWEST:
        return None
    labels = [str(value.period) for value in page.trend]
    name = page.line.passport.name.of(language)
    return line(
        labels, [Series(name, values)], title=_("Over time"), language=language, unit=_unit(page, language)
    )


def _plan(page: IndicatorPage, language: str) -> Chart | None:
    if page.plan is None:
        return None
    fact, plan = _number(page.line.value), _number(page.plan.value)
    if fact is None or not plan:
        return None
    label = page.line.value.period.name(language)
    names = (_("fact"), _("plan"))
    title, unit = _("Plan and fact"), _unit(page, language)
    return bullet([label], [fact], [plan], title=title, language=language, names=names, unit=unit)


def _breakdown(
    page: IndicatorPage, breakdown: Breakdown, language: str, places: Mapping[str, Place]
) -> Chart | None:
    rows = [(key, name.of(language), _number(value)) for key, name, value in breakdown.rows]
    unit = _unit(page, language)
    if breakdown.by == "territory" and len(rows) <= MOST_TILES:
        spots = scheme([key for key, _name, _value in rows], places)
        tiles = [Tile(name, *spots[key], value) for key, name, value in rows]
        note = _("A scheme: the tiles are not to scale.")
        return district_tiles(tiles, title=_("By territory"), language=language, note=note, unit=unit)
    if len(rows) > MOST_BARS:
        return None
    labels, values = [name for _key, name, _value in rows], [value for _key, _name, value in rows]
    name = page.line.passport.name.of(language)
    return bar(labels, [Series(name, values)], title=name, language=language, unit=unit)


def scheme(codes: Sequence[str], places: Mapping[str, Place]) -> dict[str, tuple[int, int]]:
    """Return a column and row for each territory, as they lie: north above, west on the left.

    `places` are the middles, longitude and latitude; without them territories stand in their order.
    """
    columns = max(1, ceil(sqrt(len(codes))))
    if any(code not in places for code in codes):
        return {code: (index % columns, index // columns) for index, code in enumerate(codes)}
    from_north = sorted(codes, key=lambda code: -places[code][1])
    found: dict[str, tuple[int, int]] = {}
    for row, start in enumerate(range(0, len(from_north), columns)):
        band = sorted(from_north[start : start + columns], key=lambda code: places[code][0])
        found |= {code: (column, row) for column, code in enumerate(band)}
    return found


def _number(value: Value) -> Decimal | None:
    if value.quantity is None or value.state is State.DISPUTED:
        return None
    return value.quantity.value


def _unit(page: IndicatorPage, language: str) -> str:
    return page.line.measure.symbol.of(language)
