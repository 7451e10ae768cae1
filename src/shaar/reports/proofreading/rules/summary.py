"""Conclusions repeat what was said above: a figure there that differs by a slip of digits is an error."""

import re
from collections.abc import Iterator
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.digits import digits_of, is_slipped, is_swapped
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive
from shaar.reports.proofreading.text import Sentence, Text, matches

STEM, SHORT, LONG, LONGEST_HEADING = 5, 3, 4, 70
HEADING = re.compile("|".join(lexicon.phrases("conclusions", "heading")), re.IGNORECASE)
SUMMARY = lexicon.cues("conclusions", "opening")
AHEAD = lexicon.cues("conclusions", "not_repeated")
NAMING = ("NOUN", "VERB", "PRTS", "PRTF", "INFN")


Body = dict[tuple[str, int, int], list[tuple[Figure, Sentence]]]


def find(text: Text) -> Iterator[Finding]:
    """Yield figures of conclusions that stand above with digits swapped or one digit changed."""
    inside = _conclusions(text)
    body: Body = {}
    for each in text.sentences:
        for one in () if id(each) in inside else _stated(text, each):
            body.setdefault((one.dimension, one.scale, len(digits_of(one))), []).append((one, each))
    values = {(one.dimension, one.base) for found in body.values() for one, _ in found}
    named: dict[str, list[Figure]] = {}
    for one in (one for found in body.values() for one, _ in found if one.dimension == "count"):
        named.setdefault(one.noun, []).append(one)
    for sentence in text.sentences:
        if id(sentence) in inside:
            for figure in _stated(text, sentence):
                yield from _judge(text, sentence, figure, body, values, named)


def _conclusions(text: Text) -> set[int]:
    """Return the sentences that sum up: under a heading that says so, or opened by words for it."""
    found, is_under = set(), False
    for sentence in text.sentences:
        passage = text.passages[sentence.passage]
        if passage.cell is not None:
            continue
        if _is_heading(sentence, passage.text):
            is_under = HEADING.search(sentence.text) is not None
        elif is_under or matches(sentence.words[:6], SUMMARY):
            found.add(id(sentence))
    return found


def _is_heading(sentence: Sentence, text: str) -> bool:
    is_short = len(text) < LONGEST_HEADING and not text.rstrip().endswith((".", ";", ":", "!"))
    return is_short and not sentence.is_bullet and not sentence.quantities


def _stated(text: Text, sentence: Sentence) -> list[Figure]:
    if text.passages[sentence.passage].cell is not None:
        return []
    found = [one for one in sentence.quantities if is_additive(one) and not one.is_word]
    return [one for one in found if not matches(_since_colon(sentence, one)[-6:], AHEAD)]


def _since_colon(sentence: Sentence, figure: Figure) -> list[Word]:
    start = sentence.start + sentence.text[: figure.start - sentence.start].rfind(":")
    return [word for word in sentence.lead(figure) if word.start > start]


def _judge(
    text: Text,
    sentence: Sentence,
    figure: Figure,
    body: Body,
    values: set[tuple[str, Decimal]],
    named: dict[str, list[Figure]],
) -> Iterator[Finding]:
    alike = body.get((figure.dimension, figure.scale, len(digits_of(figure))), [])
    if (figure.dimension, figure.base) in values:
        text.checked += 1
        return
    about = _about(sentence, figure)
    for one, each in alike:
        if _is_swap(one, figure) or (_is_slip(one, figure) and about & _about(each, one)):
            first, second = text.spot_of(one), text.spot_of(figure)
            words = sentences("repeated", first=first.quote, second=second.quote, line=second.line)
            text.checked += 1
            yield Finding("repeated", Severity.ERROR, (first, second), words)
            return
    yield from _swapped(text, figure, [one for one, _ in alike])
    yield from _only(text, figure, named)


def _swapped(text: Text, figure: Figure, alike: list[Figure]) -> Iterator[Finding]:
    """Yield a measure of a conclusion whose three digits stand above once in another order: 78,3 for 73,8."""
    swapped = [one for one in alike if figure.unit and is_swapped(digits_of(one), digits_of(figure))]
    if len(swapped) == 1 and len(digits_of(figure)) == SHORT:
        text.checked += 1
        first, second = text.spot_of(swapped[0]), text.spot_of(figure)
        words = sentences("alike", first=first.quote, second=second.quote, line=second.line)
        yield Finding("repeated", Severity.WARNING, (first, second), words)


def _only(text: Text, figure: Figure, named: dict[str, list[Figure]]) -> Iterator[Finding]:
    """Yield a count of a conclusion where the text above counts such things once, and otherwise."""
    if figure.dimension != "count" or not figure.phrase.head_word or len(digits_of(figure)) < 2:
        return
    same = named.get(figure.noun, [])
    if len(same) != 1 or not same[0].base / 2 <= figure.base <= same[0].base * 2:
        return
    text.checked += 1
    first, second = text.spot_of(same[0]), text.spot_of(figure)
    words = sentences("alike", first=first.quote, second=second.quote, line=second.line)
    yield Finding("repeated", Severity.WARNING, (first, second), words)


def _is_swap(one: Figure, other: Figure) -> bool:
    first = digits_of(one)
    return len(first) >= LONG and is_swapped(first, digits_of(other))


def _is_slip(one: Figure, other: Figure) -> bool:
    first = digits_of(one)
    return len(first) >= SHORT and is_slipped(first, digits_of(other))


def _about(sentence: Sentence, figure: Figure) -> frozenset[str]:
    soft = lexicon.lemmas("soft") - {"протяженность", "площадь", "длина"}
    near = (*sentence.lead(figure)[-6:], *sentence.tail(figure)[:4])
    return frozenset(
        word.lemma[:STEM]
        for word in near
        if word.pos in NAMING and word.lemma not in soft and len(word.text) > 3
    )
