"""Reads the Markdown of a rendered template into document blocks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from re import sub

from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from shaar.kernel.errors import Refusal
from shaar.reports import wording
from shaar.reports.charts import draw
from shaar.reports.documents import (
    Block,
    BulletList,
    FigureLink,
    Heading,
    Inline,
    Inlines,
    Paragraph,
    Picture,
    Strong,
    Table,
    WebLink,
    Words,
    plain,
)  # fmt: skip
from shaar.reports.snapshot import Snapshot

SCHEME = "figure:"
SAFE_LINKS = ("https://", "http://")


def read_markdown(
    markdown: str, snapshot: Snapshot, language: str, *, trace_url: Callable[[str, str], str]
) -> tuple[str, tuple[Block, ...]]:
    """Return the title (the first `#` heading) and the blocks after it."""
    reader = _Reader(snapshot, language, trace_url, iter(_markdown().parse(markdown)))
    blocks = tuple(reader.blocks())
    return reader.title, blocks


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass
class _Reader:
    snapshot: Snapshot
    language: str
    trace_url: Callable[[str, str], str]
    tokens: Iterator[Token]
    title: str = ""
    pictures: int = 0
    anchors: dict[str, int] = field(default_factory=dict)

    def blocks(self) -> Iterator[Block]:
        for token in self.tokens:
            match token.type:
                case "heading_open":
                    yield from self._heading(int(token.tag[1:]))
                case "paragraph_open":
                    yield Paragraph(self._inlines(next(self.tokens)))
                case "bullet_list_open" | "ordered_list_open":
                    yield self._list(token.type)
                case "table_open":
                    yield self._table()
                case "fence" if token.info.split()[:1] == ["chart"]:
                    yield self._picture(token)
                case "paragraph_close" | "heading_close":
                    continue
                case other:
                    raise Refusal(
                        "unknown_markup", _("A report cannot hold this markup: %(kind)s.") % {"kind": other}
                    )

    def _heading(self, level: int) -> Iterator[Heading]:
        text = plain(self._inlines(next(self.tokens)))
        if level == 1 and not self.title:
            self.title = text
            return
        yield Heading(max(1, level - 1), text, anchor_of(text, self.anchors))

    def _list(self, opened: str) -> BulletList:
        items: list[Inlines] = []
        parts: list[Inline] = []
        depth = 1
        for token in self.tokens:
            depth += token.nesting if token.type.endswith(("list_open", "list_close")) else 0
            if depth == 0:
                break
            if token.type == "inline":
                parts += [Words(" "), *self._inlines(token)] if parts else self._inlines(token)
            if token.type in {"list_item_close", "bullet_list_open", "ordered_list_open"} and parts:
                items.append(tuple(parts))
                parts = []
        return BulletList(tuple(items), is_ordered=opened.startswith("ordered"))

    def _table(self) -> Table:
        rows: list[list[Inlines]] = []
        numeric: set[int] = set()
        for token in self.tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            if token.type in {"th_open", "td_open"} and "right" in str(token.attrs.get("style", "")):
                numeric.add(len(rows[-1]))
            if token.type == "inline":
                rows[-1].append(self._inlines(token))
        header = tuple(plain(cell) for cell in rows[0])
        widths = tuple(2 if index == 0 else 1 for index in range(len(header)))
        return Table("", header, tuple(tuple(row) for row in rows[1:]), widths, frozenset(numeric))

    def _picture(self, token: Token) -> Picture:
        words = [*token.info.split()[1:], *token.content.split()]
        self.pictures += 1
        return Picture(draw(words[0], self.snapshot, self.language), self.pictures)

    def _inlines(self, token: Token) -> Inlines:
        return tuple(self._joined(iter(token.children or ())))

    def _joined(self, children: Iterator[Token]) -> Iterator[Inline]:
        is_strong = False
        for child in children:
            match child.type:
                case "text":
                    if child.content:
                        yield Strong(child.content) if is_strong else Words(child.content)
                case "softbreak" | "hardbreak":
                    yield Words(" ")
                case "strong_open" | "strong_close":
                    is_strong = child.nesting > 0
                case "link_open":
                    inside = _until_close(children)
                    yield self._link(str(child.attrs["href"]), inside)
                case "em_open" | "em_close":
                    continue
                case other:
                    raise Refusal(
                        "unknown_markup", _("A report cannot hold this markup: %(kind)s.") % {"kind": other}
                    )

    def _link(self, target: str, text: str) -> Inline:
        if target.startswith(SCHEME):
            indicator, _at, period = target.removeprefix(SCHEME).partition("@")
            period = period or self.snapshot.period
            figure = self.snapshot.figure(indicator, period)
            if figure is None:
                message = _("There is no indicator “%(code)s” for %(period)s.")
                raise Refusal("unknown_indicator", message % {"code": indicator, "period": period})
            return FigureLink(
                text, indicator, period, self.trace_url(indicator, period), wording.mark(figure)
            )
        if not target.startswith(SAFE_LINKS):
            raise Refusal(
                "unsafe_link", _("A report may link only to web pages, not to “%(url)s”.") % {"url": target}
            )
        return WebLink(text, target)


def _until_close(children: Iterator[Token]) -> str:
    words: Sequence[str] = []
    for child in children:
        if child.type == "link_close":
            break
        words = [*words, child.content if child.type != "softbreak" else " "]
    return "".join(words)


def anchor_of(text: str, taken: dict[str, int]) -> str:
    """Return an anchor for a heading, unique within its document."""
    base = sub(r"[^\w]+", "-", text.lower()).strip("-") or "part"
    taken[base] = taken.get(base, 0) + 1
    return base if taken[base] == 1 else f"{base}-{taken[base]}"
