"""Shares told by name: «доля микроавтобусов – 58,6 %» of a total whose parts the text lists nearby."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import Pair, fits, is_first_end
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import Group, Listed, groups, is_additive, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text, matches

NEAR = 3  # passages before the claim in which its parts are looked for
NAMING = ("NOUN", "ADJF", "PRTF")
STOPS = ",;:().–—"


def find(text: Text) -> Iterator[Finding]:
    """Yield shares that are not that of the part they name in the list that has it."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is not None:
            continue
        for figure in sentence.quantities:
            is_told = figure.dimension == "percent" and figure.is_exact and not is_first_end(sentence, figure)
            if is_told and (named := _named(sentence, figure)):
                yield from _judge(text, sentence, figure, named)


def _named(sentence: Sentence, figure: Figure) -> frozenset[str]:
    """Return the lemmas of what a percent is the share of: after «доля», or between «на» and «приходится»."""
    lead = sentence.lead(figure)[-8:]
    if not matches(lead, lexicon.cues("roles", "named_share")):
        return frozenset()
    skip = lexicon.lemmas("common_things") | set(lexicon.phrases("shares", "nameless"))
    return frozenset(word.lemma for word in lead if word.is_a(*NAMING) and word.lemma not in skip)


def _judge(text: Text, sentence: Sentence, figure: Figure, named: frozenset[str]) -> Iterator[Finding]:
    found = [
        (part.figure, total.figure)
        for group in groups(text)
        if _is_near(group, sentence, figure)
        for part in _parts(group, named)
        for total in group.totals
        if is_same_kind(part.figure, total.figure) and total.figure.base > part.figure.base > 0
    ]
    if not found or any(fits(figure, _percent(pair)) for pair in found):
        text.checked += bool(found)
        return
    parts = {id(part) for part, _total in found}
    if len(parts) != 1:
        return
    text.checked += 1
    yield _finding(text, figure, found[-1])


def _is_near(group: Group, sentence: Sentence, figure: Figure) -> bool:
    last = group.zone[-1]
    first = sentence.passage - NEAR
    place = (last.sentence.passage, last.figure.start)
    return (first, 0) <= place < (figure.passage, figure.start)


def _parts(group: Group, named: frozenset[str]) -> list[Listed]:
    """Return the figures of a list beside which the named thing stands; of several the likeliest."""
    found = [
        (len(named & _label(one)), one)
        for one in group.zone
        if is_additive(one.figure) and named & _label(one)
    ]
    most = max((count for count, _one in found), default=0)
    return [one for count, one in found if count == most]


def _label(one: Listed) -> frozenset[str]:
    """Return the lemmas of the words about a figure of a list: those up to the next mark on either side."""
    sentence, figure = one.sentence, one.figure
    return frozenset(word.lemma for word in _around(sentence, figure) if word.is_a(*NAMING))


def _around(sentence: Sentence, figure: Figure) -> Sequence[Word]:
    text = sentence.text
    at, end = figure.start - sentence.start, figure.end - sentence.start
    before = text[:at].rstrip(" –—-")
    start = max((before.rfind(mark) for mark in STOPS), default=-1) + 1
    after = text[end:]
    body = after.lstrip(" –—-")
    stops = [body.find(mark) for mark in STOPS if mark in body]
    stop = end + (len(after) - len(body)) + (min(stops) if stops else len(body))
    others = [each for each in sentence.quantities if each is not figure]
    low = max([sentence.start + start, *(each.end for each in others if each.end <= figure.start)])
    high = min([sentence.start + stop, *(each.start for each in others if each.start >= figure.end)])
    return sentence.between(low, high)


def _percent(pair: Pair) -> tuple[Decimal, Decimal]:
    part, total = pair
    low = (part.base - part.base_step / 2) / (total.base + total.base_step / 2) * 100
    high = (part.base + part.base_step / 2) / (total.base - total.base_step / 2) * 100
    return low, high


def _finding(text: Text, figure: Figure, pair: Pair) -> Finding:
    part, total = pair
    digits = max(0, -int(figure.step.as_tuple().exponent))
    right = round(part.base / total.base * 100, digits)
    messages = sentences(
        "percent", stated=plain(figure.base), right=right, first=part.written, second=total.written
    )
    facts = {"stated": str(figure.base), "right": str(right)}
    spots = (text.spot_of(figure), text.spot_of(part), text.spot_of(total))
    return Finding("percent", Severity.ERROR, spots, messages, facts)
