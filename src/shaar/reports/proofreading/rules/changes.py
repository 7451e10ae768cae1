"""Changes told apart from what changed: «… годом ранее – 84,0 млн. Прирост составил 10 %», «(+10 %)»."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import (
    BY,
    DOWN,
    RATIO,
    SHARE,
    Pair,
    cued,
    expected,
    fits,
    is_base,
    is_by,
    is_difference,
    is_linked,
)
from shaar.reports.proofreading.digits import is_meant
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_inner, is_same_kind, tolerance
from shaar.reports.proofreading.text import Sentence, Text, matches

FAR, LEAST = 12, 10
WILD, ALMOST = Decimal(2), Decimal("1.01")
UP, FALL = lexicon.phrases("changes", "up"), lexicon.phrases("changes", "down")
TO = lexicon.cues("changes", "ratio")


@dataclass(frozen=True, slots=True)
class Change:
    """A percent or a difference that tells of growth, decline, or a ratio to another year."""

    figure: Figure
    kind: str


def find(text: Text) -> Iterator[Finding]:
    """Yield changes that are not those between the only two figures they can be about."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is None:
            told = [change for one in sentence.quantities if (change := _change(sentence, one)) is not None]
            for change in told:
                yield from _judge(text, index, change, [one.figure for one in told])


def _change(sentence: Sentence, figure: Figure) -> Change | None:
    """Return what a figure says of a change, by a sign or by words right beside it."""
    is_percent = figure.dimension == "percent" and figure.is_exact
    if not is_percent and not is_additive(figure):
        return None
    before = sentence.text[: figure.start - sentence.start].lower().rstrip(" \u00a0")
    for signs, kind in ((UP, BY), (FALL, DOWN)):
        if before.endswith(signs) and before.rstrip("+−плюсмину ").endswith(("(", ",", ";")):
            return Change(figure, kind)
    lead = sentence.lead(figure)[-4:]
    if is_percent and figure.base > 40 and (matches(lead, TO) or matches(sentence.tail(figure)[:3], TO)):
        return Change(figure, RATIO)
    if not (is_by(sentence, figure) or names_change(sentence, figure)):
        return None
    if not is_percent and _is_told_of_another(sentence, figure):
        return None
    told = [kind for kind, name in ((BY, "growth"), (DOWN, "decline")) if cued(sentence.words, name)]
    return Change(figure, told[0]) if len(told) == 1 else None


