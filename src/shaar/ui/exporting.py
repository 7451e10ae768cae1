"""Rows of a table as CSV and as a workbook; a text never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

BYTE_ORDER_MARK = "\ufeff"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# With these a spreadsheet takes the text of a CSV for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTHS = {"text": 42, "number": 16, "date": 18}
LONGEST_SHEET_NAME = 31
Head = Sequence[tuple[str, str]]


def as_csv(name: str, head: Head, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return rows as CSV in UTF-8; a text that a spreadsheet would run gets an apostrophe before it."""
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = _attachment(f"{name}.csv")
    writer = csv.writer(response)
    writer.writerow([title for title, _kind in head])
    for row in rows:
        writer.writerow([_safe(value) for value in row])
    return response


def as_xlsx(name: str, head: Head, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return rows as a workbook: numbers and days as such, every text as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(sign for sign in name if sign not in "[]:*?/\\")[:LONGEST_SHEET_NAME])
    sheet.freeze_panes = "A2"
    for place, (_title, kind) in enumerate(head, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = WIDTHS[kind]
    titles = [_cell(sheet, title) for title, _kind in head]
    for cell in titles:
        cell.font = Font(bold=True)
    sheet.append(titles)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    kept = io.BytesIO()
    book.save(kept)
    response = HttpResponse(kept.getvalue(), content_type=WORKBOOK)
    response["Content-Disposition"] = _attachment(f"{name}.xlsx")
    return response


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    if value is None or isinstance(value, int | float | Decimal | date):
        return WriteOnlyCell(sheet, value)  # type: ignore[arg-type]
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    cell.data_type = "s"
    return cell


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"
