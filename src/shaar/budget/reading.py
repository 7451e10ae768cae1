"""Reads a treasury's file, CSV or XLSX, into rows of text with their place; nothing is judged here."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from shaar.kernel.errors import Place, Refusal

MOST_ROWS = 200_000
HEADS_LOOKED_AT = 20
TOTALS = ("итого", "всего", "жалпы", "баары", "total")
ENCODINGS = ("utf-8-sig", "cp1251")
BROKEN = (BadZipFile, InvalidFileException, KeyError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read: its heads, then rows of text by the number of their line."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def place(self, line: int, column: int) -> Place:
        """Return where a cell stands."""
        return Place(file=self.name, line=line, cell=f"{get_column_letter(column + 1)}{line}")


def read(content: bytes, *, name: str, sheet: str = "") -> Sheet:
    """Return the table of a file, of a workbook that of the sheet named or else of the first one.

    Refusal `unreadable`, `no_sheet`, `empty`, `too_many_rows`.
    """
    rows = _workbook(content, name, sheet) if is_workbook(content) else _text(content, name)
    filled = ((line, cells) for line, cells in rows if any(cells))
    found = list(islice(filled, MOST_ROWS + HEADS_LOOKED_AT + 1))
    if len(found) < 2:
        raise _empty(content, name, sheet)
    if len(found) > MOST_ROWS:
        message = _("A file holds at most %(most)s rows; divide it.") % {"most": MOST_ROWS}
        raise Refusal("too_many_rows", message, place=Place(name))
    head = _head([cells for _line, cells in found[:HEADS_LOOKED_AT]])
    return Sheet(name, found[head][1], tuple(found[head + 1 :]))


def is_workbook(content: bytes) -> bool:
    """Tell whether a file is a workbook, which may hold several sheets."""
    return content[:2] == b"PK"


def sheets_with(content: bytes, *, name: str, head: str) -> list[str]:
    """Return the sheets of a workbook whose table has a column of this head."""
    if not is_workbook(content):
        return []
    found = []
    for sheet in _book(content, name).worksheets:
        rows = islice(sheet.iter_rows(values_only=True), HEADS_LOOKED_AT)
        cells = [tuple(_written(cell) for cell in row) for row in rows]
        if cells and head.casefold() in (one.casefold() for one in cells[_head(cells)]):
            found.append(str(sheet.title))
    return found


def is_total(cells: tuple[str, ...]) -> bool:
    """Tell whether a row is the file's own total."""
    first = next((cell for cell in cells if cell), "").casefold().rstrip(": ")
    return first.startswith(TOTALS)


def _empty(content: bytes, name: str, sheet: str) -> Refusal:
    titles = [str(one.title) for one in _book(content, name).worksheets] if is_workbook(content) else []
    if len(titles) < 2:
        text = _("The file holds no table: a row of heads and rows under it.")
        return Refusal("empty", text, place=Place(name))
    words = {"sheet": sheet or titles[0], "sheets": ", ".join(titles)}
    text = _("The sheet “%(sheet)s” holds no table. The sheets of the workbook: %(sheets)s.") % words
    return Refusal("empty", text, place=Place(field="column_sheet"))


def _head(rows: Sequence[tuple[str, ...]]) -> int:
    """Return which of the first rows holds the heads: the one of most texts."""
    return max(range(len(rows)), key=lambda at: (_texts(rows[at]), -at))


def _texts(cells: tuple[str, ...]) -> int:
    return sum(bool(cell) and not any(char.isdigit() for char in cell) for cell in cells)


def _text(content: bytes, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Refusal("unreadable", _("The file is neither a workbook nor text."), place=Place(name))
    if "\0" in text:
        raise Refusal("unreadable", _("The file is neither a workbook nor text."), place=Place(name))
    sign = max(";\t,", key=text[:4096].count)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
        for cells in reader:
            yield reader.line_num, tuple(cell.strip() for cell in cells)
    except csv.Error as error:
        message = _("The table is broken in line %(line)s.") % {"line": reader.line_num}
        raise Refusal("unreadable", message, place=Place(name, line=reader.line_num)) from error


def _workbook(content: bytes, name: str, sheet: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    chosen = _sheet(_book(content, name), sheet)
    try:
        for line, cells in enumerate(chosen.iter_rows(values_only=True), start=1):
            yield line, tuple(_written(cell) for cell in cells)
    except BROKEN as error:
        raise Refusal("unreadable", _("The workbook cannot be read."), place=Place(name)) from error


def _book(content: bytes, name: str) -> Workbook:
    try:
        return load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except BROKEN as error:
        raise Refusal("unreadable", _("The workbook cannot be read."), place=Place(name)) from error


def _sheet(book: Workbook, name: str) -> Worksheet:
    titles = {str(one.title).casefold(): one for one in book.worksheets}
    if not titles:
        raise Refusal("empty", _("The file holds no table: a row of heads and rows under it."))
    if name and name.casefold() not in titles:
        words = {"sheet": name, "sheets": ", ".join(str(one.title) for one in book.worksheets)}
        text = _("There is no sheet “%(sheet)s”. The sheets of the workbook: %(sheets)s.") % words
        raise Refusal("no_sheet", text, place=Place(field="column_sheet"))
    return titles[name.casefold()] if name else next(iter(titles.values()))


def _written(cell: object) -> str:
    """Return a cell as a person reads it; a number loses no digit that it was typed with."""
    match cell:
        case None:
            return ""
        case datetime():
            return cell.date().isoformat()
        case date():
            return cell.isoformat()
        case float():
            return format(cell, ".15g")
    return str(cell).strip()
