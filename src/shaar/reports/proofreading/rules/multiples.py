"""Multiples agree with what they compare: «в 2,5 раза больше», «вдвое», «на треть», «удвоился»."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import cued, is_base, is_difference, pairs
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text

WHOLE, EXACT, WORDS = Decimal("0.25"), Decimal("0.0001"), Decimal("0.06")
WILD, BACK = Decimal("2.5"), 12


@dataclass(frozen=True, slots=True)
class Claim:
    """So many times: where it is said, the ratio of the larger to the smaller, how far it may be rounded."""

    start: int
    end: int
    ratio: Decimal
    room: Decimal
    rough: Decimal


def find(text: Text) -> Iterator[Finding]:
    """Yield multiples that are not the ratio of the two figures they compare."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is None and _is_change(sentence):
            for claim in (*_numbers(sentence), *_words(sentence)):
                yield from _judge(text, index, claim)


def _is_change(sentence: Sentence) -> bool:
    return cued(sentence.words, "growth") or cued(sentence.words, "decline") or cued(sentence.words, "times")


def _numbers(sentence: Sentence) -> Iterator[Claim]:
    for figure in sentence.quantities:
        if figure.dimension == "times" and figure.is_exact and figure.base >= 1:
            room = figure.step / 2 if figure.step < 1 else WHOLE
            yield Claim(figure.start, figure.stop, figure.base, room + EXACT, figure.step)


def _words(sentence: Sentence) -> Iterator[Claim]:
    body = sentence.text.lower().replace("ё", "е")
    for word in sentence.words:
        for key in word.keys & lexicon.fractions("times").keys():
            if not _is_loose(body, word.start - sentence.start):
                ratio = lexicon.fractions("times")[key]
                yield Claim(word.start, word.end, ratio, ratio * WORDS, Decimal("0.3"))
                break
    is_fall = cued(sentence.words, "decline")
    for phrase, part in lexicon.fractions("by").items():
        at = body.find(phrase)
        if at >= 0 and not _is_loose(body, at) and is_fall != cued(sentence.words, "growth"):
            ratio = 1 / (1 - part) if is_fall else 1 + part
            start = sentence.start + at
            yield Claim(start, start + len(phrase), ratio, (ratio - 1) * 2 * WORDS, Decimal("0.05"))


def _is_loose(body: str, at: int) -> bool:
    return body[:at].rstrip().endswith(lexicon.phrases("fractions", "loose"))


def _judge(text: Text, index: int, claim: Claim) -> Iterator[Finding]:
    sentence = text.sentences[index]
    own = _countable(sentence)
    before = _countable(_beside(text, index, -1))
    after = _countable(_beside(text, index, 1))
    if any(_fits(claim, *pair) for pair in pairs((*own, *before, *after))):
        text.checked += 1
        return
    two = _pair(sentence, claim, own) or _across(own, before) or _only(text, index, own)
    if two is None and len(own) == len(after) == 1:
        two = _two([*own, *after])
    if two is None and not own:
        two = _two(before) or _two(after)
    if two is None or not min(two[0].base, two[1].base):
        return
    is_beside = len(own) == 1 and sum(_is_alike(each, own[0]) for each in before) == 1
    if not is_beside and not all(one in own for one in two) and _is_far(text, index, claim, own):
        return
    text.checked += 1
    larger, smaller = sorted(two, key=lambda each: -each.base)
    if larger.base / smaller.base <= claim.ratio * WILD:
        yield _finding(text, sentence, claim, larger, smaller)


def _beside(text: Text, index: int, step: int) -> Sentence | None:
    """Return the sentence before or after, where it is of the same passage."""
    at = index + step
    if not 0 <= at < len(text.sentences):
        return None
    other = text.sentences[at]
    return other if other.passage == text.sentences[index].passage else None


def _is_far(text: Text, index: int, claim: Claim, own: Sequence[Figure]) -> bool:
    """Tell whether a figure farther up is what a figure of the sentence is compared with."""
    for sentence in text.sentences[max(0, index - BACK) : index]:
        for far in _countable(sentence):
            if any(_fits(claim, *pair) for one in own for pair in pairs((far, one))):
                return True
    return False


def _countable(sentence: Sentence | None) -> list[Figure]:
    if sentence is None:
        return []
    found = [each for each in sentence.quantities if is_additive(each) or _is_time(each)]
    return [each for each in found if each.value != 1 or not (each.is_word or each.unit)]


def _is_time(figure: Figure) -> bool:
    return figure.is_exact and figure.dimension.startswith("time.")


def _fits(claim: Claim, first: Figure, second: Figure) -> bool:
    room = claim.room + (first.base_step + second.base_step * claim.ratio) / 2 / second.base
    return abs(first.base / second.base - claim.ratio) <= room


def _two(found: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """Return the only two figures, where they are of one kind."""
    return (found[0], found[1]) if len(found) == 2 and _is_alike(*found) else None


def _pair(sentence: Sentence, claim: Claim, own: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """Return the two figures of a sentence that a multiple compares: the only ones, or those beside it."""
    only = _two([each for each in own if not is_difference(sentence, each)])
    if only:
        is_before = only[0].start < claim.start
        between = sentence.text[claim.end - sentence.start : max(0, only[0].start - sentence.start)]
        if any(mark in between for mark in (", а ", ", но ", ";")):
            return None
        is_told = any(mark in between for mark in (":", "(", "–", "—"))
        return only if is_before or is_told or any(is_base(sentence, each) for each in only) else None
    last = [each for each in own if each.end <= claim.start][-2:]
    near = _two(last)
    is_told = near is not None and sum(is_base(sentence, each) for each in last) == 1
    return near if is_told and len(own) <= 4 else None


def _across(own: Sequence[Figure], before: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """Return the only figure of a sentence with the last one like it of the sentence before."""
    if len(own) != 1:
        return None
    alike = [each for each in before if _is_alike(each, own[0])]
    return (alike[-1], own[0]) if alike else None


def _only(text: Text, index: int, own: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """Return the only figure of a sentence with the only one that counts the same above in the passage."""
    own = [each for each in own if is_additive(each)]
    if len(own) != 1 or not own[0].phrase.head_word:
        return None
    sentence = text.sentences[index]
    above = [each for each in text.of_passage(sentence.passage) if each.start < sentence.start]
    alike = [one for each in above for one in _countable(each) if one.sort and one.sort == own[0].sort]
    return (alike[0], own[0]) if len(alike) == 1 and is_same_kind(alike[0], own[0]) else None


def _is_alike(one: Figure, other: Figure) -> bool:
    is_named = bool(one.phrase.head_word and other.phrase.head_word)
    return is_same_kind(one, other) and (one.sort == other.sort or not is_named)


def _finding(text: Text, sentence: Sentence, claim: Claim, larger: Figure, smaller: Figure) -> Finding:
    ratio = larger.base / smaller.base
    spot = text.spot(sentence.passage, claim.start, claim.end)
    right = round(ratio, max(1, -int(claim.rough.as_tuple().exponent)))
    stated = plain(round(claim.ratio, 2))
    values = {"stated": stated, "first": larger.written, "second": smaller.written}
    severity = (
        Severity.WARNING if abs(ratio - claim.ratio) <= min(claim.rough, Decimal("0.5")) else Severity.ERROR
    )
    facts = {"stated": stated, "right": str(right)}
    spots = (spot, text.spot_of(larger), text.spot_of(smaller))
    return Finding("multiple", severity, spots, sentences("multiple", right=right, **values), facts)
