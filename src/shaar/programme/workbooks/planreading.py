"""Reads a plan's workbook back: every cell by its column, and what is wrong by sheet and cell."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from shaar.kernel.errors import Place, Refusal
from shaar.kernel.quantities import Quantity
from shaar.programme.workbooks import plansheets as sheets
from shaar.programme.workbooks.forms import quantity_of_cell
from shaar.programme.workbooks.opening import opened
from shaar.programme.workbooks.plandata import Row, Rows, Value, codes_of, tidy
from shaar.programme.workbooks.planexport import Stamp

OLD_CONTAINER = b"\xd0\xcf\x11\xe0"
ENCRYPTED = 0x1
HEAD_ROWS = 5
WIDEST = 60
MOST_ROWS = 100_000
STEP = 250
DIGITS = {sheets.Kind.WHOLE: 0, sheets.Kind.YEAR: 0, sheets.Kind.AMOUNT: 2, sheets.Kind.VALUE: 6}
BROKEN = (SyntaxError, KeyError, ValueError, OSError, zipfile.BadZipFile, zlib.error, IndexError, TypeError)
LARGEST = {sheets.Kind.WHOLE: 2**31 - 1, sheets.Kind.YEAR: 9999}
LARGEST_NUMBER = 10**18


@dataclass(slots=True)
class ReadSheet:
    """The rows of a sheet with the number of each and the letter of each column."""

    title: str
    rows: list[Row] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    letters: Mapping[str, str] = field(default_factory=dict)

    def place(self, index: int, column: str) -> Place:
        """Return where a column of a row stands."""
        return Place(sheet=self.title, cell=f"{self.letters[column]}{self.numbers[index]}")


@dataclass(slots=True)
class ReadPlan:
    """What stands in a workbook; `wrong` holds the rows in which a cell could not be read."""

    sheets: dict[str, ReadSheet] = field(default_factory=dict)
    problems: list[Refusal] = field(default_factory=list)
    wrong: set[tuple[str, int]] = field(default_factory=set)
    is_whole: bool = True

    @property
    def rows(self) -> Rows:
        """Return the rows of each sheet."""
        return {key: sheet.rows for key, sheet in self.sheets.items()}


def read_stamp(content: bytes, *, name: str) -> Stamp:
    """Return of which programme and revision a workbook was made.

    Refusal as `opened`, and `workbook_encrypted`, `missing_sheet`, `not_a_plan`, `other_version`.
    """
    with _book(content, name) as book:
        if sheets.STAMP not in book.sheetnames:
            message = _(
                "This is not a workbook of a plan: download the plan as a workbook and change that one."
            )
            raise Refusal("not_a_plan", message, place=Place(file=name))
        for sheet in sheets.SHEETS:
            _sheet_of(book, sheet, name)
        cells: tuple[Any, ...] = next(
            iter(book[sheets.STAMP].iter_rows(max_row=1, max_col=3, values_only=True)), ()
        )
        if len(cells) < 3 or cells[0] != sheets.VERSION or not isinstance(cells[2], int):
            message = _("The workbook is of another version of the system: download the plan again.")
            raise Refusal("other_version", message, place=Place(file=name))
        return Stamp(str(cells[1]), cells[2])


def read_plan_workbook(
    content: bytes, *, name: str, units: Mapping[str, str], step: Callable[[int, int], None]
) -> ReadPlan:
    """Read all sheets; `units` turns a unit's name into its code, `step` is told rows done and in all."""
    read = ReadPlan()
    with _book(content, name) as book:
        found = [(sheet, _sheet_of(book, sheet, name)) for sheet in sheets.SHEETS]
        total = sum(max((one.max_row or 0) - sheets.FIRST_ROW + 1, 0) for _sheet, one in found)
        done = 0
        for sheet, source in found:
            reading = _SheetReading(read, sheet, source, units)
            for _number in reading.run():
                done += 1
                if done % STEP == 0:
                    step(min(done, total), total)
        step(total, total)
    return read


