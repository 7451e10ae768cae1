"""Renders a document as PDF by typst: tagged, PDF/A-2a and PDF/UA-1 at once.

The same document gives the same bytes.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.contrib.staticfiles import finders
from django.utils.translation import gettext as _
from django.utils.translation import override

from shaar.kernel.errors import Refusal
from shaar.reports.documents import (
    Block,
    BulletList,
    Document,
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
)  # fmt: skip

STANDARDS = ["a-2a", "ua-1"]
TEMPLATE = Path(__file__).with_name("typst") / "report.typ"
DRAWING = b'#set page(width: auto, height: auto, margin: 4pt)\n#image(bytes(sys.inputs.svg), format: "svg")\n'
FONTS = "build/document-fonts"
PIXELS_PER_INCH = 220


def render_pdf(document: Document) -> bytes:
    """Return the report as PDF; its creation date is the moment of the snapshot."""
    with override(document.language):
        data = json.dumps(_data(document), ensure_ascii=False)
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(), font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"document": data}
    )
    moment = document.made_at.replace(microsecond=0)
    try:
        made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=moment)  # type: ignore[arg-type]
    except typst.TypstError as error:
        message = _("The PDF could not be made: %(reason)s") % {"reason": error.message}
        raise Refusal("pdf_failed", message) from error
    return _bytes(made)


def picture_png(svg: str) -> bytes:
    """Return a drawing as PNG, for formats that cannot hold SVG."""
    compiler = typst.Compiler(DRAWING, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"svg": svg})
    return _bytes(compiler.compile(format="png", ppi=PIXELS_PER_INCH))


@cache
def _fonts() -> typst.Fonts:
    """Return Golos Text, which has ң, ө and ү; nothing of the machine's own fonts is used."""
    found = finders.find(FONTS)
    if not isinstance(found, str):
        raise Refusal("fonts_missing", _("The fonts of documents are missing; run ./shaar setup."))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[found])


def _bytes(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise Refusal("pdf_failed", _("The drawing did not come out as one file."))
    return made


def _data(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "language": document.language,
        "author": document.author,
        "subject": document.subject,
        "footer": document.subject,
        "words": {"contents": _("Contents")},
        "body": [_block(block) for block in document.body],
        "annex": [_block(block) for block in document.annex],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level=level, text=text):
            return {"kind": "heading", "level": level, "text": text}
        case Paragraph(inlines=inlines):
            return {"kind": "paragraph", "parts": _inlines(inlines)}
        case BulletList(items=items, is_ordered=is_ordered):
            return {"kind": "ordered" if is_ordered else "list", "items": [_inlines(item) for item in items]}
        case Table():
            return _table(block)
        case Picture(chart=chart, number=number):
            head, *rows = chart.table
            cells = tuple(tuple((Words(cell),) for cell in row) for row in rows)
            values = Table(
                "", tuple(head), cells, (2, *(1 for _cell in head[1:])), frozenset(range(1, len(head)))
            )
            caption = _("Figure %(number)s. %(title)s") % {"number": number, "title": chart.title}
            return {
                "kind": "picture",
                "svg": chart.svg,
                "alt": chart.alt,
                "caption": caption,
                "table": _table(values),
            }


def _table(table: Table) -> dict[str, Any]:
    rows = [[_inlines(cell) for cell in row] for row in table.rows]
    return {
        "kind": "table",
        "caption": table.caption,
        "header": table.header,
        "widths": table.widths,
        "numeric": sorted(table.numeric),
        "rows": rows,
    }


def _inlines(inlines: Inlines) -> list[dict[str, str]]:
    return [_inline(inline) for inline in inlines]


def _inline(inline: Inline) -> dict[str, str]:
    match inline:
        case Words(text=text):
            return {"kind": "words", "text": text}
        case Strong(text=text):
            return {"kind": "strong", "text": text}
        case FigureLink(text=text, url=url, mark=mark):
            return {"kind": "link", "text": text, "url": url, "mark": mark}
        case WebLink(text=text, url=url):
            return {"kind": "link", "text": text, "url": url, "mark": ""}
