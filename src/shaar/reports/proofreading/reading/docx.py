"""Reads DOCX: paragraphs, list items and tables in the order of the document."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from lxml.etree import LxmlError

from shaar.reports.proofreading.messages import Unreadable
from shaar.reports.proofreading.reading.passages import Cell, Passage, clean

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAMAGED = (KeyError, ValueError, AttributeError, TypeError, IndexError, BadZipFile, LxmlError, OSError)
BREAKS = {f"{WORD}lastRenderedPageBreak"}


def open_document(content: bytes) -> Any:
    """Open a document of Word; a damaged one is refused."""
    from docx import Document

    try:
        return Document(BytesIO(content))
    except (
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        IndexError,
        BadZipFile,
        LxmlError,
        OSError,
    ) as error:
        raise Unreadable("broken") from error
    except (NotImplementedError, RuntimeError) as error:
        raise Unreadable("encrypted") from error


def read_docx(content: bytes) -> tuple[Passage, ...]:
    """Return the passages of a document; a line is the number of its paragraph."""
    return tuple(passage for passage, _ in located(open_document(content)))


def located(document: Any) -> Iterator[tuple[Passage, Any]]:
    """Yield each passage with the XML element of its paragraph or cell."""
    page, line, table = 1, 0, 0
    has_pages = any(True for _ in document.element.body.iter(*BREAKS))
    for element in document.element.body.iterchildren():
        for block in _blocks(element):
            if block.tag == f"{WORD}p":
                line += 1
                yield _paragraph(block, line, page if has_pages else None), block
                page += _page_breaks(block)
            else:
                table += 1
                for place, cell, text in _cells(block, table):
                    line += place.column == 1
                    yield _cell(text, line, page if has_pages else None, place), cell
                page += _page_breaks(block)


def _blocks(element: Any) -> Iterator[Any]:
    if element.tag in {f"{WORD}p", f"{WORD}tbl"}:
        yield element
    elif element.tag in {f"{WORD}sdt", f"{WORD}sdtContent", f"{WORD}ins"}:
        for child in element.iterchildren():
            yield from _blocks(child)


def _paragraph(element: Any, line: int, page: int | None) -> Passage:
    from shaar.reports.proofreading.reading.passages import is_bullet

    text = clean(text_of(element))
    numbered = element.find(f"{WORD}pPr/{WORD}numPr") is not None
    style = element.find(f"{WORD}pPr/{WORD}pStyle")
    is_listed = style is not None and str(style.get(f"{WORD}val", "")).lower().startswith("list")
    return Passage(text, ((0, line, page),), numbered or is_listed or is_bullet(text))


def _cell(text: str, line: int, page: int | None, place: Cell) -> Passage:
    return Passage(clean(text).strip(), ((0, line, page),), False, place)


def text_of(element: Any) -> str:
    """Return the text of a paragraph; what tracked changes removed is left out."""
    parts: list[str] = []
    for node in element.iter(f"{WORD}t", f"{WORD}tab", f"{WORD}br", f"{WORD}noBreakHyphen"):
        if node.tag == f"{WORD}t":
            parts.append(node.text or "")
        else:
            parts.append("-" if node.tag == f"{WORD}noBreakHyphen" else " ")
    return "".join(parts)


def _cells(table: Any, number: int) -> Iterator[tuple[Cell, Any, str]]:
    for row, line in enumerate(table.iterchildren(f"{WORD}tr"), 1):
        column = 1
        for cell in line.iterchildren(f"{WORD}tc"):
            text = " ".join(text_of(paragraph) for paragraph in cell.iter(f"{WORD}p"))
            yield Cell(number, row, column), cell, text
            span = cell.find(f"{WORD}tcPr/{WORD}gridSpan")
            width = str(span.get(f"{WORD}val")) if span is not None else "1"
            column += int(width) if width.isdigit() else 1


def _page_breaks(element: Any) -> int:
    return sum(1 for _ in element.iter(*BREAKS))
