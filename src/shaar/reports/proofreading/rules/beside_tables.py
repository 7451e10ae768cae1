"""What a text beside a table tells of it: a growth, a percent or a value of a row that it names.

A row is meant where the sentence names it, or where it is the total and the sentence names no row. Whatever
any two cells of the meant row give is right; a figure that is but a slip away from that is an error.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from shaar.reports.proofreading.comparing import BY, DOWN, is_difference, percent_kind
from shaar.reports.proofreading.digits import core, is_slipped, is_swapped
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.grids import Grid, Value, grids
from shaar.reports.proofreading.language import words
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive
from shaar.reports.proofreading.rules.changes import names_change
from shaar.reports.proofreading.text import Sentence, Text

NEAR, STEM, MOST = 3, 5, 60


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure of a text near a table, with the rows it may speak of."""

    figure: Figure
    sentence: Sentence
    rows: tuple[int, ...]


def find(text: Text) -> Iterator[Finding]:
    """Yield differences and percents of change that are a slip away from what a row of a table gives."""
    for grid in grids(text):
        if len(grid.rows) > MOST:
            continue
        for claim in _claims(text, grid):
            yield from _judge(text, grid, claim)


def _claims(text: Text, grid: Grid) -> Iterator[Claim]:
    """Yield the figures of the passages after a table that tell of a change of one of its rows."""
    last = max(value.figure.passage for value in grid.values.values())
    labels = {row: _stems(grid.label(row)) for row in grid.rows}
    common = frozenset.intersection(*labels.values()) if labels else frozenset()
    after = [one for one in text.passages[last + 1 :] if one.text.strip()][:NEAR]
    for number in range(last + 1, len(text.passages)):
        if text.passages[number].cell is not None or text.passages[number] not in after:
            break
        for sentence in text.of_passage(number):
            for figure in sentence.quantities:
                if figure.is_exact and _tells_change(sentence, figure):
                    named = _stems(" ".join(word.text for word in sentence.lead(figure)))
                    rows = tuple(row for row in grid.rows if (labels[row] - common) & named)
                    totals = tuple(row for row in grid.rows if grid.is_total(row))
                    yield Claim(figure, sentence, rows or totals)


def _tells_change(sentence: Sentence, figure: Figure) -> bool:
    if figure.dimension == "percent":
        return percent_kind(sentence, figure) in {BY, DOWN}
    return is_additive(figure) and (is_difference(sentence, figure) or names_change(sentence, figure))


def _stems(text: str) -> frozenset[str]:
    return frozenset(
        word.lemma[:STEM] for word in words(text) if word.is_a("NOUN", "ADJF") and len(word.text) > 3
    )


def _judge(text: Text, grid: Grid, claim: Claim) -> Iterator[Finding]:
    figure = claim.figure
    stated = figure.base if figure.dimension == "percent" else _written(figure)
    give = _percents if figure.dimension == "percent" else _differences
    given = {row: list(give(grid, row)) for row in grid.rows}
    if any(
        abs(one - stated) <= figure.step / _scale(figure) for found in given.values() for one, *_ in found
    ):
        text.checked += 1
        return
    meant = [one for row in claim.rows for one in given[row] if _is_slip(figure, stated, one[0])]
    if len(meant) == 1:
        text.checked += 1
        right, first, second = meant[0]
        yield _finding(text, figure, round(right, _digits(figure)), (first, second))


def _written(figure: Figure) -> Decimal:
    return (figure.value or Decimal(0)) / _scale(figure)


def _scale(figure: Figure) -> Decimal:
    return Decimal(10) ** figure.scale


def _digits(figure: Figure) -> int:
    return max(0, -int((figure.step / _scale(figure)).normalize().as_tuple().exponent))


def _is_slip(figure: Figure, stated: Decimal, right: Decimal) -> bool:
    """Tell whether one digit, or the order of two, is all that is wrong."""
    first, second = core(stated), core(round(right, _digits(figure)))
    return len(first) > 1 and (is_swapped(first, second) or is_slipped(first, second))


def _differences(grid: Grid, row: int) -> Iterator[tuple[Decimal, Value, Value]]:
    for one, other in permutations(_cells(grid, row), 2):
        if one.base > other.base:
            yield one.base - other.base, one, other


def _percents(grid: Grid, row: int) -> Iterator[tuple[Decimal, Value, Value]]:
    for one, other in permutations(_cells(grid, row), 2):
        if other.base > 0:
            yield abs(one.base / other.base - 1) * 100, one, other


def _cells(grid: Grid, row: int) -> Sequence[Value]:
    return [grid.values[row, column] for column in grid.added if (row, column) in grid.values]


def _finding(text: Text, figure: Figure, right: Decimal, pair: tuple[Value, Value]) -> Finding:
    is_percent = figure.dimension == "percent"
    stated = figure.base if is_percent else _written(figure)
    values = {"stated": plain(stated), "first": plain(pair[0].base), "second": plain(pair[1].base)}
    spots = (text.spot_of(figure), *(text.spot_of(one.figure) for one in pair))
    facts = {"stated": str(stated), "right": str(right)}
    code = "table_percent" if is_percent else "table_difference"
    return Finding("table", Severity.ERROR, spots, sentences(code, right=right, **values), facts)
