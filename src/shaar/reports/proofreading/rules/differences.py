"""Differences agree with what they compare: «сверх плана», «на 12 больше», percentage points."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from shaar.reports.proofreading.comparing import (
    Scope,
    all_near,
    cued,
    is_base,
    is_cut,
    is_difference,
    pairs,
    scopes,
)
from shaar.reports.proofreading.digits import core, is_slipped
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive, is_inner, is_same_kind, tolerance
from shaar.reports.proofreading.text import Sentence, Text

BUDGET = 12


def find(text: Text) -> Iterator[Finding]:
    """Yield differences that are not the difference of the two figures they compare."""
    for scope in scopes(text):
        for figure in scope.sentence.quantities:
            if is_additive(figure) and is_difference(scope.sentence, figure):
                yield from _difference(text, scope, figure)


def _difference(text: Text, scope: Scope, figure: Figure) -> Iterator[Finding]:
    candidates = [each for each in all_near(scope, figure) if is_same_kind(each, figure)]
    for first, second in pairs(candidates):
        if abs(first.base - second.base - figure.base) <= tolerance([first, second, figure]):
            text.checked += 1
            return
    pair = _clear(text, scope, figure)
    if pair is None and cued(scope.sentence.lead(figure)[-3:], "balance"):
        pair = _budget(text, scope.sentence, figure)
    if pair and abs(abs(pair[0].base - pair[1].base) - figure.base) <= tolerance([*pair, figure]):
        text.checked += 1
        return
    if pair is None:
        return
    text.checked += 1
    first, second = pair
    factor = Decimal(10) ** first.scale * (first.unit.factor if first.unit else 1)
    right = abs(first.base - second.base) / factor
    messages = sentences(
        "difference", stated=figure.written, right=right, first=first.written, second=second.written
    )
    spots = (text.spot_of(figure), text.spot_of(first), text.spot_of(second))
    facts = {"stated": str(figure.base / factor), "right": str(right)}
    yield Finding("difference", Severity.ERROR, spots, messages, facts)


def _budget(text: Text, sentence: Sentence, figure: Figure) -> tuple[Figure, Figure] | None:
    """Return income and expenses of the sentences before a surplus or deficit: their first figures."""
    found: dict[str, Figure] = {}
    at = text.sentences.index(sentence)
    for before in text.sentences[max(0, at - BUDGET) : at]:
        money = [each for each in before.quantities if is_same_kind(each, figure) and is_additive(each)]
        for lemma in ("доход", "расход"):
            if money and any(word.lemma == lemma for word in before.lead(money[0])):
                found[lemma] = money[0]
    return (found["доход"], found["расход"]) if len(found) == 2 else None


def _of_noun(text: Text, sentence: Sentence, figure: Figure) -> list[Figure]:
    """Return what a noun of the sentence counts above in the passage: «число семей сократилось на 88»."""
    nouns = {word.lemma for word in sentence.lead(figure) if word.is_a("NOUN")}
    above = [each for each in text.of_passage(sentence.passage) if each.start < sentence.start]
    found = [
        one for each in above for one in each.quantities if is_additive(one) and not is_difference(each, one)
    ]
    return [one for one in found if one.dimension == "count" and one.phrase.head_word and one.noun in nouns]


def _clear(text: Text, scope: Scope, figure: Figure) -> tuple[Figure, Figure] | None:
    """Return the two figures that a difference compares, where nothing else can be meant."""
    sentence = scope.sentence
    own = [each for each in _fellows(sentence, figure) if not is_cut(sentence, figure, each)]
    own = _without_parts(sentence, own)
    before = [each for each in own if each.start < figure.start]
    found = before[-2:] if len(before) >= 2 else own
    counted = [] if own else _of_noun(text, sentence, figure)
    if len(counted) == 2:
        return counted[0], counted[1]
    if len(found) < 2 and scope.before is not None:
        earlier = _fellows(scope.before, figure)
        is_told = bool(found) and is_base(sentence, found[0])
        found = [*(earlier[:1] if is_told else earlier), *found]
    if len(found) != 2 or len(before) > 2:
        return None
    first, second = found
    if first.dimension == "count" and first.sort != second.sort:
        return None
    return first, second


def _without_parts(sentence: Sentence, found: list[Figure]) -> list[Figure]:
    """Leave out what stands in brackets with others: parts of the figure before them."""
    if len(found) < 3:
        return found
    inner = [each for each in found if is_inner(sentence, each)]
    bracketed = {
        id(one) for one in inner for other in inner if one is not other and _is_one(sentence, one, other)
    }
    return [each for each in found if id(each) not in bracketed]


def _is_one(sentence: Sentence, one: Figure, other: Figure) -> bool:
    """Tell whether two figures stand in the same brackets."""
    first, last = sorted((one.start - sentence.start, other.start - sentence.start))
    return ")" not in sentence.text[first:last]


def _fellows(sentence: Sentence, figure: Figure) -> list[Figure]:
    """Return the figures of a sentence between which another may be the difference."""
    found = [each for each in sentence.quantities if each is not figure and is_additive(each)]
    alike = [each for each in found if is_same_kind(each, figure) and not is_difference(sentence, each)]
    if figure.dimension != "count" or not figure.sort:
        return alike
    return [each for each in alike if each.sort == figure.sort or not each.phrase.head]


def _point_slip(text: Text, scope: Scope, figure: Figure, own: Sequence[Figure]) -> Iterator[Finding]:
    """Judge points by all percents of the sentence and the one before, where a slip is all that is wrong."""
    before = [] if scope.before is None else list(scope.before.quantities)
    found = [*own, *(one for one in before if one.dimension == "percent" and one.is_exact)]
    gaps = [(abs(one.base - other.base), one, other) for one, other in combinations(found, 2)]
    points = [one.base for one in scope.sentence.quantities if one.dimension == "percent_point"]
    gap_values = {gap for gap, _, _ in gaps} | {one + other for one, other in combinations(points, 2)}
    if figure.base in gap_values:
        text.checked += 1
        return
    meant = [one for one in gaps if _is_slip(one[0], figure.base)]
    if len(meant) == 1:
        text.checked += 1
        right, first, second = meant[0]
        values = {"stated": figure.written, "first": first.written, "second": second.written}
        facts = {"stated": str(figure.base), "right": str(right)}
        spots = (text.spot_of(figure), text.spot_of(first), text.spot_of(second))
        yield Finding(
            "difference", Severity.ERROR, spots, sentences("difference", right=right, **values), facts
        )


def _is_slip(right: Decimal, stated: Decimal) -> bool:
    """Tell whether one digit, or the order of two, is wrong, or one of them is one too high or too low."""
    if len(core(right)) < 2 or right == stated:
        return False
    return is_slipped(core(right), core(stated)) or core(abs(right - stated)) == "1"


def points(text: Text) -> Iterator[Finding]:
    """Yield percentage points that are not the difference of the two percents of their sentence."""
    for scope in scopes(text):
        percents = [
            each for each in scope.sentence.quantities if each.dimension == "percent" and each.is_exact
        ]
        for figure in scope.sentence.quantities:
            if figure.dimension != "percent_point" or not figure.is_exact:
                continue
            if len(percents) != 2:
                yield from _point_slip(text, scope, figure, percents)
                continue
            text.checked += 1
            first, second = percents
            right = abs(first.base - second.base)
            if abs(right - figure.base) <= (first.step + second.step + figure.step) / 2 - min(
                first.step, figure.step
            ):
                continue
            if right == figure.base:
                continue
            values = {"stated": figure.written, "first": first.written, "second": second.written}
            spots = (text.spot_of(figure), text.spot_of(first), text.spot_of(second))
            facts = {"stated": str(figure.base), "right": str(right)}
            yield Finding(
                "difference", Severity.ERROR, spots, sentences("difference", right=right, **values), facts
            )
