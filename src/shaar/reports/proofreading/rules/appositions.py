"""One quantity written twice side by side: «0,45 кв. км, или 45 га», «двенадцать (12)»."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.digits import core, is_power_of_ten, is_slipped
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.text import Sentence, Text

LINK = re.compile(
    rf"[\s,–—-]*(?:{'|'.join(map(re.escape, lexicon.plain_phrases('apposition')))})\s*", re.IGNORECASE
)
EACH = frozenset(lexicon.phrases("rates", "each"))
BRACKET = re.compile(r"\s*\(\s*(?:это )?")
CLOSED = re.compile(r"\s*(?:[^\W\d]+\s*)?\)")
FAMILIES = {
    "litre": ("volume", Decimal("0.001")),
    "time.minute": ("hours", Decimal(1)),
    "time.hour": ("hours", Decimal(60)),
    "time.day": ("hours", Decimal(1440)),
    "time.week": ("hours", Decimal(10080)),
    "time.month": ("months", Decimal(1)),
    "time.year": ("months", Decimal(12)),
}
PHYSICAL = frozenset({"length", "area", "volume", "mass", "energy", "power"})
MEASURES = frozenset({"length", "area", "mass"})
NEAR, FAR = Decimal("0.35"), Decimal("0.7")


def find(text: Text) -> Iterator[Finding]:
    """Yield quantities whose second writing beside them is worth something else."""
    for sentence in text.sentences:
        for first, second in pairwise(sentence.quantities):
            if first.value == 1 and first.is_word:
                continue
            if first.is_exact and second.is_exact and (link := _link(sentence, first, second)):
                yield from _judge(text, first, second, link)


def _link(sentence: Sentence, first: Figure, second: Figure) -> str:
    between = sentence.text[first.stop - sentence.start : second.start - sentence.start]
    if any(word.has_lemma(EACH) for word in sentence.tail(second)[:3]):
        return ""
    if BRACKET.fullmatch(between):
        return "bracket" if CLOSED.match(sentence.text, second.stop - sentence.start) else ""
    return "words" if LINK.fullmatch(between) else ""


def _judge(text: Text, first: Figure, second: Figure, link: str) -> Iterator[Finding]:
    if first.is_word != second.is_word and link == "bracket" and _is_same_thing(first, second):
        text.checked += 1
        if first.base != second.base:
            yield _finding(text, first, second, first.base)
        return
    if link == "bracket" and _is_other_unit(first, second):
        text.checked += 1
        spot = text.spot_of(second)
        words = sentences(f"unit_{first.dimension}", written=spot.quote)
        facts = {"expected": first.dimension, "found": second.dimension}
        yield Finding("unit", Severity.ERROR, (spot, text.spot_of(first)), words, facts)
        return
    one, other = _measure(first), _measure(second)
    if one is None or other is None or one[0] != other[0] or _is_same_writing(first, second):
        return
    text.checked += 1
    room = (_step(first) + _step(second)) / 2
    if abs(one[1] - other[1]) > room and _is_meant(one[1], other[1], link):
        yield _finding(text, first, second, _in_unit_of(second, one[1]))


def _is_other_unit(first: Figure, second: Figure) -> bool:
    """Tell whether figures of the same digits are of different dimensions: «3,2 га (32 000 км)»."""
    dimensions = {first.dimension, second.dimension}
    is_odd = len(dimensions) == 2 and dimensions <= MEASURES
    return is_odd and core(first.value or Decimal(0)) == core(second.value or Decimal(0)) != ""


def _is_same_thing(first: Figure, second: Figure) -> bool:
    if first.unit is not None and second.unit is not None and first.unit != second.unit:
        return False
    return not (first.phrase.head_word and second.phrase.head_word) or first.sort == second.sort


def _measure(figure: Figure) -> tuple[str, Decimal] | None:
    """Return the family of units a figure belongs to and its worth there."""
    name, factor = FAMILIES.get(figure.dimension, (figure.dimension, Decimal(1)))
    is_known = name in {"hours", "months", *PHYSICAL} or name.startswith("money")
    is_scaled = figure.dimension == "count" and figure.scale > 0
    return (name, figure.base * factor) if (figure.unit and is_known) or is_scaled else None


def _step(figure: Figure) -> Decimal:
    if figure.dimension.startswith("time") and figure.step >= 1:
        return Decimal(0)
    return figure.base_step * FAMILIES.get(figure.dimension, ("", Decimal(1)))[1]


def _is_same_writing(first: Figure, second: Figure) -> bool:
    return first.unit == second.unit and first.scale == second.scale


def _is_meant(first: Decimal, second: Decimal, link: str) -> bool:
    """Tell whether two unequal worths are so alike that the same was meant."""
    if not first or not second:
        return False
    if is_power_of_ten(first / second) or is_slipped(core(first), core(second)):
        return True
    return abs(first - second) <= (NEAR if link == "bracket" else FAR) * max(first, second)


def _in_unit_of(figure: Figure, worth: Decimal) -> Decimal:
    own = _measure(figure)
    return worth * (figure.value or Decimal(1)) / own[1] if own and own[1] else worth


def _finding(text: Text, first: Figure, second: Figure, right: Decimal) -> Finding:
    factor = Decimal(10) ** second.scale
    shown = plain((right / factor).quantize(Decimal("0.0001")).normalize())
    unit = text.spot_of(replace(second, start=second.end)).quote.strip() if second.unit else ""
    spots = (text.spot_of(first), text.spot_of(second))
    words = sentences(
        "conversion",
        first=spots[0].quote,
        second=spots[1].quote,
        right=f"{shown} {_scale(second)}{unit}".strip(),
    )
    return Finding("conversion", Severity.ERROR, spots, words, {"right": shown})


def _scale(figure: Figure) -> str:
    sign = {3: "тыс. ", 6: "млн ", 9: "млрд ", 12: "трлн "}
    return sign.get(figure.scale, "")
