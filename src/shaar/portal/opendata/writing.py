"""Writes a dataset row by row to a file of its own, so that memory does not grow with the table."""

import csv
import io
import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from shaar.portal.opendata.outcomes import Dataset, Row

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
# With these a spreadsheet takes the text of a CSV for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
IN_MEMORY, BLOCK = 1024 * 1024, 256 * 1024


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is ready to be sent: its content from the start, and a digest that names exactly it."""

    file: IO[bytes]
    digest: str
    size: int


def make(dataset: Dataset, form: str) -> Made:
    """Write a dataset in a format; up to one megabyte stays in memory, more goes to the disk."""
    with ExitStack() as closing:
        kept = closing.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        WRITERS[form](dataset, kept)
        size = kept.tell()
        kept.seek(0)
        digest = sha256()
        while block := kept.read(BLOCK):
            digest.update(block)
        kept.seek(0)
        closing.pop_all()  # whoever sends it closes it
    return Made(kept, digest.hexdigest()[:32], size)


def _csv(dataset: Dataset, out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([one.name for one in dataset.columns])
    for row in dataset.rows():
        writer.writerow([_safe(_plain(value)) for value in row])
    text.detach()


def _json(dataset: Dataset, out: IO[bytes]) -> None:
    names = [one.name for one in dataset.columns]
    out.write(b'{"dataset": ' + json.dumps(dataset.code).encode() + b', "rows": [')
    for place, row in enumerate(dataset.rows()):
        line = json.dumps(dict(zip(names, map(_json_value, row), strict=True)), ensure_ascii=False)
        out.write((",\n" if place else "\n").encode() + line.encode())
    out.write(b"\n]}\n")


def _xlsx(dataset: Dataset, out: IO[bytes]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(dataset.code[:31])
    sheet.freeze_panes = "A2"
    sheet.append([one.name for one in dataset.columns])
    for row in dataset.rows():
        sheet.append([_cell(sheet, value) for value in row])
    book.save(out)
    out.seek(0, io.SEEK_END)


def _geojson(dataset: Dataset, out: IO[bytes]) -> None:
    if dataset.shapes is None:
        raise LookupError(f"the dataset {dataset.code} lies nowhere")
    out.write(json.dumps(dataset.shapes(), ensure_ascii=False).encode())


WRITERS: dict[str, Callable[[Dataset, IO[bytes]], None]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
    "geojson": _geojson,
}


def shown(row: Row) -> list[str]:
    """Return a row as the page of a dataset shows it."""
    return [str(_plain(value)) for value in row]


def _plain(value: Any) -> Any:
    """Return a value as CSV writes it by the schema: days in ISO 8601, true and false, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else value


def _safe(value: Any) -> Any:
    is_number = isinstance(value, str) and value[1:].replace(".", "", 1).isdigit()
    if isinstance(value, str) and value.startswith(FORMULA) and not is_number:
        return f"'{value}"
    return value


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime):
        return WriteOnlyCell(sheet, value.replace(tzinfo=None))
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return WriteOnlyCell(sheet, value)  # type: ignore[arg-type]
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", str(value)))
    cell.data_type = "s"
    return cell
