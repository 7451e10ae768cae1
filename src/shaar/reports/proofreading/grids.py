"""Tables as grids of figures: headers, labels of rows, which rows and columns are totals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.text import Text

TOTAL = re.compile(
    r"\s*(?:итого|всего|общий итог|в целом|жалпы|бардыгы|общее количество|общая сумма|сумма)\b", re.IGNORECASE
)
TOTAL_AFTER = re.compile(r"\b(?:итого|всего)$", re.IGNORECASE)
PART = re.compile(r"\s*(?:[-–—•·]|в том числе|в т\.? ?ч|из них|из которых)", re.IGNORECASE)
NOT_ADDED = re.compile(
    r"%|процент|темп|доля|уд\. ?вес|удельн|средн|исполнени|выполнени|на 1 |на одн|тариф|цена"
    r"|стоимость 1|индекс|уровень|№|код",
    re.IGNORECASE,
)
PERCENT = re.compile(r"%|процент|темп|исполнени|выполнени|доля|удельн|уд\. ?вес|рост", re.IGNORECASE)
DIFFERENCE = re.compile(
    r"отклонени|разниц|\+/-|\+,-|сверх|прирост|изменени|остаток|\(\+|\+ ?/ ?[-–−]", re.IGNORECASE
)
PLAN = re.compile(r"план|утвержд|прогноз|назначен|начислен|лимит|задани", re.IGNORECASE)
UNITS = re.compile(r"ед\. ?изм|единиц. измер|ед\.$", re.IGNORECASE)
NUMBER = re.compile(r"\s*[-−–+]?\s*\d[\d .,]*\s*%?\s*[^\d]{0,12}$")


@dataclass(frozen=True)
class Value:
    """A figure in a cell, with its sign."""

    figure: Figure
    base: Decimal
    step: Decimal


@dataclass(frozen=True)
class Grid:
    """A table: its cells' texts and values by (row, column), and which rows hold data."""

    texts: dict[tuple[int, int], str]
    values: dict[tuple[int, int], Value]

    @cached_property
    def rows(self) -> tuple[int, ...]:
        """Return the rows that hold values beside their number."""
        numbers = self._numbering
        return tuple(sorted({row for row, column in self.values if column not in numbers}))

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """Return the columns that hold values, without the one that numbers the rows."""
        return tuple(sorted({column for _, column in self.values} - self._numbering))

    @cached_property
    def _numbering(self) -> set[int]:
        found = set()
        first = min((column for _, column in self.values), default=0)
        cells = [self.values[key].base for key in sorted(self.values) if key[1] == first]
        if first == 1 and len({column for _, column in self.values}) > 1:
            header = next(
                (text for (row, column), text in sorted(self.texts.items()) if column == 1 and text), ""
            )
            if "№" in header or cells == [Decimal(number) for number in range(1, len(cells) + 1)]:
                found.add(first)
        return found

    def header(self, column: int) -> str:
        """Return the text above a column."""
        first = min(self.rows, default=1)
        cells = [(row, self.texts.get((row, column), "")) for row in range(1, first)]
        own = " ".join(text for _, text in cells if text)
        if own:
            return own
        return " ".join(
            next((self.texts[row, left] for left in range(column, 0, -1) if self.texts.get((row, left))), "")
            for row in range(1, first)
        )

    def label(self, row: int) -> str:
        """Return the words at the head of a row."""
        cells = sorted((column, text) for (own, column), text in self.texts.items() if own == row)
        return next((text for column, text in cells if text and (row, column) not in self.values), "")

    def is_total(self, row: int) -> bool:
        """Tell whether a row is a total by its label."""
        return TOTAL.match(self.label(row)) is not None or TOTAL_AFTER.search(self.label(row)) is not None

    def is_part(self, row: int) -> bool:
        """Tell whether a row details the row above it."""
        return PART.match(self.label(row)) is not None

    @cached_property
    def added(self) -> tuple[int, ...]:
        """Return the columns whose sums mean something."""
        return tuple(column for column in self.columns if not NOT_ADDED.search(self.header(column)))

    @cached_property
    def has_units(self) -> bool:
        """Tell whether the rows are measured in units of their own."""
        columns = {column for _, column in self.texts}
        return any(UNITS.search(self.header(column)) for column in columns)


def grids(text: Text) -> Iterator[Grid]:
    """Yield every table of a text that has at least two rows of values."""
    cells: dict[int, list[int]] = {}
    for number, passage in enumerate(text.passages):
        if passage.cell is not None:
            cells.setdefault(passage.cell.table, []).append(number)
    for numbers in cells.values():
        grid = _grid(text, numbers)
        if len(grid.rows) >= 2:
            yield grid


def _grid(text: Text, numbers: Sequence[int]) -> Grid:
    texts: dict[tuple[int, int], str] = {}
    values: dict[tuple[int, int], Value] = {}
    for number in numbers:
        passage = text.passages[number]
        cell = passage.cell
        if cell is None:
            continue
        key = (cell.row, cell.column)
        texts[key] = passage.text.strip()
        found = [figure for sentence in text.of_passage(number) for figure in sentence.figures]
        if len(found) == 1 and NUMBER.fullmatch(passage.text) and found[0].value is not None:
            values[key] = _value(passage.text, found[0])
    return Grid(texts, _without_years(values))


def _without_years(values: dict[tuple[int, int], Value]) -> dict[tuple[int, int], Value]:
    """Leave out years in headers; a year is a number among other numbers below."""
    return {key: value for key, value in values.items() if not _is_year_of_header(key, value, values)}


def _is_year_of_header(key: tuple[int, int], value: Value, values: dict[tuple[int, int], Value]) -> bool:
    return not value.figure.is_quantity and (1 in key or _is_heading(key, values))


def _is_heading(key: tuple[int, int], values: dict[tuple[int, int], Value]) -> bool:
    return not any(value.figure.is_quantity for (row, _), value in values.items() if row == key[0])


def _value(text: str, figure: Figure) -> Value:
    before = text[: figure.start].rstrip()
    sign = -1 if before.endswith(("-", "−", "–")) else 1
    return Value(figure, figure.base * sign, figure.step * (figure.unit.factor if figure.unit else 1))
