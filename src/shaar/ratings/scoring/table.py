"""Reads a table of units by indicators: CSV, XLSX or JSON, decimal comma or point; empty is missing."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from openpyxl import load_workbook

from shaar.kernel.errors import Place, Refusal
from shaar.ratings.scoring.scheme import Scheme

MISSING = {"", "na", "n/a", "null", "none", "-", "–", "—", "..", "…"}
SPACES = "\u00a0\u202f\u2009 "


@dataclass(frozen=True)
class Table:
    """Units with their columns: numbers as an array (missing is NaN), texts as they stand."""

    units: tuple[str, ...]
    numbers: Mapping[str, np.ndarray]
    texts: Mapping[str, tuple[str, ...]]


def read_table(path: Path, scheme: Scheme) -> Table:
    """Read what a scheme needs of a file; Refusal names file, line and column of whatever is wrong."""
    rows = _rows(path)
    if not rows:
        raise Refusal("empty", "the table has no rows", place=Place(str(path)))
    heads = rows[0][1].keys()
    numbers, texts = _needed(scheme)
    for column in (scheme.unit, *numbers, *texts):
        if column not in heads:
            raise Refusal("unknown_column", f"there is no column {column}", place=Place(str(path), 1))
    units = tuple(str(row[scheme.unit] or "").strip() for _line, row in rows)
    _check_units(units, rows, path, scheme.unit)
    held = {
        column: np.array([_number(row[column], Place(str(path), line, column)) for line, row in rows])
        for column in numbers
    }
    for column, values in held.items():
        if np.isnan(values).all():
            raise Refusal("empty_column", "the column holds no number", place=Place(str(path), field=column))
    named = {column: tuple(_text(row[column]) for _line, row in rows) for column in texts}
    return Table(units, held, named)


def _needed(scheme: Scheme) -> tuple[list[str], list[str]]:
    leaves = list(scheme.index.leaves())
    denominators = [leaf.denominator for leaf in leaves if isinstance(leaf.denominator, str)]
    imputing = [scheme.impute, *(leaf.impute for leaf in leaves if leaf.impute)]
    groups = [one.by for one in imputing if one.by]
    return list(dict.fromkeys([*(leaf.code for leaf in leaves), *denominators])), list(dict.fromkeys(groups))


def _check_units(
    units: Sequence[str], rows: Sequence[tuple[int, Mapping[str, Any]]], path: Path, column: str
) -> None:
    seen: dict[str, int] = {}
    for unit, (line, _row) in zip(units, rows, strict=True):
        place = Place(str(path), line, column)
        if not unit:
            raise Refusal("no_unit", "the row names no unit", place=place)
        if unit in seen:
            raise Refusal("duplicate_unit", f"{unit} stands in line {seen[unit]} already", place=place)
        seen[unit] = line


def _rows(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    try:
        content = path.read_bytes()
        if content[:2] == b"PK":
            return list(_workbook(content, path))
        text = content.decode("utf-8-sig")
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise Refusal("unreadable", "the file cannot be read", place=Place(str(path))) from error
    if text.lstrip()[:1] in {"[", "{"}:
        return list(_json(text, path))
    return list(_csv(text, path))


def _heads(cells: Sequence[Any], path: Path) -> list[str]:
    """Return the columns' names; Refusal `duplicate_column`, for nobody could tell which is meant."""
    heads = [str(cell if cell is not None else "").strip() for cell in cells]
    for at, head in enumerate(heads):
        if head and head in heads[:at]:
            raise Refusal("duplicate_column", "the column stands twice", place=Place(str(path), 1, head))
    return heads


def _csv(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    head = text.split("\n", 1)[0]
    sign = max(";\t,|", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=sign, skipinitialspace=True)
    reader.fieldnames = _heads(reader.fieldnames or (), path)
    for row in reader:
        if any((cell or "").strip() for cell in row.pop(None, ())):
            told = "the row has more cells than there are columns; a decimal comma here needs quotes"
            raise Refusal("too_many_cells", told, place=Place(str(path), reader.line_num))
        yield reader.line_num, row


def _workbook(content: bytes, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    lines = book.worksheets[0].iter_rows(values_only=True)
    heads = _heads(next(lines, ()), path)
    for number, cells in enumerate(lines, start=2):
        if any(cell is not None for cell in cells):
            yield number, dict(zip(heads, cells, strict=False))


def _json(text: str, path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise Refusal("unreadable", "this is no JSON", place=Place(str(path))) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refusal("unreadable", "a list of objects is expected", place=Place(str(path)))
    heads = dict.fromkeys(key for row in rows for key in row)
    for number, row in enumerate(rows, start=1):
        yield number, {key: row.get(key) for key in heads}


def _text(value: Any) -> str:
    """Return a text as it stands; what is written for a missing one is empty."""
    written = str(value if value is not None else "").strip(SPACES)
    return "" if written.casefold() in MISSING else written


def _number(value: Any, place: Place) -> float:
    """Return a number, NaN for what is missing; Refusal for a text, NaN or infinity that was written."""
    if value is None or (isinstance(value, str) and value.strip(SPACES).casefold() in MISSING):
        return float("nan")
    if isinstance(value, bool):
        raise Refusal("not_a_number", f"{value} is no number", place=place)
    written = str(value).strip(SPACES)
    for space in SPACES:
        written = written.replace(space, "")
    if "," in written and "." not in written and written.count(",") == 1:
        written = written.replace(",", ".")
    try:
        number = float(written.replace("−", "-").replace("_", "x"))  # Python alone reads 1_000 as a number
    except ValueError as error:
        raise Refusal("not_a_number", f"“{value}” is no number", place=place) from error
    if not isfinite(number):
        raise Refusal(
            "not_a_number", f"“{value}” is no finite number; leave a missing cell empty", place=place
        )
    return number
