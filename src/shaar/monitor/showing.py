"""A tile as a page shows it, in one language; the page, the wall and the live stream show the same markup."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext, override

from shaar.indicators import api as indicators
from shaar.indicators.api import UnitOfMeasure
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import LANGUAGES
from shaar.kernel.writing import format_number, format_quantity
from shaar.monitor.declared import Monitor, Tile
from shaar.monitor.readings import Reading
from shaar.monitor.wording import SIGNS, direction, moment, state_words

WIDTH, HEIGHT, EDGE = 120, 32, 3
NO_VALUE = "—"
FEWEST_POINTS = 2


@dataclass(frozen=True, slots=True)
class TileView:
    """One tile in words and numbers of a language."""

    code: str
    name: str
    href: str
    value: str
    symbol: str
    period: str
    state: str
    sign: str
    words: str
    target: str
    share: str
    spark: str
    dot: tuple[str, str]
    trend: str
    age: str
    changed: str
    is_open: bool


def tile_view(monitor: Monitor, reading: Reading, *, changed_at: datetime) -> TileView:
    """Return a tile in the active language."""
    tile, language = monitor.tile(reading.tile), get_language() or "ru"
    passport = indicators.passport(tile.indicator)
    state, words = state_words(reading.standing, reading.level)
    quantity = reading.quantity
    value = format_quantity(quantity, language, precision=passport.precision) if quantity else NO_VALUE
    path, dot = spark(reading)
    return TileView(
        code=tile.code,
        name=passport.name.of(language),
        href=reverse("monitor:tile", args=[tile.code]),
        value=value,
        symbol=measured_in(indicators.measure(passport.measure), quantity, language) if quantity else "",
        period=reading.shown.name(language) if quantity else "",
        state=state,
        sign=SIGNS[state],
        words=words,
        target=_target(reading, language, passport.precision),
        share=f"{format_number(reading.share * 100, language, precision=0)} %"
        if reading.share is not None
        else "",
        spark=path,
        dot=dot,
        trend=trend_words(reading, language, passport.precision),
        age=moment(reading.last_at),
        changed=moment(changed_at),
        is_open=reading.is_open,
    )


def measured_in(measure: UnitOfMeasure, quantity: Quantity, language: str) -> str:
    """Return the measure's name as it agrees with an exact number (1 парк, 2 парка); «км» stays as it is."""
    number, symbol = quantity.value, measure.symbol.of(language)
    is_short = symbol not in {one.of(language) for one in (measure.one, measure.few, measure.many)}
    if is_short or number is None or quantity.qualifier is not Qualifier.EXACT:
        return symbol
    form = plural_form(abs(number), language[:2])
    return {"one": measure.one, "few": measure.few, "many": measure.many}[form].of(language)


def plural_form(number: Decimal, language: str) -> str:
    """Return "one", "few" or "many" for a number; Kyrgyz has one form, Russian fractions take "few"."""
    if language == "ky":
        return "one"
    if language != "ru":
        return "one" if number == 1 else "many"
    if number % 1:
        return "few"
    last, last_two = number % 10, number % 100
    if last == 1 and last_two != 11:
        return "one"
    return "few" if 2 <= last <= 4 and not 12 <= last_two <= 14 else "many"


def markup(monitor: Monitor, reading: Reading, *, changed_at: datetime) -> dict[str, Any]:
    """Return what the live stream sends of a tile: its markup in each language, its state and its owner."""
    found: dict[str, Any] = {"owner": owner(monitor.tile(reading.tile))}
    for language in LANGUAGES:
        with override(language):
            view = tile_view(monitor, reading, changed_at=changed_at)
            found[language] = render_to_string("monitor/tile.html", {"tile": view}).strip()
            found["state"] = view.state
    return found


def owner(tile: Tile) -> str:
    """Return the unit in whose scope a tile lies: its own, else the owner of its indicator."""
    return tile.unit or indicators.passport(tile.indicator).owner


def spark(reading: Reading) -> tuple[str, tuple[str, str]]:
    """Return the trend as the path of a drawing, broken where nothing was reported, and where it ends."""
    known = [one.value for one in reading.points if one.value is not None]
    if len(known) < FEWEST_POINTS:
        return "", ("", "")
    low, high, count = min(known), max(known), len(reading.points) - 1
    path, is_down = "", False
    x = y = ""
    for place, one in enumerate(reading.points):
        if one.value is None:
            is_down = False
            continue
        x = f"{EDGE + (WIDTH - 2 * EDGE) * place / count:.1f}"
        y = f"{_height(one.value, low, high):.1f}"
        path += f"{'L' if is_down else 'M'}{x} {y}"
        is_down = True
    return path, (x, y)


def trend_words(reading: Reading, language: str, precision: int | None) -> str:
    """Return the trend as a sentence: from what to what, the least and the greatest value."""
    known = [one.value for one in reading.points if one.value is not None]
    if len(known) < FEWEST_POINTS:
        return ""
    written = [
        format_number(one, language, precision=precision)
        for one in (known[0], known[-1], min(known), max(known))
    ]
    return gettext(
        "Trend over %(count)d periods, %(way)s: from %(first)s to %(last)s, least %(low)s, greatest %(high)s."
    ) % {
        "count": len(reading.points),
        "way": direction(float(known[0]), float(known[-1])),
        "first": written[0],
        "last": written[1],
        "low": written[2],
        "high": written[3],
    }


def _height(value: Decimal, low: Decimal, high: Decimal) -> float:
    span = high - low
    part = float((value - low) / span) if span else 0.5
    return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * part


def _target(reading: Reading, language: str, precision: int | None) -> str:
    if reading.target is None:
        return ""
    target = format_number(reading.target, language, precision=None if reading.target % 1 else 0)
    if reading.expected is None or reading.expected == reading.target:
        return target
    return gettext("%(target)s, by now %(expected)s") % {
        "target": target,
        "expected": format_number(reading.expected, language, precision=max(precision or 0, 1)),
    }
