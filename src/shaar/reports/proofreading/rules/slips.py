"""Sums and shares that are a slip of the pen away: only their digits say that figures belong together.

«Из 30,1 млн пассажиров троллейбусами – 12,8 млн, автобусами – 71,3 млн»: 17,3 would make the whole. A finding
is an error where two digits changed places, and a warning where one digit is another.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product

from shaar.reports.proofreading.comparing import SHARE, cued, is_base, is_by, is_difference, percent_kind
from shaar.reports.proofreading.digits import digits_for, is_slip
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_inner, is_same_kind, tolerance
from shaar.reports.proofreading.rules.parts import finding
from shaar.reports.proofreading.text import Sentence, Text

SHORT = 2
MOST, MOST_MOVED, BACK, STEM = 6, 5, 10, 7
FULL = Decimal(100)


def find(text: Text) -> Iterator[Finding]:
    """Yield wholes that their parts miss by a slip."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        found = [one for one in sentence.quantities if _may_join(sentence, one)]
        first = next((one for one in sentence.quantities if is_additive(one)), None)
        is_from = (
            first is not None and first not in found and sentence.lead(first)[-1:] and is_additive(first)
        )
        yield from _sum(text, [first] if is_from and first else found[:1], found if is_from else found[1:])
        last = text.sentences[index - 1] if index else None
        if last is not None and last.passage == sentence.passage and len(found) > 1:
            wholes = [one for one in last.quantities if _may_join(last, one)][:1]
            yield from _sum(text, wholes, found)
        yield from _changes(text, sentence, last)


def _changes(text: Text, sentence: Sentence, last: Sentence | None) -> Iterator[Finding]:
    """Judge changes that make up one told before: «на 24 больше. Естественный прирост – 6, иной – 18»."""
    parts = [one for one in sentence.quantities if is_additive(one)]
    is_told = len(parts) > 1 and is_difference(sentence, parts[0]) and cued(sentence.words, "gap")
    if (
        last is None
        or last.passage != sentence.passage
        or not is_told
        or any(is_by(sentence, one) for one in parts)
    ):
        return
    wholes = [one for one in last.quantities if is_additive(one) and is_difference(last, one)]
    if len(wholes) == 1:
        yield from _sum(text, wholes, parts)


def _may_join(sentence: Sentence, one: Figure) -> bool:
    is_plain = is_additive(one) and not one.is_word and not is_inner(sentence, one)
    return is_plain and not is_difference(sentence, one) and not is_base(sentence, one)


def _sum(text: Text, wholes: Sequence[Figure], found: Sequence[Figure]) -> Iterator[Finding]:
    """Judge all that follows a whole as its parts, if no sum in it agrees and exactly one slip makes one."""
    for whole in wholes:
        parts = [one for one in found if _is_part(one, whole)]
        if not 2 <= len(parts) <= MOST or len(parts) != len(found) or _is_explained(whole, parts):
            continue
        rest = whole.base - sum((one.base for one in parts), Decimal(0))
        slipped = [one for one in parts if is_slip(one, one.base + rest) or _is_swapped(one, one.base + rest)]
        is_own = is_slip(whole, whole.base - rest)
        if len(slipped) + is_own != 1:
            continue
        wrong = slipped[0] if slipped else whole
        is_swap = sorted(digits_for(wrong, wrong.base)) == sorted(digits_for(wrong, wrong.base + rest))
        is_swap = (
            is_swap
            if slipped
            else sorted(digits_for(whole, whole.base)) == sorted(digits_for(whole, whole.base - rest))
        )
        text.checked += 1
        yield finding(text, "parts", Severity.ERROR if is_swap else Severity.WARNING, whole, parts)


def _is_swapped(one: Figure, right: Decimal) -> bool:
    """Tell whether the two digits of a number changed places: «131 …; 78» of 218."""
    first, second = digits_for(one, one.base), digits_for(one, right)
    return right > 0 and len(first) == SHORT and first != second and first == second[::-1]


