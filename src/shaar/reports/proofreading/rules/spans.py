"""From so much to so much: «с 36,0 до 41,4 тыс. (на 15 %)», «вырос на 2,8 (с 58,4 до 61,2)», «с 5 до 3 дней».

The two ends are named by their prepositions, so what is told beside them can be about nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.digits import is_meant
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.text import Sentence, Text

FROM, TO = frozenset({"с", "со", "от"}), "до"
YEAR = r"(?:(?:в|во|за|к|на)\s+(?:\d{1,2}[.\s]\w+[.\s])?\d{4}(?:\s*г\w*\.?)?\s*)?"
AFTER = re.compile(
    rf"[\s\u00a0]*{YEAR}[\s,()–—-]*(?:(?:или|то есть|т\.\s?е\.|что|это|рост|снижение|составило|есть)\s+)*"
    r"(?P<how>на|в)?[\s\u00a0+−–-]*",
    re.IGNORECASE,
)
BEFORE = re.compile(r"[\s\u00a0]*[,(:–—-]*\s*(?:с|со|от)\s+", re.IGNORECASE)
RISE = re.compile("|".join(lexicon.phrases("directions", "rise")), re.IGNORECASE)
FALL = re.compile("|".join(lexicon.phrases("directions", "fall")), re.IGNORECASE)
FAR, WILD, HALF = 40, Decimal(3), Decimal("0.505")


@dataclass(frozen=True, slots=True)
class Span:
    """Two ends with what is told of them: how, «на» or «в», or neither."""

    first: Figure
    last: Figure
    told: Figure | None
    how: str


def find(text: Text) -> Iterator[Finding]:
    """Yield changes that are not those between the two ends told beside them, and wrong directions."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is None:
            for span in _spans(sentence):
                text.checked += 1
                yield from _judge(text, span)
                yield from _turned(text, sentence, span)


def _spans(sentence: Sentence) -> Iterator[Span]:
    found = sentence.quantities
    for at, (first, last) in enumerate(pairwise(found)):
        if not _are_ends(sentence, first, last):
            continue
        if at + 2 < len(found) and (
            match := AFTER.fullmatch(_between(sentence, last.stop, found[at + 2].start))
        ):
            yield Span(first, last, found[at + 2], (match["how"] or "").lower())
        elif at and BEFORE.fullmatch(_between(sentence, found[at - 1].stop, first.start)):
            lead = sentence.between(sentence.start, found[at - 1].start)
            word = lead[-1].text.lower() if lead else ""
            yield Span(first, last, found[at - 1], word if word in {"на", "в"} else "")
        else:
            yield Span(first, last, None, "")


def _are_ends(sentence: Sentence, first: Figure, last: Figure) -> bool:
    if not first.is_exact or last.value is None or last.upper is not None:
        return False
    if first.base <= 0 or last.base <= 0:
        return False
    if first.dimension != last.dimension or last.start - first.stop > FAR:
        return False
    before = _between(sentence, sentence.start, first.start).split()[-1:]
    middle = _between(sentence, first.stop, last.start).split()[-1:]
    return bool(before) and before[0].lower().lstrip("(") in FROM and bool(middle) and middle[0].lower() == TO


def _between(sentence: Sentence, start: int, end: int) -> str:
    return sentence.text[max(0, start - sentence.start) : max(0, end - sentence.start)]


def _judge(text: Text, span: Span) -> Iterator[Finding]:
    told = span.told
    if told is None or not told.is_exact:
        return
    first, last = span.first.base, span.last.base
    blur = (span.first.base_step / first + span.last.base_step / last) / 2
    if told.dimension == "percent" and span.first.dimension != "percent":
        ratio = last / first * 100
        right = abs(ratio - 100) if span.how == "на" else ratio
        yield from _wrong(text, span, told, right, told.step * HALF + ratio * blur, "percent")
    elif told.dimension == "times" and told.base >= 1:
        ratio = max(first, last) / min(first, last)
        room = (told.step * HALF if told.step < 1 else Decimal("0.3")) + ratio * blur
        yield from _wrong(text, span, told, ratio, room, "multiple")
    elif span.how == "на" and told.dimension == span.first.dimension:
        room = (span.first.base_step + span.last.base_step + told.base_step) / 2
        yield from _wrong(text, span, told, abs(last - first), room, "difference")
        yield from _whole(text, span, told, room)


def _whole(text: Text, span: Span, told: Figure, room: Decimal) -> Iterator[Finding]:
    """Judge whole numbers that rounding alone might explain: «с 12 до 8 минут, или на 3 минуты»."""
    right = abs(span.last.base - span.first.base)
    if not 0 < abs(told.base - right) <= room or any(one.step < 1 for one in (told, span.first, span.last)):
        return
    for found in _wrong(text, span, told, right, Decimal(0), "difference"):
        yield replace(found, severity=Severity.WARNING)


def _wrong(
    text: Text, span: Span, told: Figure, right: Decimal, room: Decimal, code: str
) -> Iterator[Finding]:
    if abs(told.base - right) <= room or right <= 0 or not is_meant(told.base, right, WILD):
        return
    factor = Decimal(10) ** told.scale * (told.unit.factor if told.unit else 1) if code == "difference" else 1
    shown = round(right / factor, max(1, -int(told.step.as_tuple().exponent)))
    stated = told.written if code == "difference" else plain(told.base)
    ends = (span.last, span.first) if span.last.base >= span.first.base else (span.first, span.last)
    words = sentences(code, stated=stated, right=shown, first=ends[0].written, second=ends[1].written)
    spots = (text.spot_of(told), text.spot_of(span.first), text.spot_of(span.last))
    yield Finding(code, Severity.ERROR, spots, words, {"stated": stated, "right": plain(shown)})


def _turned(text: Text, sentence: Sentence, span: Span) -> Iterator[Finding]:
    """Judge the direction: what «вырос» does not go down."""
    told = span.told if span.told is not None and span.told.start < span.first.start else span.first
    before = [one.stop for one in sentence.quantities if one.stop <= told.start]
    clause = _between(sentence, max(before, default=sentence.start), told.start).rpartition(";")[2]
    is_rise, is_fall = RISE.search(clause) is not None, FALL.search(clause) is not None
    if is_rise == is_fall or " не " in clause.lower() or span.first.base == span.last.base:
        return
    if is_rise != (span.last.base > span.first.base):
        code = "direction_rise" if is_rise else "direction_fall"
        words = sentences(code, first=span.first.written, last=span.last.written)
        spots = (text.spot_of(span.first), text.spot_of(span.last))
        yield Finding("difference", Severity.ERROR, spots, words, {"stated": "rise" if is_rise else "fall"})
