"""Charts as SVG with presentation attributes only, each with its alternative text and table of values.

The drawings read in greyscale print: every mark carries its value, series differ by pattern as well as by
shade. Text takes the colour of its surroundings (`currentColor`), so a chart suits a light and a dark page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

from shaar.kernel.writing import format_number
from shaar.ui.chartdata import ChartData, of

LETTER = 10  # about the width of a digit
WIDTH = 480
FONT = 'font-family="Golos Text, Arial, sans-serif"'
SHADES = ("#0b4f4a", "#3d9c93", "#a3cfc9", "#d9a441", "#6b6f76")
LEGEND_LINE = 24
NO_DATA = "—"


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: the first row of `table` is its header; `data` lets a script draw it again."""

    svg: str
    title: str
    alt: str
    table: list[list[str]]
    data: ChartData | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of values; None is a missing value and is never drawn as zero."""

    name: str
    values: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class Tile:
    """A district at its place in a schematic map, column and row counted from 0."""

    label: str
    column: int
    row: int
    value: Decimal | None


def bar(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    language: str,
    heading: str = "",
    unit: str = "",
) -> Chart:
    """Draw horizontal bars, one group for each label; the scale starts at zero."""
    top = _largest(value for one in series for value in one.values)
    parts, y = _legend(series) if len(series) > 1 else ([], 0)
    for index, label in enumerate(labels):
        parts.append(words_at(0, y + 16, label))
        y += 24
        for place, one in enumerate(series):
            parts += _bar(y, one.values[index], top, shade=place, language=language)
            y += 26
        y += 8
    data = of("bars", labels, series, language=language, unit=unit)
    return finished(parts, y, title, table_of(labels, series, language, heading, unit), data)


def stacked_bar(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    language: str,
    heading: str = "",
    unit: str = "",
) -> Chart:
    """Draw one bar for each label, its parts side by side; a part's name and value stand in the legend."""
    parts, y = _legend(series, language=language if len(labels) == 1 else "")
    for index, label in enumerate(labels):
        values = [one.values[index] or Decimal(0) for one in series]
        total = sum(values) or Decimal(1)
        if len(labels) > 1:
            parts.append(words_at(0, y + 16, label))
            y += 24
        x = 0.0
        for place, value in enumerate(values):
            width = float(value / total) * WIDTH
            parts += _block(x, y, width, 44, shade=place)
            x += width
        y += 56
    data = of("stacked", labels, series, language=language, unit=unit)
    return finished(parts, y, title, table_of(labels, series, language, heading, unit), data)


def bullet(
    labels: Sequence[str],
    facts: Sequence[Decimal | None],
    plans: Sequence[Decimal | None],
    *,
    title: str,
    language: str,
    names: tuple[str, str],
    heading: str = "",
    unit: str = "",
) -> Chart:
    """Draw facts as bars and their plans as a stroke across; `names` are the words for fact and plan."""
    top = _largest([*facts, *plans])
    parts, y = [], 0
    for label, fact, plan in zip(labels, facts, plans, strict=True):
        parts.append(words_at(0, y + 16, label))
        x = float((plan or Decimal(0)) / top) * WIDTH * 0.78
        parts += _bar(y + 26, fact, top, shade=1, language=language, height=28, stroke=x)
        y += 62
        if plan is not None:
            parts.append(f'<path d="M{x:.1f} {y - 42}v40" stroke="currentColor" stroke-width="4"/>')
            written = f"{names[1]}: {format_number(plan, language)}"
            parts.append(words_at(x, y + 14, written, size=13, anchor="end" if x > WIDTH / 2 else "start"))
            y += 22
        y += 8
    series = (Series(names[0], facts), Series(names[1], plans))
    data = of("bullet", labels, series, language=language, unit=unit)
    return finished(parts, y, title, table_of(labels, series, language, heading, unit), data)