def _is_part(one: Figure, whole: Figure) -> bool:
    is_named = bool((one.phrase.head_word or one.unit) and (whole.phrase.head_word or whole.unit))
    return is_same_kind(one, whole) and (one.dimension != "count" or one.sort == whole.sort or not is_named)


def _is_explained(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Tell whether some of the figures, added or taken away, make another of them: nothing is wrong then."""
    every = [whole, *parts]
    for size in range(3, min(len(every), MOST_MOVED) + 1):
        for some in combinations(every, size):
            room = tolerance(some)
            first, *rest = (one.base for one in some)
            for signs in product((1, -1), repeat=len(rest)):
                moved = first + sum(sign * one for sign, one in zip(signs, rest, strict=True))
                if abs(moved) <= room:
                    return True
    return any(one.base >= whole.base * 10 for one in parts)


def _places(figure: Figure) -> int:
    return max(0, -int((figure.step / Decimal(10) ** figure.scale).normalize().as_tuple().exponent))


# Shares -----------------------------------------------------------------------------------------------------
def find_shares(text: Text) -> Iterator[Finding]:
    """Yield percents that are a slip away from the share of the only figure beside them in a whole above."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        own = [one for one in sentence.quantities if is_additive(one)]
        percents = [one for one in sentence.quantities if one.dimension == "percent" and one.is_exact]
        if len(own) > 1 or not percents or is_by(sentence, percents[0]):
            continue
        is_share = percent_kind(sentence, percents[0]) == SHARE or _is_named(sentence, percents[0])
        part = own[0] if own else _told_above(text, index, percents[0])
        if (
            is_share
            and part is not None
            and (part.passage, part.start) < (sentence.passage, percents[0].start)
        ):
            yield from _share(text, index, part, percents[0])


def _told_above(text: Text, index: int, percent: Figure) -> Figure | None:
    """Return the only figure above that bears a name of a percent: «уровень трудоустройства – 68,8 %»."""
    lead = text.sentences[index].lead(percent)
    name = {word.lemma[:STEM] for word in lead if word.is_a("NOUN", "ADJF") and len(word.lemma) > STEM}
    found = [
        one
        for each in text.sentences[max(0, index - BACK) : index]
        for one in each.quantities
        if is_additive(one) and any(word.lemma[:STEM] in name for word in each.lead(one)[-3:])
    ]
    return found[0] if len(found) == 1 else None


def _is_named(sentence: Sentence, percent: Figure) -> bool:
    return cued(sentence.lead(percent)[-3:], "named_share")


def _share(text: Text, index: int, part: Figure, percent: Figure) -> Iterator[Finding]:
    above = text.sentences[max(0, index - BACK) : index]
    wholes = [one for each in above for one in each.quantities if is_additive(one) and _is_part(part, one)]
    wholes = [one for one in wholes if one.base > part.base > 0]
    rights = {one.base: (part.base / one.base * FULL, one) for one in wholes}
    room = percent.step / 2 + Decimal("0.05")
    if any(abs(right - percent.base) <= room for right, _ in rights.values()) or len(rights) > MOST:
        return
    meant = [
        (right, one) for right, one in rights.values() if is_slip(percent, round(right, _places(percent)))
    ]
    if len(meant) == 1:
        text.checked += 1
        right, whole = meant[0]
        right = round(right, _places(percent))
        is_swap = sorted(digits_for(percent, percent.base)) == sorted(digits_for(percent, right))
        messages = sentences(
            "percent", stated=plain(percent.base), right=right, first=part.written, second=whole.written
        )
        facts = {"stated": str(percent.base), "right": str(right)}
        spots = (text.spot_of(percent), text.spot_of(part), text.spot_of(whole))
        yield Finding("percent", Severity.ERROR if is_swap else Severity.WARNING, spots, messages, facts)
