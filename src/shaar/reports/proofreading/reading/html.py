"""Reads HTML: paragraphs, headings, list items and tables; a line is the line of the source."""

import re
from html.parser import HTMLParser

from shaar.reports.proofreading.reading.passages import Cell, Passage, clean

# fmt: off
BLOCKS = frozenset({
    "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "table", "ul", "ol", "dl",
    "dt", "dd", "section", "article", "header", "footer", "main", "aside", "nav", "blockquote", "pre",
    "figure", "figcaption", "caption", "br", "hr", "address", "form", "fieldset", "title", "body",
})
# fmt: on
RAISED = {"2": "²", "3": "³"}
SILENT = frozenset({"script", "style", "template", "noscript", "svg", "head"})
GROUPED = re.compile(r"(?<=\d)</?(?:span|b|i|em|strong)[^>]*>(?=\d)")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Passage] = []
        self._parts: list[str] = []
        self._line = 1
        self._silent = 0
        self._is_bullet = False
        self._is_raised = False
        self._tables: list[tuple[int, int, int]] = []
        self._count = 0
        self._cell: Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        self._is_raised = self._is_raised or tag == "sup"
        if tag not in BLOCKS:
            return
        if self._cell is not None and tag in {"p", "div", "br"}:
            self._parts.append(" ")
            return
        self.flush()
        self._is_bullet = tag == "li"
        if tag == "table":
            self._count += 1
            self._tables.append((self._count, 0, 0))
        elif tag == "tr" and self._tables:
            table, row, _ = self._tables[-1]
            self._tables[-1] = (table, row + 1, 0)
        elif tag in {"td", "th"} and self._tables:
            self._open_cell(dict(attrs).get("colspan") or "1")

    def _open_cell(self, span: str) -> None:
        table, row, column = self._tables[-1]
        self._cell = Cell(table, max(row, 1), column + 1)
        self._tables[-1] = (table, max(row, 1), column + (int(span) if span.isdigit() else 1))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT and self._silent:
            self._silent -= 1
        self._is_raised = self._is_raised and tag != "sup"
        if tag not in BLOCKS or (self._cell is not None and tag in {"p", "div"}):
            return
        self.flush(is_cell_end=tag in {"td", "th"})
        if tag == "table" and self._tables:
            self._tables.pop()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._is_raised:
            data = RAISED.get(data.strip(), "")
        if not "".join(self._parts).strip() and data.strip():
            leading = data[: len(data) - len(data.lstrip())]
            self._line = self.getpos()[0] + leading.count("\n")
        self._parts.append(data)

    def flush(self, *, is_cell_end: bool = False) -> None:
        text = re.sub(r"\s+", " ", clean("".join(self._parts).replace("\n", " "))).strip()
        if text or is_cell_end:
            self.found.append(Passage(text, ((0, self._line, None),), self._is_bullet, self._cell))
        self._parts.clear()
        if is_cell_end or self._cell is not None:
            self._cell = None
        self._is_bullet = False


def read_html(content: str) -> tuple[Passage, ...]:
    """Return the passages of a page."""
    reader = _Reader()
    reader.feed(GROUPED.sub("", content))
    reader.close()
    reader.flush()
    return tuple(reader.found)
