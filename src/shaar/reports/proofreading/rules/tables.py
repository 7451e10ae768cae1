"""Tables: rows «итого» and columns «всего» sum up, percents and differences agree with their columns."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations, product

from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.grids import DIFFERENCE, PERCENT, PLAN, TOTAL, Grid, Value, grids
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.text import Text

MOST_COLUMNS, MOST_ROWS = 12, 1000
MOST_GAP = Decimal("0.6")
Formula = Callable[[Value, Value], tuple[Decimal, Decimal]]


def find(text: Text) -> Iterator[Finding]:
    """Yield cells that do not agree with the other cells of their table."""
    for grid in grids(text):
        if not grid.has_units:
            yield from _total_rows(text, grid)
        yield from _total_columns(text, grid)
        for column in grid.columns:
            yield from _derived(text, grid, column)


# Rows of totals ---------------------------------------------------------------------------------------------
def _total_rows(text: Text, grid: Grid) -> Iterator[Finding]:
    for row in grid.rows:
        if not grid.is_total(row):
            continue
        for column in grid.added:
            if (row, column) in grid.values:
                yield from _total_cell(text, grid, row, column)


def _total_cell(text: Text, grid: Grid, row: int, column: int) -> Iterator[Finding]:
    total = grid.values[row, column]
    choices = [
        [grid.values[each, column] for each in rows if (each, column) in grid.values]
        for rows in _summed(grid, row)
    ]
    choices = [choice for choice in choices if len(choice) > 1]
    if any(_is_sum(total, choice) for choice in choices):
        text.checked += 1
        return
    if not choices:
        return
    nearest = min(choices, key=lambda choice: abs(total.base - _sum(choice)))
    if abs(total.base - _sum(nearest)) > abs(total.base) * MOST_GAP:
        return
    text.checked += 1
    yield _sum_finding(text, total, nearest)


def _summed(grid: Grid, row: int) -> Iterator[list[int]]:
    """Yield the sets of rows that a row of totals may sum: above it, below it, or other totals."""
    above = [each for each in grid.rows if each < row]
    below = [each for each in grid.rows if each > row]
    last = max((each for each in above if grid.is_total(each)), default=0)
    for rows in ([each for each in above if each > last], above, below):
        plain_rows = [each for each in rows if not grid.is_total(each)]
        yield plain_rows
        yield [each for each in plain_rows if not grid.is_part(each)]
        yield [each for each in rows if grid.is_total(each)]
    following = min((each for each in below if grid.is_total(each)), default=10**6)
    yield [each for each in below if each < following]


# Columns of totals ------------------------------------------------------------------------------------------
def _total_columns(text: Text, grid: Grid) -> Iterator[Finding]:
    for column in grid.added:
        if not TOTAL.match(grid.header(column)):
            continue
        others = [each for each in grid.added if each != column]
        for chosen in (
            [each for each in others if each < column],
            [each for each in others if each > column],
        ):
            yield from _by_majority(text, grid, column, chosen)


def _by_majority(text: Text, grid: Grid, column: int, chosen: Sequence[int]) -> Iterator[Finding]:
    rows = [row for row in grid.rows if all((row, each) in grid.values for each in (column, *chosen))]
    wrong = [
        row
        for row in rows
        if not _is_sum(grid.values[row, column], [grid.values[row, each] for each in chosen])
    ]
    if len(chosen) < 2 or len(rows) - len(wrong) < max(1, len(wrong)):
        return
    text.checked += len(rows)
    for row in wrong:
        yield _sum_finding(text, grid.values[row, column], [grid.values[row, each] for each in chosen])


# Columns that follow from two others ------------------------------------------------------------------------
def _ratio(first: Value, second: Value) -> tuple[Decimal, Decimal]:
    return _bounded(first, second, Decimal(0))


def _growth(first: Value, second: Value) -> tuple[Decimal, Decimal]:
    return _bounded(first, second, Decimal(100))


def _bounded(first: Value, second: Value, shift: Decimal) -> tuple[Decimal, Decimal]:
    if second.base <= 0:
        return Decimal(0), Decimal(0)
    middle = first.base / second.base * 100 - shift
    room = (_step(first) / 2 + abs(first.base / second.base) * _step(second) / 2) / second.base * 100
    return middle - room, middle + room


def _difference(first: Value, second: Value) -> tuple[Decimal, Decimal]:
    middle, room = first.base - second.base, (_step(first) + _step(second)) / 2
    return middle - room, middle + room


def _formulas(header: str) -> tuple[Formula, ...]:
    """Return what a column may hold, by its header."""
    percents: tuple[Formula, ...] = (_ratio, _growth) if PERCENT.search(header) else ()
    return (_difference, *percents) if DIFFERENCE.search(header) and "%" not in header else percents


def _derived(text: Text, grid: Grid, column: int) -> Iterator[Finding]:
    """Judge a column by the two others that give most of its cells."""
    best: tuple[int, list[int], int, int, Formula] | None = None
    others = [each for each in grid.columns if each != column][:MOST_COLUMNS]
    for (first, second), formula in product(permutations(others, 2), _formulas(grid.header(column))):
        rows = _rows_of(grid, column, first, second)
        right = [row for row in rows if _agrees(grid, row, column, first, second, formula)]
        if right and (best is None or len(right) > best[0]):
            best = (len(right), [row for row in rows if row not in right], first, second, formula)
    if best is None:
        return
    count, wrong, first, second, formula = best
    is_named = bool(PLAN.search(grid.header(first) + grid.header(second)))
    if count < (1 if is_named else 2) or count < len(wrong):
        return
    text.checked += count + len(wrong)
    for row in wrong:
        yield _derived_finding(text, grid, (row, column), (first, second), formula)


def _rows_of(grid: Grid, *columns: int) -> list[int]:
    return [row for row in grid.rows[:MOST_ROWS] if all((row, each) in grid.values for each in columns)]


def _agrees(grid: Grid, row: int, column: int, first: int, second: int, formula: Formula) -> bool:
    stated = grid.values[row, column]
    low, high = formula(grid.values[row, first], grid.values[row, second])
    room = stated.step / 2 + Decimal("0.0000001")
    return low - room <= stated.base <= high + room


def _derived_finding(
    text: Text, grid: Grid, cell: tuple[int, int], columns: tuple[int, int], formula: Formula
) -> Finding:
    stated = grid.values[cell]
    first, second = (grid.values[cell[0], column] for column in columns)
    low, high = formula(first, second)
    digits = max(0, -int(stated.step.normalize().as_tuple().exponent)) if stated.step < 1 else 0
    right = round((low + high) / 2, digits)
    code = "table_difference" if formula is _difference else "table_percent"
    values = {"first": plain(first.base), "second": plain(second.base), "stated": plain(stated.base)}
    spots = tuple(text.spot_of(value.figure) for value in (stated, first, second))
    facts = {"stated": str(stated.base), "right": str(right)}
    is_near = abs(stated.base - right) <= stated.step
    severity = Severity.WARNING if is_near else Severity.ERROR
    return Finding("table", severity, spots, sentences(code, right=right, **values), facts)


# Sums -------------------------------------------------------------------------------------------------------
def _sum(values: Sequence[Value]) -> Decimal:
    return sum((value.base for value in values), Decimal(0))


def _step(value: Value) -> Decimal:
    """Return how far a value may be rounded: whole numbers in a table are counts."""
    return value.step if value.step < 1 or value.figure.scale else Decimal(0)


def _is_sum(total: Value, parts: Sequence[Value]) -> bool:
    room = sum((_step(value) for value in (total, *parts)), Decimal(0)) / 2
    return abs(total.base - _sum(parts)) <= min(room, max(_step(total), Decimal(0)) * 2)


def _sum_finding(text: Text, total: Value, parts: Sequence[Value]) -> Finding:
    amount = _sum(parts)
    values = {"total": plain(total.base), "sum": plain(amount), "gap": plain(abs(total.base - amount))}
    spots = (text.spot_of(total.figure), *(text.spot_of(part.figure) for part in parts))
    facts = {"total": str(total.base), "sum": str(amount)}
    return Finding("table", Severity.ERROR, spots, sentences("table_sum", **values), facts)
