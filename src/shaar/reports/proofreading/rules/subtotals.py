"""Rows of a table that sum others without saying «итого», and totals told before the table."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.grids import Grid, Value, grids
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive
from shaar.reports.proofreading.text import Text, matches

NUMBERED = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,4})[.)]?\s+[А-ЯЁA-Z]|\s*[IVX]{1,4}\.")
YEAR = re.compile(r"\s*(?:за )?год\b|\s*за \d{4}|\s*(?:по )?город[ау]?\b|\s*\d{4} год", re.IGNORECASE)
REFERRED = re.compile(r"таблиц|табл\.|ниже", re.IGNORECASE)
MOST_PARTS, ROWS = 9, 300
LIMIT, NEAR = Decimal("0.4"), Decimal("0.25")


def find(text: Text) -> Iterator[Finding]:
    """Yield cells that should be the sum of rows under or over them, and wrong totals in the text."""
    for grid in grids(text):
        if not grid.has_units:
            yield from _over(text, grid)
            yield from _sections(text, grid)
            yield from _last(text, grid)
        yield from _before(text, grid)


def _columns(grid: Grid, rows: Sequence[int]) -> list[int]:
    return [column for column in grid.added if all((row, column) in grid.values for row in rows)]


def _over(text: Text, grid: Grid) -> Iterator[Finding]:
    """Judge rows that most columns show to be the sum of the rows right under them."""
    rows = grid.rows[:ROWS]
    for at, row in enumerate(rows):
        if grid.is_total(row):
            continue
        for size in range(2, min(MOST_PARTS, len(rows) - at - 1) + 1):
            under = rows[at + 1 : at + 1 + size]
            if any(grid.is_total(each) for each in under):
                break
            found = list(_most(text, grid, row, under))
            if found:
                yield from found
                break


def _most(text: Text, grid: Grid, row: int, under: Sequence[int]) -> Iterator[Finding]:
    columns = _columns(grid, (row, *under))
    wrong = [column for column in columns if not _is_sum(grid, row, under, column)]
    if len(columns) - len(wrong) < max(2, len(wrong)):
        return
    text.checked += len(columns)
    for column in wrong:
        if _is_close(grid, row, under, column):
            yield _finding(text, grid, row, under, column)


def _sections(text: Text, grid: Grid) -> Iterator[Finding]:
    """Judge numbered rows with unnumbered ones under them, where other sections of the table sum up."""
    heads = [row for row in grid.rows[:ROWS] if NUMBERED.match(grid.label(row))]
    parts = {row: _until(grid, row, heads) for row in heads}
    parts = {row: under for row, under in parts.items() if len(under) > 1}
    judged = [
        (row, under, column) for row, under in parts.items() for column in _columns(grid, (row, *under))
    ]
    wrong = [each for each in judged if not _is_sum(grid, *each)]
    if len(judged) < 2 or len(wrong) * 2 > len(judged):
        return
    text.checked += len(judged)
    for row, under, column in wrong:
        if _is_close(grid, row, under, column):
            yield _finding(text, grid, row, under, column)


def _until(grid: Grid, row: int, heads: Sequence[int]) -> list[int]:
    stop = min((each for each in heads if each > row), default=10**6)
    return [each for each in grid.rows if row < each < stop and not grid.is_total(each)]


def _last(text: Text, grid: Grid) -> Iterator[Finding]:
    """Judge a last row that is the year or the city, or that most columns show to sum all the others."""
    rows = grid.rows[:ROWS]
    if len(rows) < 4 or any(grid.is_total(row) for row in rows):
        return
    row, over = rows[-1], rows[:-1]
    columns = _columns(grid, rows)
    wrong = [column for column in columns if not _is_sum(grid, row, over, column)]
    is_named = YEAR.match(grid.label(row)) is not None
    if not is_named and len(columns) - len(wrong) < max(2, len(wrong)):
        return
    text.checked += len(columns)
    for column in wrong:
        if _is_close(grid, row, over, column):
            yield _finding(text, grid, row, over, column)


def _sum(grid: Grid, rows: Sequence[int], column: int) -> Decimal:
    return sum((grid.values[row, column].base for row in rows), Decimal(0))


def _room(value: Value) -> Decimal:
    return value.step if value.step < 1 or value.figure.scale else Decimal(0)


def _is_sum(grid: Grid, row: int, under: Sequence[int], column: int) -> bool:
    room = sum((_room(grid.values[each, column]) for each in (row, *under)), Decimal(0)) / 2
    return abs(grid.values[row, column].base - _sum(grid, under, column)) <= room


def _is_close(grid: Grid, row: int, under: Sequence[int], column: int) -> bool:
    stated = grid.values[row, column].base
    return stated > 0 and abs(stated - _sum(grid, under, column)) <= stated * LIMIT


def _finding(text: Text, grid: Grid, row: int, under: Sequence[int], column: int) -> Finding:
    total, amount = grid.values[row, column], _sum(grid, under, column)
    values = {"total": plain(total.base), "sum": plain(amount), "gap": plain(abs(total.base - amount))}
    spots = tuple(text.spot_of(grid.values[each, column].figure) for each in (row, *under))
    facts = {"total": str(total.base), "sum": str(amount)}
    return Finding("table", Severity.ERROR, spots, sentences("table_sum", **values), facts)


def _before(text: Text, grid: Grid) -> Iterator[Finding]:
    """Judge a total told in the passage right before a table that has a row of totals."""
    totals = [
        grid.values[row, column]
        for row in grid.rows
        if grid.is_total(row)
        for column in grid.columns
        if (row, column) in grid.values
    ]
    if not totals:
        return
    first = min(value.figure.passage for value in grid.values.values())
    for passage in range(max(0, first - 12), first):
        if text.passages[passage].cell is not None:
            continue
        for sentence in text.of_passage(passage):
            if REFERRED.search(text.passages[passage].text):
                told = [
                    one
                    for one in sentence.quantities
                    if is_additive(one) and matches(sentence.lead(one)[-5:], TOTAL)
                ]
                for figure in told:
                    yield from _told(text, figure, totals)


TOTAL = lexicon.cues("parts", "total")


def _told(text: Text, figure: Figure, totals: Sequence[Value]) -> Iterator[Finding]:
    amount = figure.value or Decimal(0)
    choices = {amount, figure.base, amount / Decimal(10) ** figure.scale}
    text.checked += 1
    if any(
        abs(each - value.base) <= max(value.step, figure.step) / 2 for each in choices for value in totals
    ):
        return
    near = [value for value in totals if any(abs(each - value.base) <= value.base * NEAR for each in choices)]
    if len(near) == 1:
        spots = (text.spot_of(figure), text.spot_of(near[0].figure))
        words = sentences("table_told", stated=spots[0].quote, total=near[0].base)
        yield Finding("table", Severity.ERROR, spots, words, {"total": str(near[0].base)})
