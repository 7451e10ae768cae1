"""Sums told without a word for them: quarters of a year, parts in the next sentence, «на остальных 196»."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import is_difference
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.relations import is_additive, is_equal_sum, is_inner, is_same_kind
from shaar.reports.proofreading.rules.parts import finding
from shaar.reports.proofreading.text import Sentence, Text, matches

PARTS_OF_YEAR = {
    "полугодие": lexicon.phrases("year", "halves"),
    "квартал": lexicon.phrases("year", "quarters"),
}
YEAR, TOTAL = lexicon.cues("year", "whole"), lexicon.cues("parts", "total")
OTHERS = lexicon.cues("parts", "others")
SMALL = Decimal("0.1")


def find(text: Text) -> Iterator[Finding]:
    """Yield totals that the figures around them do not make."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        following = text.sentences[index + 1] if index + 1 < len(text.sentences) else None
        if following is not None and following.passage != sentence.passage:
            following = None
        yield from _years(text, sentence, following)
        yield from _next(text, sentence, following)
        for figure in sentence.quantities:
            if is_additive(figure) and _is_rest(sentence, figure):
                yield from _rest(text, sentence, figure)


def _years(text: Text, sentence: Sentence, following: Sentence | None) -> Iterator[Finding]:
    """Judge quarters or halves with the figure of their year."""
    for name, ordinals in PARTS_OF_YEAR.items():
        if not any(word.lemma == name for word in sentence.words):
            continue
        told = {
            ordinal: one
            for one in sentence.quantities
            if is_additive(one)
            for ordinal in ordinals
            if any(word.lemma == ordinal for word in sentence.lead(one)[-6:])
        }
        parts = list(told.values())
        if len(told) != len(ordinals) or len({id(one) for one in parts}) != len(parts):
            continue
        whole = [one for each in (sentence, following) if each for one in _of_year(each, parts)]
        if len(whole) == 1:
            text.checked += 1
            if not is_equal_sum(whole[0], parts) and _is_near(whole[0], parts):
                yield finding(text, "parts", Severity.ERROR, whole[0], parts)


def _of_year(sentence: Sentence, parts: Sequence[Figure]) -> list[Figure]:
    found = [one for one in sentence.quantities if is_additive(one) and is_same_kind(one, parts[0])]
    return [one for one in found if one not in parts and matches(sentence.lead(one)[-6:], YEAR)]


def _is_near(whole: Figure, parts: Sequence[Figure]) -> bool:
    return abs(whole.base - sum(one.base for one in parts)) * 2 <= whole.base


def _next(text: Text, sentence: Sentence, following: Sentence | None) -> Iterator[Finding]:
    """Judge the only figure of a sentence, called a total, by those of the next where they exceed it."""
    parts = [] if following is None else [one for one in following.quantities if one.dimension != "percent"]
    wholes = [one for one in sentence.quantities if parts and is_same_kind(one, parts[0])]
    wholes = [one for one in wholes if not is_inner(sentence, one)] or wholes
    if following is None or len(wholes) != 1 or not 2 <= len(parts) <= 5:
        return
    whole = wholes[0]
    is_total = len(sentence.quantities) == 1 and matches(sentence.lead(whole)[-7:], TOTAL)
    is_parted = all(_is_labelled(following, one) for one in parts[1:])
    if not all(is_additive(one) for one in (whole, *parts)) or not (is_total or is_parted):
        return
    if not all(_is_part(following, one, whole) for one in parts):
        return
    gap = whole.base - sum(one.base for one in parts)
    text.checked += 1
    if is_equal_sum(whole, parts) or not -whole.base / 2 <= gap <= whole.base * SMALL:
        return
    is_sure = gap < 0 and (is_total or _is_labelled(following, parts[0]))
    yield finding(text, "parts", Severity.ERROR if is_sure else Severity.WARNING, whole, parts)


def _is_labelled(sentence: Sentence, one: Figure) -> bool:
    """Tell whether a figure without a noun stands after a label and a dash: «с юридическими – 380»."""
    before = sentence.text[: one.start - sentence.start].rstrip()
    return before.endswith(("–", "—")) and not one.phrase.head_word


def _is_part(sentence: Sentence, one: Figure, whole: Figure) -> bool:
    is_named = bool(one.phrase.head_word and whole.phrase.head_word)
    is_alike = is_same_kind(one, whole) and (
        whole.dimension != "count" or one.sort == whole.sort or not is_named
    )
    return is_alike and one.base < whole.base and not is_difference(sentence, one)


def _is_rest(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure is of all the others: «на остальных 196», «24 – нет»."""
    lead = sentence.lead(figure)
    after = sentence.text[figure.stop - sentence.start :].lower()
    if after.lstrip(" –—-").startswith(("нет.", "нет,", "нет;")) and after.lstrip()[:1] in "–—-":
        return True
    return matches(lead[-2:], OTHERS)


def _rest(text: Text, sentence: Sentence, figure: Figure) -> Iterator[Finding]:
    before = [one for one in sentence.quantities if is_additive(one) and one.start < figure.start]
    alike = [one for one in before if is_same_kind(one, figure)]
    if not 2 <= len(alike) <= 4 or alike[0].base <= max(one.base for one in alike[1:]):
        return
    whole, parts = alike[0], [*alike[1:], figure]
    text.checked += 1
    sizes = range(1, len(alike))
    if any(is_equal_sum(whole, [*some, figure]) for size in sizes for some in combinations(alike[1:], size)):
        return
    is_other = bool(figure.phrase.head_word and whole.phrase.head_word) and figure.sort != whole.sort
    before_rest = sentence.lead(figure)[-2:-1]
    if is_other and not (before_rest and before_rest[0].pos == "PREP"):
        return
    if _is_near(whole, parts) and len({one.sort for one in alike[:2] if one.phrase.head_word}) <= 1:
        yield finding(text, "parts", Severity.ERROR, whole, parts)
