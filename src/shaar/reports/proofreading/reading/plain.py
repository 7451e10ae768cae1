"""Reads plain text: paragraphs of one line, wrapped paragraphs, and tables drawn with bars or tabs."""

import re
from collections.abc import Iterable, Iterator

from shaar.reports.proofreading.reading.passages import Cell, Passage, is_bullet, joined, passage

RULE = re.compile(r"[\s|+:=_-]*")
ENDED = (".", ":", ";", "!", "?")
WRAPPED_WIDTH = 130
Line = tuple[str, int, int | None]


def read_text(content: str) -> tuple[Passage, ...]:
    """Split a text into passages."""
    lines: list[Line] = [(line, number, None) for number, line in enumerate(content.splitlines(), 1)]
    return tuple(passages(lines))


def passages(lines: list[Line], *, is_paged: bool = False) -> Iterator[Passage]:
    """Yield the passages of numbered lines; rows with the same separator make a table.

    The lines of a paged document are always taken for wrapped.
    """
    texts = [line for line, _, _ in lines]
    width = _page_width(texts) if is_paged else _wrap_width(texts)
    paragraph: list[Line] = []
    table, row, is_inside = 0, 0, False
    for line in lines:
        cells = _cells(line[0])
        if cells is None:
            if not _continues(paragraph, line[0], width):
                yield from _finish(paragraph)
            if line[0].strip():
                paragraph.append(line)
            is_inside = is_inside and bool(line[0].strip()) and not line[0].strip("|+-=_: \t")
            continue
        yield from _finish(paragraph)
        table, row = (table, row + 1) if is_inside else (table + 1, 1)
        is_inside = True
        yield from _row(cells, line, table, row)
    yield from _finish(paragraph)


def _row(cells: list[str], line: Line, table: int, row: int) -> Iterator[Passage]:
    for column, text in enumerate(cells, 1):
        yield passage(text, line[1], page=line[2], cell=Cell(table, row, column))


def _finish(paragraph: list[Line]) -> Iterable[Passage]:
    found = [joined(paragraph)] if paragraph else []
    paragraph.clear()
    return found


def _cells(line: str) -> list[str] | None:
    """Return the cells of a table's row, or None for a line of text."""
    stripped = line.strip()
    if not stripped or RULE.fullmatch(stripped):
        return None
    for mark in ("|", "\t", ";", " / "):
        is_row = mark not in {";", " / "} or _is_row_of_numbers(stripped, mark)
        if not is_row or stripped.count(mark) < (2 if mark == "|" else 1):
            continue
        inner = stripped.removeprefix("|").removesuffix("|") if mark == "|" else line.strip(" \n")
        cells = [cell.strip() for cell in inner.split(mark)]
        if mark == "\t" and not cells[0] and len([cell for cell in cells if cell]) < 2:
            return None
        return cells
    return None


def _is_row_of_numbers(line: str, mark: str) -> bool:
    cells = line.split(mark)
    return (
        len(cells) >= 3
        and all(len(cell) < 60 for cell in cells)
        and sum(_is_number(cell) for cell in cells) >= 2
    )


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*[\d  ,.%+-]+\s*", text) is not None and any(char.isdigit() for char in text)


def _page_width(lines: list[str]) -> int:
    """Return the length of a long line of a paged document."""
    lengths = sorted(len(line) for line in lines if line.strip() and "\t" not in line)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _wrap_width(lines: list[str]) -> int:
    """Return the width at which a text is wrapped, or 0 when its paragraphs are single lines."""
    lengths = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(lengths) < 4 or lengths[-1] > WRAPPED_WIDTH:
        return 0
    cut = [
        line
        for line in lines
        if len(line.rstrip()) > lengths[-1] * 0.72 and not line.rstrip().endswith(ENDED)
    ]
    return lengths[-1] if len(cut) * 4 >= len(lengths) else 0


def _continues(paragraph: list[Line], line: str, width: int) -> bool:
    if not paragraph or not line.strip():
        return False
    last = paragraph[-1][0].rstrip()
    if is_bullet(line) and not re.match(r"\s*[-–—]\s+\d", line):
        return False
    first = line.lstrip()[:1]
    if last.endswith((",", "-", "–", "—", "(")) or (first.islower() and not last.endswith(ENDED)):
        return width > 0 and len(last) > width * 0.5
    return width > 0 and len(last) > width * 0.72 and not (last.endswith((":", ";")) and first.isupper())
