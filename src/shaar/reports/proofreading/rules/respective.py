"""Percents that stand beside parts or follow them in order: «51,0 (75 %), 10,2 (15 %), 6,8 (20 %)».

Where all parts of a whole have a percent each and all percents but one fit, the one that does not is wrong.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_inner, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text

FEWEST, WHOLE = 3, Decimal(100)


def find(text: Text) -> Iterator[Finding]:
    """Yield the only percent of a row that its part does not give."""
    for index, sentence in enumerate(text.sentences):
        percents = [one for one in sentence.quantities if one.dimension == "percent" and one.is_exact]
        if len(percents) < FEWEST or text.passages[sentence.passage].cell is not None:
            continue
        for parts in _rows(text, index, sentence, percents):
            wrong = _wrong(percents, parts)
            text.checked += wrong is not None
            if wrong:
                yield _finding(text, *wrong[0], sum((part.base for part in parts), Decimal(0)))
            if wrong is not None:
                break


def fits_row(sentence: Sentence, percent: Figure) -> bool:
    """Tell whether a percent is one of a row in which every percent is of the sum of the parts."""
    percents = [one for one in sentence.quantities if one.dimension == "percent" and one.is_exact]
    parts = _beside(sentence, percents)
    return percent in percents and len(percents) > 1 and _wrong(percents, parts) == []


def _beside(sentence: Sentence, percents: Sequence[Figure]) -> list[Figure]:
    """Return the figure right before each percent."""
    beside = []
    for percent in percents:
        before = [one for one in sentence.quantities if one.stop <= percent.start][-1:]
        beside += [one for one in before if is_additive(one) and not is_inner(sentence, one)]
    return beside


def _rows(
    text: Text, index: int, sentence: Sentence, percents: Sequence[Figure]
) -> Iterator[Sequence[Figure]]:
    """Yield the figures that stand right before each percent, else as many of a sentence before."""
    yield _beside(sentence, percents)
    for last in text.sentences[max(0, index - 2) : index]:
        yield [one for one in last.quantities if is_additive(one)]


def _wrong(percents: Sequence[Figure], parts: Sequence[Figure]) -> list[tuple[Figure, Figure]] | None:
    """Return the percents that do not fit with their parts; nothing where these are no row of them."""
    if len(parts) != len(percents) or not all(is_same_kind(part, parts[0]) for part in parts):
        return None
    whole = sum((part.base for part in parts), Decimal(0))
    if whole <= 0:
        return None
    pairs = zip(percents, parts, strict=True)
    wrong = [pair for pair in pairs if abs(pair[1].base / whole * WHOLE - pair[0].base) > pair[0].step]
    return wrong if len(wrong) <= 1 else None


def _finding(text: Text, percent: Figure, part: Figure, whole: Decimal) -> Finding:
    digits = max(0, -int(percent.step.as_tuple().exponent))
    right = round(part.base / whole * WHOLE, digits)
    factor = Decimal(10) ** part.scale * (part.unit.factor if part.unit else 1)
    messages = sentences(
        "percent", stated=plain(percent.base), right=right, first=part.written, second=plain(whole / factor)
    )
    facts = {"stated": str(percent.base), "right": str(right)}
    return Finding("percent", Severity.ERROR, (text.spot_of(percent), text.spot_of(part)), messages, facts)
