"""A large figure of what was done without a word about when."""

from collections.abc import Iterator
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive
from shaar.reports.proofreading.text import Sentence, Text, period

LARGE = Decimal(1000)
DEEDS = ("PRTS",)


def find(text: Text) -> Iterator[Finding]:
    """Yield the first large figure of each passage that says what was done, not when."""
    for number, passage in enumerate(text.passages):
        found = text.of_passage(number)
        if passage.cell is not None or passage.is_bullet or any(_has_period(sentence) for sentence in found):
            continue
        for sentence in found:
            large = [
                each
                for each in sentence.quantities
                if is_additive(each) and each.dimension == "count" and each.base >= LARGE
            ]
            if large and any(word.forms[0].pos in DEEDS for word in sentence.words):
                text.checked += 1
                messages = sentences("no_period", written=large[0].written)
                yield Finding("no_period", Severity.REMARK, (text.spot_of(large[0]),), messages)
                break


def _has_period(sentence: Sentence) -> bool:
    return bool(period(sentence)) or any(word.has_lemma(lexicon.lemmas("periods")) for word in sentence.words)