@contextmanager
def _book(content: bytes, name: str) -> Iterator[Any]:
    """Open a workbook; whatever is broken deeper inside is told as a file that is no workbook."""
    if content.startswith(OLD_CONTAINER) or _is_encrypted(content):
        message = _(
            "The workbook is protected by a password or of the old .xls kind: save it as .xlsx without."
        )
        raise Refusal("workbook_encrypted", message, place=Place(file=name))
    try:
        with opened(content, name=name) as book:
            yield book
    except BROKEN as error:
        message = _("This is not an Excel workbook (.xlsx).")
        raise Refusal("not_a_workbook", message, place=Place(file=name)) from error


def _is_encrypted(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(one.flag_bits & ENCRYPTED for one in archive.infolist())
    except zipfile.BadZipFile:
        return False


def _sheet_of(book: Any, sheet: sheets.Sheet, name: str) -> Any:
    for language in sheets.LANGUAGES:
        if (title := sheet.title.of(language)) in book.sheetnames:
            return book[title]
    message = _("The sheet “%(sheet)s” is missing.") % {"sheet": str(sheet.title)}
    raise Refusal("missing_sheet", message, place=Place(file=name, sheet=str(sheet.title)))


# A sheet ----------------------------------------------------------------------------------------------------
class _SheetReading:
    """Reads one sheet into the plan that is being read."""

    def __init__(self, read: ReadPlan, sheet: sheets.Sheet, source: Any, units: Mapping[str, str]) -> None:
        self.read, self.sheet, self.source, self.units = read, sheet, source, units
        self.found = read.sheets[sheet.key] = ReadSheet(source.title)

    def run(self) -> Iterator[int]:
        """Read row by row, yielding the number of each."""
        columns, first = self._columns()
        missing = [one for one in self.sheet.columns if one.key not in columns]
        for one in missing:
            message = _("The column “%(title)s” is missing.") % {"title": str(one.title)}
            self._tell(Refusal("missing_column", message, place=Place(sheet=self.source.title, cell="A2")))
            self.read.is_whole = False
        if missing:
            return
        self.found.letters = {key: get_column_letter(number + 1) for key, number in columns.items()}
        rows = self.source.iter_rows(min_row=first, max_col=max(columns.values()) + 1)
        for number, cells in enumerate(rows, start=first):
            if any(cell.value is not None for cell in cells):
                self._row(number, cells, columns)
            if len(self.found.rows) > MOST_ROWS:
                message = _("The sheet has more than %(count)d rows.") % {"count": MOST_ROWS}
                raise Refusal("too_many_rows", message, place=Place(sheet=self.source.title))
            yield number

    def _columns(self) -> tuple[dict[str, int], int]:
        """Return the position of each column by its key, and the first row under the heads.

        The hidden keys are looked for first, then heads in any language.
        """
        rows = list(self.source.iter_rows(min_row=1, max_row=HEAD_ROWS, max_col=WIDEST, values_only=True))
        keys = {one.key: one.key for one in self.sheet.columns}
        if rows and (by_key := _positions(rows[0], keys)):
            return by_key, sheets.FIRST_ROW
        best: tuple[dict[str, int], int] = ({}, sheets.FIRST_ROW)
        for language in sheets.LANGUAGES:
            titles = {one.title.of(language).casefold(): one.key for one in self.sheet.columns}
            for number, row in enumerate(rows, start=1):
                if len(found := _positions(row, titles)) > len(best[0]):
                    best = (found, number + 1)
        return best

    def _row(self, number: int, cells: tuple[Any, ...], columns: Mapping[str, int]) -> None:
        index = len(self.found.rows)
        row: Row = {}
        self.found.numbers.append(number)
        self.found.rows.append(row)
        for column in self.sheet.columns:
            position = columns[column.key]
            try:
                cell = cells[position] if position < len(cells) else None
                row[column.key] = self._value(column, cell, partial(self.found.place, index, column.key))
            except Refusal as refusal:
                row[column.key] = None
                self.read.wrong.add((self.sheet.key, index))
                self._tell(refusal)

    def _value(self, column: sheets.Column, cell: Any, place: Callable[[], Place]) -> Value:
        value = cell.value if cell is not None else None
        is_number = column.kind in sheets.NUMBERS
        if value is None or (isinstance(value, str) and not tidy(value)):
            if column.is_required:
                message = _("“%(title)s” is not filled in.") % {"title": str(column.title)}
                raise Refusal("missing_value", message, place=place())
            return None if is_number else ""
        if is_number:
            return number_of(column, cell, place)
        text = text_of(cell, place)
        if len(text) > column.longest:
            message = _("This is longer than %(limit)d characters.") % {"limit": column.longest}
            raise Refusal("too_long", message, place=place())
        return self._read_text(column, text, place)

    def _read_text(self, column: sheets.Column, text: str, place: Callable[[], Place]) -> str:
        match column.kind:
            case sheets.Kind.BRANCH:
                return _branch(text, place)
            case sheets.Kind.CODES:
                return "; ".join(self.units.get(one.casefold(), one) for one in codes_of(text))
            case sheets.Kind.CURRENCY:
                return _currency(text, place)
        return text

    def _tell(self, problem: Refusal) -> None:
        self.read.problems.append(problem)


def _positions(row: Iterable[Any], names: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, value in enumerate(row):
        key = names.get(" ".join(str(value).split())) or names.get(" ".join(str(value).casefold().split()))
        if key and key not in found:
            found[key] = position
    return found


# A cell -----------------------------------------------------------------------------------------------------
def text_of(cell: Any, place: Callable[[], Place]) -> str:
    """Return the text of a cell; Refusal `formula_in_cell`, `error_in_cell`, `text_expected`."""
    value = cell.value
    if cell.data_type == "f":
        raise Refusal("formula_in_cell", _("Write the text itself, not a formula."), place=place())
    if cell.data_type == "e":
        message = _("The cell holds the error %(error)s.") % {"error": value}
        raise Refusal("error_in_cell", message, place=place())
    if isinstance(value, bool):
        raise Refusal("text_expected", _("A text is expected here."), place=place())
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return f"{_exact(value):f}"
    return tidy(str(value))


def number_of(column: sheets.Column, cell: Any, place: Callable[[], Place]) -> int | Decimal:
    """Return the number of a cell.

    Refusal as `quantity_of_cell`, and `not_exact`, `too_precise`, `too_large`.
    """
    is_plain = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    quantity = Quantity(_exact(cell.value)) if is_plain else quantity_of_cell(cell, place())
    if quantity is None or not quantity.is_exact or quantity.value is None:
        raise Refusal("not_exact", _("One exact number is expected here."), place=place())
    value, digits = quantity.value, DIGITS[column.kind]
    if abs(value) > LARGEST.get(column.kind, LARGEST_NUMBER - 1):
        raise Refusal("too_large", _("The number is too large."), place=place())
    if round(value, digits) != value:
        message = _("The number has more than %(digits)d digits after the decimal sign.") % {"digits": digits}
        raise Refusal("too_precise", message, place=place())
    if digits == 0:
        if value < 0:
            raise Refusal("negative_number", _("The number is negative."), place=place())
        return int(value)
    return value


def _exact(value: float) -> Decimal:
    """Return the number that a person sees: a workbook keeps fifteen digits."""
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")


def _branch(text: str, place: Callable[[], Place]) -> str:
    for key, names in sheets.BRANCHES.items():
        if text.casefold() in {key, *(names.of(language) for language in sheets.LANGUAGES)}:
            return key
    message = _("“%(text)s” is not a kind of branch.") % {"text": text[:80]}
    raise Refusal("unknown_kind", message, place=place())


def _currency(text: str, place: Callable[[], Place]) -> str:
    code = text.upper()
    if len(code) == 3 and code.isascii() and code.isalpha():
        return code
    message = _("“%(text)s” is not a code of a currency, such as KGS.") % {"text": text[:80]}
    raise Refusal("unknown_currency", message, place=place())
