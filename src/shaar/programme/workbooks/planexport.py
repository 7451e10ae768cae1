"""Writes a whole plan as a workbook that import takes back as it is."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from shaar.kernel.texts import Text
from shaar.programme.workbooks import plansheets as sheets
from shaar.programme.workbooks.plandata import PlanData, Rows, Value, rows_of

SPARE = 1000
EXACT_DIGITS = 15
LONGEST_CELL = 32_767
HEAD = PatternFill("solid", fgColor="DCEBE8")
WRAPPED = Alignment(wrap_text=True, vertical="top")
FORMATS = {
    sheets.Kind.AMOUNT: "#,##0.00",
    sheets.Kind.VALUE: "General",
    sheets.Kind.YEAR: "0",
    sheets.Kind.WHOLE: "0",
}
CURRENCIES = "KGS,USD,EUR"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Of which programme and revision a workbook was made."""

    programme: str
    revision: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The units and indicators that a plan may name, by code."""

    units: tuple[tuple[str, Text], ...]
    indicators: tuple[tuple[str, Text], ...]


def make_plan_workbook(plan: PlanData, *, stamp: Stamp, reference: Reference, language: str) -> bytes:
    """Return the workbook of a plan with its headings in a language."""
    book = Workbook(write_only=True)
    guide = book.create_sheet(sheets.GUIDE.of(language))
    guide.column_dimensions["A"].width = 110
    for line in sheets.GUIDE_LINES:
        guide.append([_styled(guide, line.of(language), alignment=WRAPPED)])
    rows = rows_of(plan)
    for sheet in sheets.SHEETS:
        _write_sheet(book, sheet, rows, reference, language=language)
    _write_reference(book, reference, language=language)
    marked = book.create_sheet(sheets.STAMP)
    marked.append([sheets.VERSION, stamp.programme, stamp.revision])
    marked.sheet_state = "veryHidden"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write_sheet(
    book: Workbook, sheet: sheets.Sheet, rows: Rows, reference: Reference, *, language: str
) -> None:
    made: Any = book.create_sheet(sheet.title.of(language))
    size = f"A1:{get_column_letter(len(sheet.columns))}{sheets.FIRST_ROW - 1 + len(rows[sheet.key])}"
    made.calculate_dimension = lambda: size  # a reader that is not told it reads every sheet twice
    made.freeze_panes = f"B{sheets.FIRST_ROW}"
    made.row_dimensions[1].hidden = True
    for number, column in enumerate(sheet.columns, start=1):
        made.column_dimensions[get_column_letter(number)].width = column.width
    made.append([column.key for column in sheet.columns])
    heads = (column.title.of(language) for column in sheet.columns)
    made.append([_styled(made, text, font=Font(bold=True), fill=HEAD, alignment=WRAPPED) for text in heads])
    cells = [_cell_of(made, column) for column in sheet.columns]
    for row in rows[sheet.key]:
        for cell, column in zip(cells, sheet.columns, strict=True):
            _put(cell, _shown(row[column.key], column, language=language))
        made.append(cells)
    for validation in _validations(sheet, rows, reference, language=language):
        made.data_validations.append(validation)


def _styled(sheet: Any, text: str, **style: Any) -> Any:
    cell = WriteOnlyCell(sheet, text)
    for name, value in style.items():
        setattr(cell, name, value)
    return cell


def _cell_of(sheet: Any, column: sheets.Column) -> Any:
    """Return the cell of a column; each row is written before the next one fills the same cells anew."""
    if column.kind in sheets.NUMBERS:
        return _styled(sheet, "", number_format=FORMATS[column.kind], alignment=Alignment(vertical="top"))
    return _styled(sheet, "", alignment=WRAPPED, number_format="@")


def _shown(value: Value, column: sheets.Column, *, language: str) -> Value:
    if column.kind is sheets.Kind.BRANCH:
        return sheets.BRANCHES[str(value)].of(language)
    return value


def _put(cell: Any, value: Value) -> None:
    """Fill a cell; a text stays a text whatever it looks like, and no digit of a number is lost."""
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > EXACT_DIGITS:
        value = f"{value:f}"
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        raise ValueError("a text is longer than a cell can be")
    cell.value = None if value == "" else value
    if isinstance(value, str) and value:
        cell.data_type = "s"


# Choices and hints ------------------------------------------------------------------------------------------
def _validations(
    sheet: sheets.Sheet, rows: Rows, reference: Reference, *, language: str
) -> Iterable[DataValidation]:
    last = sheets.FIRST_ROW + len(rows[sheet.key]) + SPARE
    for number, column in enumerate(sheet.columns, start=1):
        choice = _choice(sheet, column, rows, reference, language=language)
        hint = column.hint.of(language)
        if choice is None and not hint:
            continue
        made = DataValidation(
            type="list" if choice else None, formula1=choice, allow_blank=True, showErrorMessage=False
        )
        if hint:
            made.promptTitle, made.prompt = column.title.of(language)[:32], hint[:255]
            made.showInputMessage = True
        letter = get_column_letter(number)
        made.add(f"{letter}{sheets.FIRST_ROW}:{letter}{last}")
        yield made


def _choice(
    sheet: sheets.Sheet, column: sheets.Column, rows: Rows, reference: Reference, *, language: str
) -> str | None:
    def listed(title: Text, letter: str, count: int, first: int = sheets.FIRST_ROW) -> str | None:
        return f"'{title.of(language)}'!${letter}${first}:${letter}${first + count - 1}" if count else None

    if column.kind is sheets.Kind.BRANCH:
        return '"' + ",".join(one.of(language) for one in sheets.BRANCHES.values()) + '"'
    if column.kind is sheets.Kind.CURRENCY:
        return f'"{CURRENCIES}"'
    if (sheet, column.key) in ((sheets.MEASURES, "node"), (sheets.NODES, "parent")):
        return listed(sheets.NODES.title, "A", len(rows["nodes"]) + SPARE)
    if column is sheets.MEASURE:
        return listed(sheets.MEASURES.title, "A", len(rows["measures"]) + SPARE)
    if column is sheets.INDICATOR:
        return listed(sheets.REFERENCE, "D", len(reference.indicators), 2)
    return None


def _write_reference(book: Workbook, reference: Reference, *, language: str) -> None:
    made = book.create_sheet(sheets.REFERENCE.of(language))
    made.freeze_panes = "A2"
    for letter, width in zip("ABCDE", (26, 60, 4, 36, 70), strict=True):
        made.column_dimensions[letter].width = width
    unit = Text("Подразделение", "Бөлүм", "Unit")
    indicator = Text("Показатель", "Көрсөткүч", "Indicator")
    code = Text("Код", "Код", "Code")
    titles = (code, unit, Text(""), code, indicator)
    made.append([_styled(made, one.of(language), font=Font(bold=True), fill=HEAD) for one in titles])
    for number in range(max(len(reference.units), len(reference.indicators))):
        line: list[str] = []
        for known in (reference.units, reference.indicators):
            pair = known[number] if number < len(known) else ("", Text(""))
            line += [pair[0], pair[1].of(language), ""]
        made.append(line[:5])
