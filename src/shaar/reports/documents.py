"""The document model that every renderer reads: blocks and inlines, nothing about a format."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

from shaar.ui.charts import Chart


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words."""

    kind: ClassVar[str] = "words"
    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that stand out."""

    kind: ClassVar[str] = "strong"
    text: str


@dataclass(frozen=True, slots=True)
class FigureLink:
    """A figure that links to its trace page; `mark` is the sign that the annex explains."""

    kind: ClassVar[str] = "figure"
    text: str
    indicator: str
    period: str
    url: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class WebLink:
    """A link to another page."""

    kind: ClassVar[str] = "web"
    text: str
    url: str


Inline: TypeAlias = Words | Strong | FigureLink | WebLink
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 stands right under the document's title."""

    kind: ClassVar[str] = "heading"
    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    kind: ClassVar[str] = "paragraph"
    inlines: Inlines


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list, with numbers where the order matters."""

    kind: ClassVar[str] = "list"
    items: tuple[Inlines, ...]
    is_ordered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row that repeats on each page; `widths` are shares of the line."""

    kind: ClassVar[str] = "table"
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    widths: tuple[int, ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its number; its table of values follows it in every format."""

    kind: ClassVar[str] = "picture"
    chart: Chart
    number: int


Block: TypeAlias = Heading | Paragraph | BulletList | Table | Picture


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language; the annex is set across the page."""

    title: str
    language: str
    author: str
    subject: str
    made_at: datetime
    body: tuple[Block, ...]
    annex: tuple[Block, ...]

    def blocks(self) -> Iterator[Block]:
        """Yield every block in reading order."""
        yield from self.body
        yield from self.annex

    def figure_links(self) -> Iterator[FigureLink]:
        """Yield every link to a trace page in reading order."""
        for block in self.blocks():
            for inline in _inlines(block):
                if isinstance(inline, FigureLink):
                    yield inline


def _inlines(block: Block) -> Iterator[Inline]:
    match block:
        case Paragraph(inlines=inlines):
            yield from inlines
        case BulletList(items=items):
            for item in items:
                yield from item
        case Table(rows=rows):
            for row in rows:
                for cell in row:
                    yield from cell


def plain(inlines: Inlines) -> str:
    """Return the words of inlines without links and marks."""
    return "".join(inline.text for inline in inlines)
