"""Reads PDF: lines by their place on the page, columns of tables kept apart, wrapped lines joined."""

import statistics
import time
from typing import Any

from shaar.reports.proofreading.messages import Unreadable
from shaar.reports.proofreading.reading.passages import Passage
from shaar.reports.proofreading.reading.plain import Line, passages

BROKEN = "\x02"
MOST_PAGES = 3_000
LONGEST_SECONDS = 60


def read_pdf(content: bytes) -> tuple[Passage, ...]:
    """Return the passages of a document; encrypted, scanned and damaged ones are refused."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("encrypted" if "assword" in str(error) else "broken") from error
    try:
        return tuple(passages(_lines(document), is_paged=True))
    except pypdfium2.PdfiumError as error:
        raise Unreadable("broken") from error
    finally:
        document.close()


def _lines(document: Any) -> list[Line]:
    if len(document) > MOST_PAGES:
        raise Unreadable("too_long", limit=MOST_PAGES)
    found: list[Line] = []
    started = time.monotonic()
    for number, page in enumerate(document, 1):
        text_page = page.get_textpage()
        lines = _page_lines(text_page)
        text_page.close()
        page.close()
        found += [(line, index, number) for index, line in enumerate(_without_number(lines, number), 1)]
        if time.monotonic() - started > LONGEST_SECONDS:
            raise Unreadable("too_long", limit=number)
    return found


def _page_lines(text_page: Any) -> list[str]:
    """Return the lines of a page; a wide gap inside a line becomes a tab."""
    boxes = []
    for index in range(text_page.count_rects()):
        left, bottom, right, top = text_page.get_rect(index)
        text = text_page.get_text_bounded(left, bottom, right, top)
        boxes.append(((top + bottom) / 2, top - bottom, left, right, _plain(text)))
    boxes = [box for box in boxes if box[4].strip(" ._…")]
    if not boxes:
        return []
    height = statistics.median(box[1] for box in boxes)
    if all(box[1] <= 0 for box in boxes):
        return str(text_page.get_text_range()).splitlines()
    boxes.sort(key=lambda box: -box[0])
    rows = _rows(boxes, height)
    return [_row_text(sorted(row, key=lambda box: box[2]), height) for row in rows]


def _plain(text: str) -> str:
    """Return a stretch of a line; a word broken at its end keeps its hyphen."""
    written = " ".join(text.split()).rstrip(BROKEN).rstrip()
    return f"{written}-" if text.rstrip().endswith(BROKEN) else written.replace(BROKEN, "")


def _rows(boxes: list[Any], height: float) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for box in boxes:
        if rows and abs(rows[-1][0][0] - box[0]) < max(height, box[1]) * 0.5:
            rows[-1].append(box)
        else:
            rows.append([box])
    return rows


def _row_text(row: list[Any], height: float) -> str:
    text, edge = "", None
    for _, _, left, right, part in row:
        if edge is not None:
            gap = left - edge
            is_hyphen = part in {"-", "‐"} and gap < height
            text += "\t" if gap > height * 1.2 else (" " if gap > height * 0.1 and not is_hyphen else "")
        text += part
        edge = right
    return text


def _without_number(lines: list[str], page: int) -> list[str]:
    """Drop a page number that stands alone at the top or bottom of its page."""
    kept = list(lines)
    for index in (0, -1):
        if kept and kept[index].strip(" -–—") == str(page):
            kept.pop(index)
    return kept
