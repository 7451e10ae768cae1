"""Length times width: «31,2 км дорог шириной 7 м – это 218 400 м²», «58,4 км, ширина – 11 м»."""

from collections.abc import Iterator
from decimal import Decimal

from shaar.reports.proofreading.digits import is_meant
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive
from shaar.reports.proofreading.text import Sentence, Text

WIDTH = "ширина"
NEAR, FACTOR, BLUR = 3, Decimal(2), Decimal("0.006")


def find(text: Text) -> Iterator[Finding]:
    """Yield areas that are not the only length of their sentence times the only width."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is not None:
            continue
        found = [one for one in sentence.quantities if is_additive(one)]
        lengths = [one for one in found if one.dimension == "length"]
        widths = [one for one in lengths if _is_width(sentence, one)]
        longs = [one for one in lengths if one not in widths]
        areas = [one for one in found if one.dimension == "area"]
        if len(widths) == len(longs) == len(areas) == 1:
            text.checked += 1
            yield from _judge(text, longs[0], widths[0], areas[0])


def _is_width(sentence: Sentence, one: Figure) -> bool:
    words = (*sentence.lead(one)[-NEAR:], *sentence.tail(one)[:2])
    return any(word.lemma == WIDTH for word in words)


def _judge(text: Text, long: Figure, width: Figure, area: Figure) -> Iterator[Finding]:
    """Compare in metres; each member may be off by half of its last digit."""
    right = long.base * width.base
    blur = (long.base_step / long.base + width.base_step / width.base) / 2 if right else Decimal(0)
    if abs(right - area.base) <= max(right * max(blur, BLUR), area.base_step) or right <= 0:
        return
    if not is_meant(area.base, right, FACTOR):
        return
    shown = round(right / area.factor / Decimal(10) ** area.scale, 1)
    words = sentences("product", number=long.written, rate=width.written, right=shown, stated=area.written)
    spots = (text.spot_of(area), text.spot_of(long), text.spot_of(width))
    facts = {"stated": str(area.base), "right": str(right)}
    yield Finding("product", Severity.ERROR, spots, words, facts)
