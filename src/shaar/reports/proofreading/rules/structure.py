"""Percents that divide one whole make a hundred: «налоги – 72 %, сборы – 18 %, прочие – 10 %»."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import cued
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_inner, run_after
from shaar.reports.proofreading.text import Sentence, Text, matches

FEWEST, MOST_GAP = 3, 30
SURE_GAP = 10
TOLD, WHOLE = lexicon.cues("structure", "told"), lexicon.cues("structure", "whole")


def find(text: Text) -> Iterator[Finding]:
    """Yield percents of one whole that do not make a hundred."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is not None or not matches(sentence.words, TOLD):
            continue
        own = _percents(sentence)
        if len(own) >= FEWEST and not _is_of_others(sentence):
            yield from _judge(text, sentence, own)
        elif sentence.text.rstrip().endswith(":") and not own:
            items = [text.of_passage(number)[:1] for number in run_after(text, sentence.passage)]
            listed = [_percents(one)[:1] for item in items for one in item]
            if len(listed) >= FEWEST and all(listed):
                yield from _judge(text, sentence, [one for each in listed for one in each])


def _percents(sentence: Sentence) -> list[Figure]:
    found = [one for one in sentence.quantities if one.dimension == "percent" and one.is_exact]
    is_single = sum(not is_inner(sentence, one) for one in found) == 0
    return found if is_single else [one for one in found if not is_inner(sentence, one)]


def _is_of_others(sentence: Sentence) -> bool:
    """Tell whether percents tell of growth or execution, or some are not exact."""
    percents = [one for one in sentence.quantities if one.dimension == "percent"]
    told = any(cued(sentence.words, name) for name in ("growth", "decline", "execution", "before"))
    return (
        told
        or not all(one.is_exact for one in percents)
        or any(is_additive(one) for one in sentence.quantities[:1])
    )


def _judge(text: Text, sentence: Sentence, found: Sequence[Figure]) -> Iterator[Finding]:
    amount = sum((one.base for one in found), Decimal(0))
    room = sum((one.step for one in found), Decimal(0)) / 2
    gap = amount - 100
    text.checked += 1
    if abs(gap) <= room or abs(gap) > MOST_GAP or (gap < 0 and -gap > SURE_GAP):
        return
    is_whole = gap > 0 or matches(sentence.words, WHOLE)
    severity = Severity.ERROR if is_whole else Severity.WARNING
    words = sentences("hundred", parts=" + ".join(plain(one.base) for one in found), sum=amount)
    spots = tuple(text.spot_of(one) for one in found)
    yield Finding("parts", severity, spots, words, {"sum": str(amount)})