def _is_told_of_another(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether another figure is the change: «работы прошли на 95,6 км, прирост – 28,9 км»."""
    others = [one for one in sentence.quantities if one is not figure and is_same_kind(one, figure)]
    return not is_difference(sentence, figure) and any(is_difference(sentence, one) for one in others)


def names_change(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure is said of a noun of change: «прирост составил 10 %», «снижение – 20 %»."""
    lead = sentence.lead(figure)[-3:]
    if not lead or lead[-1].text.lower() == "до" or sentence.quantities[0] is not figure:
        return False
    return any(word.is_a("NOUN") and (cued([word], "growth") or cued([word], "decline")) for word in lead)


def _judge(text: Text, index: int, change: Change, told: Sequence[Figure]) -> Iterator[Finding]:
    here = text.sentences[index]
    own = _countable(here, change, told)
    before = _countable(_beside(text, index, -1), change, told)
    after = _countable(_beside(text, index, 1), change, told)
    near = [*before, *own, *after]
    if any(_agrees(change, (one, other)) for one in near for other in near if one is not other):
        text.checked += 1
        return
    step = None if own or change.kind == RATIO else _step(here, change.figure)
    if step is not None:
        yield from _grown(text, change, step, [one for one in before if _is_old(text.sentence_of(one), one)])
        return
    pair = _series(here, change) or _pair(text, change, own, before, after) or _far_pair(text, index, change)
    if pair is None or change.figure.passage != pair[0].passage or not is_linked(here, change.figure, pair):
        return
    text.checked += 1
    yield from _finding(text, change, pair)


def _series(sentence: Sentence, change: Change) -> Pair | None:
    """Return the figure before signed brackets with the one before it: «28 аварий, в 2021 году – 35 (+7)»."""
    figure = change.figure
    before = [one for one in sentence.quantities if one.stop <= figure.start and not is_inner(sentence, one)]
    alike = [one for one in before if is_additive(one) and is_same_kind(one, before[-1])]
    sign = sentence.text[: figure.start - sentence.start].rstrip()[-1:]
    if not is_inner(sentence, figure) or sign not in {*UP, *FALL} or len(before) < 2 or alike != before:
        return None
    return (before[-1], before[-2]) if sentence.years else None


def _far_pair(text: Text, index: int, change: Change) -> Pair | None:
    """Return two figures side by side above whose difference is told right before a percent."""
    sentence, figure = text.sentences[index], change.figure
    told = [one for one in sentence.quantities if one.stop <= figure.start][-1:]
    if figure.dimension != "percent" or not told or not is_difference(sentence, told[0]):
        return None
    found = [
        (one, other)
        for each in text.sentences[max(0, index - FAR) : index]
        for one, other in pairwise(each.quantities)
        if is_additive(one) and is_additive(other) and abs(one.base - other.base) == told[0].base
    ]
    if len(found) != 1 or told[0].base < LEAST:
        return None
    larger, smaller = sorted(found[0], key=lambda one: -one.base)
    return (larger, smaller) if change.kind == BY else (smaller, larger)


def _step(sentence: Sentence, figure: Figure) -> Figure | None:
    """Return the difference that a percent tells again: «прибавка – 142,4 млн, или 12,1 %»."""
    if figure.dimension != "percent":
        return None
    for one in [each for each in sentence.quantities if each.stop <= figure.start][-1:]:
        between = sentence.text[one.stop - sentence.start : figure.start - sentence.start].strip(" ,(–—-")
        if is_difference(sentence, one) and between.lower() in {"", "или", "или на", "то есть", "то есть на"}:
            return one
    return None


def _grown(text: Text, change: Change, step: Figure, old: Sequence[Figure]) -> Iterator[Finding]:
    """Judge a percent by a difference and the only earlier figure of the sentence before."""
    if len(old) != 1 or not is_same_kind(old[0], step) or old[0].base <= step.base:
        return
    text.checked += 1
    bounds = next(expected(SHARE, (step, old[0])))
    if fits(change.figure, bounds, slack=ALMOST) or bounds[0] > change.figure.base * WILD:
        return
    right = round((bounds[0] + bounds[1]) / 2, max(0, -int(change.figure.step.as_tuple().exponent)))
    words = sentences(
        "percent", stated=plain(change.figure.base), right=right, first=step.written, second=old[0].written
    )
    spots = tuple(text.spot_of(one) for one in (change.figure, step, old[0]))
    facts = {"stated": str(change.figure.base), "right": str(right)}
    yield Finding("percent", Severity.ERROR, spots, words, facts)


def _beside(text: Text, index: int, step: int) -> Sentence | None:
    at = index + step
    if not 0 <= at < len(text.sentences):
        return None
    other = text.sentences[at]
    return other if other.passage == text.sentences[index].passage else None


def _countable(sentence: Sentence | None, change: Change, told: Sequence[Figure]) -> list[Figure]:
    """Return the figures of a sentence that may have changed; those of one kind with a difference."""
    if sentence is None:
        return []
    found = [
        one
        for one in sentence.quantities
        if (is_additive(one) or one.dimension.startswith("time.")) and one not in told
    ]
    found = [
        one for one in found if not is_difference(sentence, one) and not (one.is_word and one.value == 1)
    ]
    is_percent = change.figure.dimension == "percent"
    return found if is_percent else [one for one in found if is_same_kind(one, change.figure)]


def _pair(
    text: Text, change: Change, own: Sequence[Figure], before: Sequence[Figure], after: Sequence[Figure]
) -> Pair | None:
    """Return the new and the old figure, where only two can be meant."""
    choices: list[Sequence[Figure]] = [own]
    if not own:
        choices = [before, after]
    elif len(own) == 1:
        choices = [[*own, *(one for one in after if is_base(text.sentence_of(one), one))]]
    for found in choices:
        if len(found) == 2 and _is_alike(*found):
            return _ordered(text, change, found)
    return None


def _is_alike(one: Figure, other: Figure) -> bool:
    is_named = bool(one.phrase.head_word and other.phrase.head_word)
    return is_same_kind(one, other) and (one.sort == other.sort or not is_named)


def _ordered(text: Text, change: Change, found: Sequence[Figure]) -> Pair | None:
    for is_told in (_is_led, _is_old):
        old = [one for one in found if is_told(text.sentence_of(one), one)]
        if len(old) == 1:
            return next(one for one in found if one is not old[0]), old[0]
    if change.kind == RATIO:
        return None
    smaller, larger = sorted(found, key=lambda one: one.base)
    return (larger, smaller) if change.kind == BY else (smaller, larger)


def _is_led(sentence: Sentence, one: Figure) -> bool:
    """Tell whether words right before a figure make it an earlier one: «против», «годом ранее»."""
    return cued(sentence.lead(one)[-6:], "before")


def _is_old(sentence: Sentence, one: Figure) -> bool:
    """Tell whether a figure is of an earlier year: by words beside it, or as the only one in brackets."""
    return is_base(sentence, one) or is_inner(sentence, one)


def _agrees(change: Change, pair: Pair) -> bool:
    first, second = pair
    if not is_same_kind(first, second) or second.base <= 0:
        return False
    if change.figure.dimension != "percent":
        return abs(abs(first.base - second.base) - change.figure.base) <= tolerance([*pair, change.figure])
    return any(fits(change.figure, bounds) for bounds in expected(change.kind, pair))


def _finding(text: Text, change: Change, pair: Pair) -> Iterator[Finding]:
    figure, (new, old) = change.figure, pair
    is_percent = figure.dimension == "percent"
    if not old.base or new.base == old.base:
        return
    gap = abs(new.base - old.base)
    exact = gap
    if is_percent:
        exact = new.base / old.base * 100 if change.kind == RATIO else gap / old.base * 100
    if not is_meant(figure.base, exact, WILD):
        return
    factor = (
        Decimal(1) if is_percent else Decimal(10) ** figure.scale * (figure.unit.factor if figure.unit else 1)
    )
    right = (
        round(exact / factor, max(0, -int(figure.step.as_tuple().exponent))) if is_percent else exact / factor
    )
    stated = plain(figure.base) if is_percent else figure.written
    is_near = is_percent and any(fits(figure, each, slack=ALMOST) for each in expected(change.kind, pair))
    words = sentences(
        "percent" if is_percent else "difference",
        stated=stated, right=right, first=new.written, second=old.written,
    )  # fmt: skip
    facts = {"stated": str(figure.base / factor), "right": str(right)}
    spots = (text.spot_of(figure), text.spot_of(new), text.spot_of(old))
    severity = Severity.WARNING if is_near else Severity.ERROR
    yield Finding("percent" if is_percent else "difference", severity, spots, words, facts)
