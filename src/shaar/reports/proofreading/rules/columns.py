"""Columns of a table that follow from others row by row: shares, price by number, amount for one."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations, product

from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.grids import Grid, Value, grids
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.text import Text

SHARE = re.compile(r"доля|уд\. ?вес|удельн|структур|к итогу|от общего|в общем", re.IGNORECASE)
WHOLE = re.compile(r"структур|удельн|уд\. ?вес|к итогу", re.IGNORECASE)
AMOUNT = re.compile(r"сумм|стоимост|итого|всего|начислен|оплач|расход|затрат", re.IGNORECASE)
RATE = re.compile(r"на одн|на 1 |на 1\b|плотност|средн|на 10|наполняем|обеспечен|/", re.IGNORECASE)
FACTORS = tuple(Decimal(10) ** power for power in (0, 3, -3, 6, -6))
RATE_FACTORS = tuple(Decimal(10) ** power for power in (0, 3, 4, -3, 6))
MOST, ROWS, TRIED = 8, 400, 6
Formula = Callable[[Value, Value, Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class Way:
    """A column as a formula of two others."""

    first: int
    second: int
    factor: Decimal
    formula: Formula


def find(text: Text) -> Iterator[Finding]:
    """Yield cells that break what the other rows of their column have in common."""
    for grid in grids(text):
        for column in grid.columns[:MOST]:
            header = grid.header(column)
            if SHARE.search(header):
                yield from _shares(text, grid, column)
            elif AMOUNT.search(header):
                yield from _by_rows(text, grid, column, _times, FACTORS, combinations)
            elif RATE.search(header) and "%" not in header:
                yield from _by_rows(text, grid, column, _quotient, RATE_FACTORS, permutations)


# Shares of a column -----------------------------------------------------------------------------------------
def _shares(text: Text, grid: Grid, column: int) -> Iterator[Finding]:
    rows = [row for row in grid.rows[:ROWS] if (row, column) in grid.values and not grid.is_total(row)]
    stated = [grid.values[row, column] for row in rows]
    best: tuple[int, int, Decimal] | None = None
    for other in grid.columns[:MOST]:
        if other == column or not all((row, other) in grid.values for row in rows):
            continue
        whole = _whole(grid, other, rows)
        right = sum(_is_share(grid.values[row, column], grid.values[row, other], whole) for row in rows)
        if whole > 0 and (best is None or right > best[0]):
            best = (right, other, whole)
    if best is not None and best[0] >= 2 and best[0] * 2 > len(rows):
        text.checked += len(rows)
        for row in rows:
            if not _is_share(grid.values[row, column], grid.values[row, best[1]], best[2]):
                yield _share_finding(text, grid.values[row, column], grid.values[row, best[1]], best[2])
    elif len(rows) > 2 and _is_whole(grid, column):
        yield from _hundred(text, stated)


def _whole(grid: Grid, column: int, rows: Sequence[int]) -> Decimal:
    totals = [
        grid.values[row, column].base
        for row in grid.rows
        if grid.is_total(row) and (row, column) in grid.values
    ]
    return totals[-1] if totals else sum((grid.values[row, column].base for row in rows), Decimal(0))


def _is_share(stated: Value, part: Value, whole: Decimal) -> bool:
    if whole <= 0:
        return False
    return (
        abs(part.base / whole * 100 - stated.base) <= stated.step * Decimal("0.51") + part.step / whole * 50
    )


def _is_whole(grid: Grid, column: int) -> bool:
    """Tell whether the shares of a column should make a hundred: by its header, or by its total."""
    totals = [
        grid.values[row, column].base
        for row in grid.rows
        if grid.is_total(row) and (row, column) in grid.values
    ]
    return 100 in totals or (not totals and WHOLE.search(grid.header(column)) is not None)


def _hundred(text: Text, stated: Sequence[Value]) -> Iterator[Finding]:
    amount = sum((one.base for one in stated), Decimal(0))
    room = sum((one.step for one in stated), Decimal(0)) / 2
    text.checked += 1
    if room < abs(amount - 100) <= 30:
        spots = tuple(text.spot_of(one.figure) for one in stated)
        words = sentences("hundred", parts=" + ".join(plain(one.base) for one in stated), sum=amount)
        yield Finding("table", Severity.ERROR, spots, words, {"sum": str(amount)})


def _share_finding(text: Text, stated: Value, part: Value, whole: Decimal) -> Finding:
    right = round(part.base / whole * 100, max(0, -int(stated.step.normalize().as_tuple().exponent)))
    is_near = abs(right - stated.base) <= stated.step
    words = sentences("table_percent", stated=stated.base, first=part.base, second=whole, right=right)
    facts = {"stated": str(stated.base), "right": str(right)}
    severity = Severity.WARNING if is_near else Severity.ERROR
    return Finding("table", severity, (text.spot_of(stated.figure), text.spot_of(part.figure)), words, facts)


# Products and quotients of a row ----------------------------------------------------------------------------
def _times(first: Value, second: Value, factor: Decimal) -> Decimal:
    return first.base * second.base * factor


def _quotient(first: Value, second: Value, factor: Decimal) -> Decimal:
    return first.base / second.base * factor if second.base else Decimal(0)


def _by_rows(
    text: Text,
    grid: Grid,
    column: int,
    formula: Formula,
    factors: Sequence[Decimal],
    choose: Callable[[Sequence[int], int], Iterator[tuple[int, ...]]],
) -> Iterator[Finding]:
    """Judge a column by the two others and the formula that give most of its cells."""
    others = [each for each in grid.columns[:MOST] if each != column]
    for chosen, factor in product(choose(others, 2), factors):
        way = Way(chosen[0], chosen[1], factor, formula)
        rows = [row for row in grid.rows[:ROWS] if _has(grid, row, column, way) and not grid.is_total(row)]
        if not any(_agrees(grid, row, column, way) for row in rows[:TRIED]):
            continue
        wrong = [row for row in rows if not _agrees(grid, row, column, way)]
        right = len(rows) - len(wrong)
        if right >= 2 and right > len(wrong):
            text.checked += len(rows)
            for row in wrong:
                yield _row_finding(text, grid, row, column, way)
            return


def _has(grid: Grid, row: int, column: int, way: Way) -> bool:
    cells = [grid.values.get((row, each)) for each in (column, way.first, way.second)]
    return all(cell is not None and cell.base > 0 for cell in cells) and any(
        cell is not None and cell.base != 1 for cell in cells[1:]
    )


def _agrees(grid: Grid, row: int, column: int, way: Way) -> bool:
    stated, first, second = (grid.values[row, each] for each in (column, way.first, way.second))
    right = way.formula(first, second, way.factor)
    room = right * (_error(first) + _error(second)) + stated.step * Decimal("0.51")
    return abs(right - stated.base) <= room and right > stated.step * 2


def _error(value: Value) -> Decimal:
    """Return how far a value may be rounded, as a share of it; whole numbers are exact."""
    return value.step / 2 / value.base if value.step < 1 else Decimal(0)


def _row_finding(text: Text, grid: Grid, row: int, column: int, way: Way) -> Finding:
    stated, first, second = (grid.values[row, each] for each in (column, way.first, way.second))
    right = round(way.formula(first, second, way.factor), 2).normalize()
    values = {"stated": stated.base, "first": first.base, "second": second.base}
    facts = {"stated": str(stated.base), "right": str(right)}
    spots = tuple(text.spot_of(one.figure) for one in (stated, first, second))
    return Finding("table", Severity.ERROR, spots, sentences("table_row", right=right, **values), facts)