def line(
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    language: str,
    heading: str = "",
    unit: str = "",
) -> Chart:
    """Draw values over periods; a missing value breaks the line, a lone value is a point."""
    top = _largest(value for one in series for value in one.values)
    parts, y = _legend(series) if len(series) > 1 else ([], 8)
    height, left = 200, 12.0
    step = (WIDTH - 2 * left) / max(1, len(labels) - 1)
    parts.append(f'<path d="M0 {y + height}h{WIDTH}" stroke="currentColor" stroke-width="1"/>')
    for place, one in enumerate(series):
        points = [
            (left + index * step, y + height - float(value / top) * (height - 24), value)
            for index, value in enumerate(one.values)
            if value is not None
        ]
        parts += _strokes(one.values, points, shade=place)
        labelled = points if len(labels) <= 6 else points[-1:]
        parts += [
            words_at(x, at - 10, format_number(value, language), size=13, anchor=_side(x))
            for x, at, value in labelled
        ]
    every = max(1, -(-len(labels) // 6))
    parts += [
        words_at(left + index * step, y + height + 20, label, size=13, anchor=_side(left + index * step))
        for index, label in enumerate(labels)
        if index % every == 0
    ]
    data = of("lines", labels, series, language=language, unit=unit)
    return finished(parts, y + height + 30, title, table_of(labels, series, language, heading, unit), data)


def district_tiles(
    tiles: Sequence[Tile], *, title: str, language: str, heading: str = "", note: str = "", unit: str = ""
) -> Chart:
    """Draw districts as equal tiles in their rough places: a scheme, not a map; `note` must say so."""
    columns = 1 + max((tile.column for tile in tiles), default=0)
    rows = 1 + max((tile.row for tile in tiles), default=0)
    top, side, height = _largest(tile.value for tile in tiles), WIDTH / columns, 96
    parts = []
    for tile in tiles:
        x, y = tile.column * side, tile.row * height
        share = float((tile.value or Decimal(0)) / top)
        parts.append(
            f'<rect x="{x + 3:.1f}" y="{y + 3}" width="{side - 6:.1f}" height="{height - 6}" rx="6" '
            f'fill="#0b4f4a" fill-opacity="{0.06 + 0.3 * share:.2f}" stroke="currentColor"/>'
        )
        parts.append(words_at(x + side / 2, y + 36, tile.label, size=14, anchor="middle"))
        parts.append(
            words_at(x + side / 2, y + 70, _number(tile.value, language), size=24, anchor="middle", bold=True)
        )
    total = rows * height
    if note:
        parts.append(words_at(0, total + 18, note, size=12))
        total += 26
    labels = [tile.label for tile in tiles]
    series = [Series(unit or title, [tile.value for tile in tiles])]
    data = replace(of("areas", labels, series, language=language), shapes=tuple(map(_square, tiles)))
    return finished(parts, total, title, table_of(labels, series, language, heading, ""), data)


def _square(tile: Tile) -> dict[str, Any]:
    west, east, south, north = tile.column, tile.column + 0.96, -tile.row - 0.96, -tile.row
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def finished(
    parts: Sequence[str], height: float, title: str, table: list[list[str]], data: ChartData | None = None
) -> Chart:
    """Return a chart of drawn parts, with its alternative text made of the table."""
    head, *rows = table
    said = "; ".join(
        f"{row[0]}: "
        + ", ".join(
            f"{name} — {cell}" if len(head) > 2 else cell
            for name, cell in zip(head[1:], row[1:], strict=True)
        )
        for row in rows
    )
    alt = f"{title}. {said}."
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
        f'width="{WIDTH}" height="{height:.0f}" '
        f'role="img" aria-label={quoteattr(alt)} {FONT}>{_patterns()}{"".join(parts)}</svg>'
    )
    unique = f"shade-{crc32(svg.encode()):08x}"
    return Chart(svg.replace("chart-shade", unique), title, alt, table, data)


def _patterns() -> str:
    strokes = ("", "M-2 10L10 -2M-2 2L2 -2M6 10L10 6", "M0 4H8", "M4 0V8", "M0 4H8M4 0V8")
    drawn = "".join(
        f'<pattern id="chart-shade-{index}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{shade}"/>'
        + (f'<path d="{stroke}" stroke="#ffffff" stroke-opacity="0.7" stroke-width="1.5"/>' if stroke else "")
        + "</pattern>"
        for index, (shade, stroke) in enumerate(zip(SHADES, strokes, strict=True))
    )
    return f"<defs>{drawn}</defs>"


def _legend(series: Sequence[Series], *, language: str = "") -> tuple[list[str], int]:
    parts = []
    for index, one in enumerate(series):
        y = index * LEGEND_LINE
        parts += _block(0, y + 2, 16, 16, shade=index)
        value = f": {_number(one.values[0], language)}" if language else ""
        parts.append(words_at(24, y + 16, f"{one.name}{value}"))
    return parts, len(series) * LEGEND_LINE + 8


def _bar(
    y: float,
    value: Decimal | None,
    top: Decimal,
    *,
    shade: int,
    language: str,
    height: int = 22,
    stroke: float = 0,
) -> list[str]:
    """Draw a bar with its number behind it, or behind a stroke that the number would cover."""
    width = float((value or Decimal(0)) / top) * WIDTH * 0.78
    drawn = _block(0, y, width, height, shade=shade) if value else []
    written = _number(value, language)
    is_covered = width < stroke < width + 12 + LETTER * len(written)
    at = (stroke if is_covered else width) + 8
    return [*drawn, words_at(at, y + height / 2 + 5, written, bold=True)]


def _block(x: float, y: float, width: float, height: float, *, shade: int) -> list[str]:
    index = shade % len(SHADES)
    fill = f"url(#chart-shade-{index})" if index else SHADES[0]
    size = f'width="{max(width, 1):.1f}" height="{height:.1f}"'
    return [f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{fill}" stroke="currentColor" stroke-width="0.5"/>']


def _strokes(
    values: Sequence[Decimal | None], points: Sequence[tuple[float, float, Decimal]], *, shade: int
) -> list[str]:
    dash = ("", ' stroke-dasharray="6 4"', ' stroke-dasharray="2 3"')[shade % 3]
    path, index, is_drawing = "", 0, False
    for value in values:
        if value is None:
            is_drawing = False
            continue
        x, y, _value = points[index]
        path += f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}"
        is_drawing, index = True, index + 1
    colour = SHADES[shade % len(SHADES)]
    marks = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}" stroke="currentColor"/>'
        for x, y, _value in points
    ]
    return [f'<path d="{path or "M0 0"}" fill="none" stroke="{colour}" stroke-width="3"{dash}/>', *marks]


def words_at(
    x: float, y: float, words: str, *, size: int = 15, anchor: str = "start", bold: bool = False
) -> str:
    """Return words at a place of the drawing, in the colour of the text around."""
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="currentColor"{weight}>'
        f"{escape(words)}</text>"
    )


def _side(x: float) -> str:
    return "start" if x < WIDTH * 0.1 else "end" if x > WIDTH * 0.9 else "middle"


def _number(value: Decimal | None, language: str) -> str:
    return NO_DATA if value is None else format_number(value, language)


def _largest(values: Iterable[Decimal | None]) -> Decimal:
    known = [value for value in values if value is not None]
    return max([*known, Decimal(0)]) or Decimal(1)


def table_of(
    labels: Sequence[str], series: Sequence[Series], language: str, heading: str, unit: str
) -> list[list[str]]:
    """Return labels and written values as rows, the head first."""
    names = [f"{one.name}, {unit}" if unit else one.name for one in series]
    rows = [
        [label, *(_number(one.values[index], language) for one in series)]
        for index, label in enumerate(labels)
    ]
    return [[heading, *names], *rows]
