"""Markdown that people write, as HTML of the design system: no raw HTML, no pictures, only safe links."""

from collections.abc import Sequence
from functools import cache

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

CLASSES = {
    "paragraph_open": "govuk-body",
    "bullet_list_open": "govuk-list govuk-list--bullet",
    "ordered_list_open": "govuk-list govuk-list--number",
    "blockquote_open": "govuk-inset-text",
    "link_open": "govuk-link",
    "hr": "govuk-section-break govuk-section-break--m govuk-section-break--visible",
}
SCHEMES = ("https://", "http://", "mailto:", "tel:", "/", "#")
SIZES = {2: "l", 3: "m", 4: "s"}


def html(markdown: str) -> SafeString:
    """Return Markdown as HTML; whatever markup people typed is shown as text.

    markdown-it escapes all text, and `html` is off; headings begin at the second level.
    """
    reader = _reader()
    tokens = reader.parse(markdown)
    _dress(tokens)
    return SafeString(reader.renderer.render(tokens, reader.options, {}))


def plain(markdown: str, *, most: int = 0) -> str:
    """Return the words of Markdown without its signs, shortened at a word if it is longer than `most`."""
    inlines = [token for token in _reader().parse(markdown) if token.type == "inline"]
    words = " ".join(
        "".join(_told(child) for child in token.children or ()).strip() for token in inlines
    ).split()
    text = " ".join(words)
    if not most or len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:.–—") + "…"


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
    reader.validateLink = lambda url: url.strip().lower().startswith(SCHEMES)  # type: ignore[method-assign]
    return reader


def _told(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def _dress(tokens: Sequence[Token]) -> None:
    """Give every element its class, and every heading a level under that of the page."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            level = min(max(int(token.tag[1]), 2), 4)
            token.tag = f"h{level}"
            if token.type == "heading_open":
                token.attrSet("class", f"govuk-heading-{SIZES[level]}")
        elif token.type in CLASSES:
            token.attrSet("class", CLASSES[token.type])
        if token.children:
            _dress(token.children)
