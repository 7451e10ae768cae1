"""Charts of shades: the days of a year, and areas by their real outlines. The number stands beside the shade.

A shade grows in equal steps from the least value to the greatest, and each step has a hatch of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import cos, radians
from typing import Any
from xml.sax.saxutils import escape

from babel.dates import get_month_names
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from shaar.kernel.writing import format_number
from shaar.ui.chartdata import of, written
from shaar.ui.charts import WIDTH, Chart, Series, finished, table_of, words_at

STEPS = 5
OPACITY = (0.1, 0.28, 0.48, 0.72, 1.0)
GREEN = "#0b4f4a"
CELL = 8.4
LEFT = 20.0
WEEK = 7
TALLEST = 400


@dataclass(frozen=True, slots=True)
class Outline:
    """An area with its GeoJSON geometry in WGS 84 and its value."""

    label: str
    geometry: Mapping[str, Any]
    value: Decimal | None


def calendar(
    values: Mapping[date, Decimal], *, year: int, title: str, language: str, heading: str = "", unit: str = ""
) -> Chart:
    """Draw the days of a year, a column for each week; the table holds the months' sums and busiest days."""
    days = [
        date(year, 1, 1) + timedelta(number)
        for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
    low, high = _span([values[day] for day in days if day in values])
    months = get_month_names("abbreviated", locale=language, context="stand-alone")
    first = days[0].weekday()
    parts: list[str] = []
    for number, day in enumerate(days):
        column, row = divmod(number + first, WEEK)
        x, y = LEFT + column * CELL, 26 + row * (CELL + 4)
        parts.append(_day(x, y, day, values.get(day), low, high, language))
        if day.day == 1:
            parts.append(words_at(x, 14, str(months[day.month]), size=11))
    bottom = 26 + WEEK * (CELL + 4) + 8
    parts += _scale(bottom, low, high, language)
    series = [Series(unit or title, [values.get(day) for day in days])]
    data = of("calendar", [day.isoformat() for day in days], series, language=language)
    return finished(parts, bottom + 24, title, _months(values, year, language, heading, unit or title), data)


def choropleth(
    areas: Sequence[Outline], *, title: str, language: str, heading: str = "", note: str = "", unit: str = ""
) -> Chart:
    """Draw areas by their outlines, each with its name and number; `note` says where an outline is rough."""
    drawn = [shape(dict(one.geometry)) for one in areas]
    low, high = _span([one.value for one in areas if one.value is not None])
    west, south, east, north = _bounds(drawn)
    stretch = cos(radians((south + north) / 2))
    scale = min(WIDTH / ((east - west) * stretch or 1), TALLEST / ((north - south) or 1))
    parts: list[str] = []
    for one, geometry in zip(areas, drawn, strict=True):
        path = "".join(_rings(geometry, west, north, scale, stretch))
        shade = _step(one.value, low, high)
        fill = f'fill="{GREEN}" fill-opacity="{OPACITY[shade] * 0.55:.2f}"' if shade >= 0 else 'fill="none"'
        label = f"<title>{escape(one.label)}: {escape(written(one.value, language))}</title>"
        parts.append(f'<path d="{path}" {fill} stroke="currentColor" fill-rule="evenodd">{label}</path>')
    for one, geometry in zip(areas, drawn, strict=True):
        spot = geometry.representative_point()
        x, y = (spot.x - west) * stretch * scale, (north - spot.y) * scale
        parts.append(words_at(x, y, one.label, size=12, anchor="middle"))
        parts.append(words_at(x, y + 19, written(one.value, language), size=17, anchor="middle", bold=True))
    height = (north - south) * scale
    if note:
        parts.append(words_at(0, height + 18, note, size=12))
    labels = [one.label for one in areas]
    series = [Series(unit or title, [one.value for one in areas])]
    data = replace(
        of("areas", labels, series, language=language), shapes=tuple(one.geometry for one in areas)
    )
    return finished(parts, height + 26, title, table_of(labels, series, language, heading, ""), data)


def _day(
    x: float, y: float, day: date, value: Decimal | None, low: Decimal, high: Decimal, language: str
) -> str:
    step = _step(value, low, high)
    fill = f'fill="{GREEN}" fill-opacity="{OPACITY[step]}"' if step >= 0 else 'fill="none"'
    size = f'width="{CELL - 1.2:.1f}" height="{CELL + 2.4:.1f}"'
    label = f"{day.isoformat()}: {written(value, language)}"
    stroke = 'stroke="currentColor" stroke-width="0.4" stroke-opacity="0.5"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} {fill} {stroke}><title>{escape(label)}</title></rect>'


def _scale(y: float, low: Decimal, high: Decimal, language: str) -> list[str]:
    squares = [
        f'<rect x="{WIDTH - 150 + step * 18}" y="{y}" width="16" height="12" fill="{GREEN}" '
        f'fill-opacity="{OPACITY[step]}" stroke="currentColor" stroke-width="0.4"/>'
        for step in range(STEPS)
    ]
    ends = (
        words_at(WIDTH - 156, y + 11, format_number(low, language, precision=0), size=11, anchor="end"),
        words_at(WIDTH - 54, y + 11, format_number(high, language, precision=0), size=11),
    )
    return [*squares, *ends]


def _months(
    values: Mapping[date, Decimal], year: int, language: str, heading: str, name: str
) -> list[list[str]]:
    months = get_month_names("wide", locale=language, context="stand-alone")
    rows = [[heading, name]]
    for month in range(1, 13):
        held = [value for day, value in values.items() if (day.year, day.month) == (year, month)]
        rows.append([str(months[month]), written(sum(held, Decimal(0)) if held else None, language)])
    return rows


def _span(known: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    return (min(known), max(known)) if known else (Decimal(0), Decimal(0))


def _step(value: Decimal | None, low: Decimal, high: Decimal) -> int:
    """Return the step of a value from 0, -1 for a missing one."""
    if value is None:
        return -1
    return STEPS - 1 if high == low else min(STEPS - 1, int((value - low) / (high - low) * STEPS))


def _bounds(drawn: Sequence[BaseGeometry]) -> tuple[float, float, float, float]:
    bounds = [one.bounds for one in drawn] or [(0.0, 0.0, 1.0, 1.0)]
    west, south = min(one[0] for one in bounds), min(one[1] for one in bounds)
    return west, south, max(one[2] for one in bounds), max(one[3] for one in bounds)


def _rings(geometry: BaseGeometry, west: float, north: float, scale: float, stretch: float) -> Iterator[str]:
    for part in getattr(geometry, "geoms", [geometry]):
        for ring in (part.exterior, *part.interiors):
            points = (f"{(x - west) * stretch * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring.coords)
            yield f"M{'L'.join(points)}z"
