"""Shares of a whole that stands farther off: «доля микроавтобусов – 58,6 %» after a list of vehicles.

A share is an error only where the whole is proven: figures sum to it, and one of them bears the name of
the share. Any of those figures, alone or together, may be what the share is of.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import (
    SHARE,
    cued,
    expected,
    fits,
    is_by,
    is_difference,
    is_first_end,
)
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_equal_sum, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text, begins, matches

SCALES = (Decimal(1000), Decimal("0.001"))
ROUNDING = Decimal("0.0005")
BACK, MOST_PARTS, STEM = 8, 8, 6
CUE = lexicon.cues("shares", "told")
DASHES = ("-", "–", "—")
NAMING = ("NOUN", "ADJF", "PRTF")


def find(text: Text) -> Iterator[Finding]:
    """Yield shares that no part of the whole before them gives."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        for figure in sentence.quantities:
            if figure.dimension == "percent" and figure.is_exact and _is_share(sentence, figure):
                yield from _judge(text, index, figure)


def _is_share(sentence: Sentence, figure: Figure) -> bool:
    lead = sentence.lead(figure)
    told = cued(lead[-1:], "growth") or cued(lead[-1:], "decline")
    if is_first_end(sentence, figure):
        return False
    return matches(lead[-10:], CUE) and not told and not is_by(sentence, figure)


def stems(found: Sequence[Word]) -> frozenset[str]:
    """Return the beginnings of the words that name something."""
    soft = lexicon.lemmas("soft")
    named = (word for word in found if word.pos in NAMING and word.lemma not in soft)
    return frozenset(word.lemma[:STEM] for word in named) - {"доля", "удельн", "вес"}


def name_of(sentence: Sentence, figure: Figure) -> frozenset[str]:
    """Return what a figure is of by the words beside it: «население – 28,4», «6 240 – хвойные»."""
    before = sentence.text[: figure.start - sentence.start].rstrip()
    after = sentence.text[figure.stop - sentence.start :].lstrip()
    own = sentence.between(figure.end, figure.stop)
    if after.startswith(DASHES) and not before.endswith(DASHES):
        stop = min((at for at in (after.find(","), after.find(";")) if at >= 0), default=len(after))
        start = sentence.end - len(after)
        return stems(sentence.between(start, start + stop)) | stems(own)
    return stems(sentence.lead(figure)[-5:]) | stems(own)


def _judge(text: Text, index: int, figure: Figure) -> Iterator[Finding]:
    sentence = text.sentences[index]
    name = _label(sentence.lead(figure))
    near = [*text.sentences[max(0, index - BACK) : index], sentence]
    found = [(one, each) for each in near for one in each.quantities if _may_count(text, each, one, figure)]
    about = frozenset[str]().union(*(stems(each.lead(one)) for one, each in found)) & name
    named = [
        one
        for one, each in found
        if name
        and name & name_of(each, one)
        and name <= name_of(each, one) | about
        and not is_difference(each, one)
    ]
    wholes = [one for one, _ in found]
    own = [one for one in sentence.quantities if is_additive(one)]
    if any(_fits(figure, (part,), whole) for part in [*named, *own] for whole in wholes):
        text.checked += 1
        return
    divided = [(whole, parts) for whole, parts in divisions(wholes) if any(one in parts for one in named)]
    if not divided or any(_explains(figure, whole, parts) for whole, parts in divided):
        return
    whole, parts = divided[-1]
    meant = [one for one in parts if one in named]
    if len(meant) == 1:
        text.checked += 1
        yield _finding(text, figure, meant[0], whole)


def find_scales(text: Text) -> Iterator[Finding]:
    """Yield wholes named after a percent whose scale alone keeps it from being right: «16 % бюджета»."""
    for sentence in text.sentences:
        for figure in sentence.quantities:
            last = [each for each in sentence.quantities if each.stop <= figure.start][-1:]
            name = stems(sentence.tail(figure)[1:4])
            if figure.dimension != "percent" or not figure.is_exact or not last or not name:
                continue
            if last[0].scale and is_additive(last[0]) and text.passages[sentence.passage].cell is None:
                yield from _judge_scale(text, figure, last[0], name)


def _judge_scale(text: Text, figure: Figure, part: Figure, name: frozenset[str]) -> Iterator[Finding]:
    wholes = [
        one
        for each in text.sentences
        for one in each.quantities
        if one.scale and one is not part and is_additive(one) and is_same_kind(one, part)
    ]
    named = [one for one in wholes if one.base > 0 and name & name_of(text.sentence_of(one), one)]
    if any(_fits(figure, (part,), one) for one in wholes):
        return
    for one in named:
        for factor in SCALES:
            if abs(figure.base / 100 - part.base / (one.base * factor)) <= figure.step / 200 + ROUNDING:
                text.checked += 1
                yield _finding(text, figure, part, one)
                return


def _label(lead: Sequence[Word]) -> frozenset[str]:
    """Return what a share is of: the words after «доля», or before «приходится»."""
    at = max((index for index in range(len(lead)) if begins(lead, index, CUE)), default=0)
    if lead[at].lemma == "приходиться":
        return stems(lead[:at][-3:])
    found: list[Word] = []
    for word in lead[at + 1 :]:
        if word.pos not in NAMING and found:
            break
        found.append(word)
    return stems(found)


def _may_count(text: Text, sentence: Sentence, one: Figure, figure: Figure) -> bool:
    is_before = (one.passage, one.start) < (figure.passage, figure.start)
    return is_before and is_additive(one) and text.passages[sentence.passage].cell is None


def divisions(found: Sequence[Figure]) -> Iterator[tuple[Figure, tuple[Figure, ...]]]:
    """Yield wholes with figures in a row, after or before them, that sum to them."""
    for at, whole in enumerate(found):
        alike = [one for one in found[at + 1 :] if is_same_kind(one, whole)]
        earlier = [one for one in found[:at] if is_same_kind(one, whole)]
        for row in (alike, earlier):
            for start in range(len(row)):
                for length in range(2, min(MOST_PARTS, len(row) - start) + 1):
                    parts = tuple(row[start : start + length])
                    if is_equal_sum(whole, parts):
                        yield whole, parts


def _explains(figure: Figure, whole: Figure, parts: tuple[Figure, ...]) -> bool:
    sizes = range(1, min(4, len(parts)) + 1)
    return any(_fits(figure, some, whole) for size in sizes for some in combinations(parts, size))


def _fits(figure: Figure, parts: tuple[Figure, ...], whole: Figure) -> bool:
    if not is_same_kind(parts[0], whole) or whole.base <= 0 or whole in parts:
        return False
    amount = sum((one.base for one in parts), Decimal(0))
    room = (sum((one.base_step for one in parts), Decimal(0)) + whole.base_step) / 2
    stated = figure.base * whole.base / 100
    return abs(stated - amount) <= room + figure.step * whole.base / 200


def _finding(text: Text, figure: Figure, part: Figure, whole: Figure) -> Finding:
    (low, high), *_ = expected(SHARE, (part, whole))
    right = round((low + high) / 2, max(0, -int(figure.step.as_tuple().exponent)))
    is_near = fits(figure, (low, high), slack=figure.step / figure.step)
    words = sentences(
        "percent", stated=plain(figure.base), right=right, first=part.written, second=whole.written
    )
    facts = {"stated": str(figure.base), "right": str(right)}
    spots = (text.spot_of(figure), text.spot_of(part), text.spot_of(whole))
    return Finding("percent", Severity.WARNING if is_near else Severity.ERROR, spots, words, facts)
