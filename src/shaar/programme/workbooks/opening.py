"""Opens a workbook that a person sent, refusing what is none, too large, or carries programs."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.exceptions import InvalidFileException

from shaar.kernel.errors import Place, Refusal

LARGEST = 20 * 1024 * 1024
LARGEST_UNPACKED = 200_000_000
MOST_PARTS = 2_000
LARGEST_RATIO = 200
SMALL = 1_000_000


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def opened(content: bytes, *, name: str, refuse_merged: bool = True) -> Iterator[Any]:
    """Open an XLSX for reading row by row; formulas stay formulas.

    Refusal `file_too_large`, `not_a_workbook`, `workbook_has_macros`, `zip_bomb`, `merged_cells`.
    """
    check_container(content, name=name, refuse_merged=refuse_merged)
    if not openpyxl.DEFUSEDXML:
        raise RuntimeError("defusedxml is missing: workbooks are not read without it")
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise _not_a_workbook(name) from error
    try:
        yield book
    finally:
        book.close()


def check_container(content: bytes, *, name: str, refuse_merged: bool = True) -> None:
    """Refuse a file that is not an ordinary workbook, before any of it is unpacked."""
    if len(content) > LARGEST:
        message = str(_("The file is larger than %(limit)d MB.")) % {"limit": LARGEST // (1024 * 1024)}
        raise Refusal("file_too_large", message, place=Place(file=name))
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise _not_a_workbook(name) from error
    with archive:
        parts = archive.infolist()
        names = {one.filename for one in parts}
        _check_sizes(parts, name)
        if any(one.endswith("vbaProject.bin") for one in names):
            told = _("The workbook carries macros: save it as an ordinary .xlsx file.")
            raise Refusal("workbook_has_macros", told, place=Place(file=name))
        if "xl/workbook.xml" not in names:
            raise _not_a_workbook(name)
        sheets = [one for one in parts if one.filename.startswith("xl/worksheets/")]
        if refuse_merged and any(_has(archive, one, b"<mergeCell ") for one in sheets):
            told = _("The workbook has merged cells: take the form as it was sent to you.")
            raise Refusal("merged_cells", told, place=Place(file=name))


def _check_sizes(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(one.file_size for one in parts)
    swollen = any(
        one.file_size > SMALL and one.file_size > LARGEST_RATIO * max(one.compress_size, 1) for one in parts
    )
    if unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS or swollen:
        message = _("The file unpacks to more than a workbook may hold.")
        raise Refusal("zip_bomb", message, place=Place(file=name))


def _has(archive: zipfile.ZipFile, part: zipfile.ZipInfo, mark: bytes) -> bool:
    tail = b""
    with archive.open(part) as stream:
        while block := stream.read(1 << 20):
            if mark in tail + block:
                return True
            tail = block[-len(mark) :]
    return False


def _not_a_workbook(name: str) -> Refusal:
    return Refusal("not_a_workbook", _("This is not an Excel workbook (.xlsx)."), place=Place(file=name))
