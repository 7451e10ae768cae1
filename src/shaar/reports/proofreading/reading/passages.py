"""Passages: paragraphs, list items and table cells, each knowing the lines and pages it was read from."""

import re
from bisect import bisect_right
from dataclasses import dataclass

SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f\u2002\u2003", " "))
DROPPED = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\ufeff\u2060", ""))
BULLET = re.compile(r"\s*(?:[·•●▪■◦‣*✓✔➢]\s*|[-–—]\s*(?=[^\d\s-])|[-–—]\s+|\d{1,2}\)\s+|[а-я]\)\s+)")


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a passage in a table; all three count from 1."""

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that belongs together.

    `breaks` are offsets at which another line or page begins: (offset, line, page).
    """

    text: str
    breaks: tuple[tuple[int, int, int | None], ...]
    is_bullet: bool = False
    cell: Cell | None = None

    def place(self, offset: int) -> tuple[int, int | None]:
        """Return line and page of an offset."""
        index = bisect_right([start for start, _, _ in self.breaks], offset) - 1
        _, line, page = self.breaks[max(index, 0)]
        return line, page


def clean(text: str) -> str:
    """Return a text with plain spaces and without invisible characters."""
    return text.translate(SPACES).translate(DROPPED).replace("\t", " ")


def passage(text: str, line: int, *, page: int | None = None, cell: Cell | None = None) -> Passage:
    """Make a passage of one line."""
    written = clean(text)
    return Passage(written, ((0, line, page),), cell is None and is_bullet(written), cell)


def is_bullet(text: str) -> bool:
    """Tell whether a line is an item of a list."""
    return BULLET.match(text) is not None


def joined(lines: list[tuple[str, int, int | None]]) -> Passage:
    """Make one passage of the wrapped lines of a paragraph; a word broken by a hyphen is whole again."""
    text, breaks = "", []
    for raw, line, page in lines:
        part = clean(raw).strip() if text else clean(raw).rstrip()
        if text.endswith("-") and text[-2:-1].isalpha() and part[:1].islower():
            text = text[:-1]
        elif text:
            text += " "
        breaks.append((len(text), line, page))
        text += part
    return Passage(text, tuple(breaks), is_bullet(text))
