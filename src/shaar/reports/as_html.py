"""Renders a document as one HTML file that needs nothing else."""

from collections.abc import Iterator
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import override

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

STYLE = """
:root{color-scheme:light dark;--ink:#14211f;--paper:#fff;--line:#b6c2c0;--link:#0b4f8a;--soft:#eef3f2}
@media(prefers-color-scheme:dark){:root{--ink:#e8efed;--paper:#111817;--line:#44524f;--link:#8ec7ff;
  --soft:#1c2725}
}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);
  font:1.0625rem/1.55 "Golos Text","Noto Sans",Arial,sans-serif}
main{max-width:80rem;margin:0 auto;padding:1.5rem 1rem 4rem}
main>*{max-width:48rem;margin-left:auto;margin-right:auto}
main>.wide{max-width:80rem}
h1{font-size:1.75rem;line-height:1.25}
h2{font-size:1.375rem;line-height:1.3;margin-block:2.5rem .75rem}
h3{font-size:1.125rem;margin-block:1.75rem .5rem}
a{color:var(--link);text-underline-offset:.15em}
a:focus{outline:3px solid #ffb000;outline-offset:2px}
a.figure{text-decoration-style:dotted}
li{margin:.35rem 0}
figure{margin-block:1.5rem}
figure svg{max-width:100%;height:auto}
figcaption,caption{font-weight:700;text-align:left;padding:.25rem 0}
.scroll{overflow-x:auto;margin-block:1rem}
.scroll:focus{outline:3px solid #ffb000}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{border:1px solid var(--line);padding:.375rem .5rem;text-align:left;vertical-align:top}
th{background:var(--soft)}
td.number{text-align:right;white-space:nowrap}
p{overflow-wrap:anywhere}
@media print{main{max-width:none}
a{color:inherit}
thead{display:table-header-group}
tr{break-inside:avoid}
}
"""


def render_html(document: Document) -> bytes:
    """Return the report as a standalone page."""
    with override(document.language):
        page = (
            f'<!doctype html>\n<html lang="{document.language}">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<meta name="author" content="{escape(document.author)}">\n'
            f"<title>{escape(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
            f"<main>\n<h1>{escape(document.title)}</h1>\n{contents(document)}\n{_blocks(document.body)}\n"
            f'<div class="wide">\n{_blocks(document.annex)}</div>\n</main>\n</body>\n</html>\n'
        )
    return page.encode()


def contents(document: Document) -> str:
    """Return the list of the main headings as links."""
    links = "".join(
        f'<li><a href="#{escape(block.anchor)}">{escape(block.text)}</a></li>'
        for block in document.blocks()
        if isinstance(block, Heading) and block.level == 1
    )
    return f'<nav aria-label="{escape(_("Contents"))}"><ul class="govuk-list">{links}</ul></nav>\n'


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "".join(part for block in blocks for part in _block(block))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=level, text=text, anchor=anchor):
            size = {1: "l", 2: "m"}.get(level, "s")
            opened = f'<h{level + 1} class="govuk-heading-{size}" id="{escape(anchor)}">'
            yield f"{opened}{escape(text)}</h{level + 1}>\n"
        case Paragraph(inlines=inlines):
            yield f'<p class="govuk-body">{_inlines(inlines)}</p>\n'
        case BulletList(items=items, is_ordered=is_ordered):
            tag, kind = ("ol", "number") if is_ordered else ("ul", "bullet")
            yield (
                f'<{tag} class="govuk-list govuk-list--{kind}">\n'
                + "".join(f"<li>{_inlines(item)}</li>\n" for item in items)
                + f"</{tag}>\n"
            )
        case Table():
            yield from _table(block)
        case Picture():
            yield from _picture(block)


def _table(table: Table) -> Iterator[str]:
    label = escape(table.caption or ", ".join(table.header))
    yield f'<div class="scroll shaar-scroll" role="region" tabindex="0" aria-label="{label}">'
    yield '<table class="govuk-table">'
    if table.caption:
        yield f"<caption>{escape(table.caption)}</caption>"
    yield (
        "<thead><tr>"
        + "".join(f'<th scope="col" class="govuk-table__header">{escape(cell)}</th>' for cell in table.header)
        + "</tr></thead>\n<tbody>"
    )
    for row in table.rows:
        yield "<tr>"
        for index, cell in enumerate(row):
            style = " number govuk-table__cell--numeric" if index in table.numeric else ""
            yield f'<td class="govuk-table__cell{style}">{_inlines(cell)}</td>'
        yield "</tr>\n"
    yield "</tbody></table></div>\n"


def _picture(picture: Picture) -> Iterator[str]:
    chart = picture.chart
    label = _("Figure %(number)s. %(title)s") % {"number": picture.number, "title": chart.title}
    yield f'<figure class="shaar-chart">{chart.svg}<figcaption>{escape(label)}</figcaption></figure>\n'
    head, *rows = chart.table
    cells = tuple(tuple((Words(cell),) for cell in row) for row in rows)
    numeric = frozenset(range(1, len(head)))
    yield from _table(Table(chart.title, tuple(head), cells, (2, *(1 for _cell in head[1:])), numeric))


def _inlines(inlines: Inlines) -> str:
    return "".join(_inline(inline) for inline in inlines)


def _inline(inline: Inline) -> str:
    match inline:
        case Strong(text=text):
            return f"<strong>{escape(text)}</strong>"
        case FigureLink(text=text, url=url, mark=mark, indicator=indicator, period=period):
            sign = f"<sup>{escape(mark)}</sup>" if mark else ""
            data = f'data-indicator="{escape(indicator)}" data-period="{escape(period)}"'
            return f'<a class="govuk-link figure" href="{escape(url)}" {data}>{escape(text)}</a>{sign}'
        case WebLink(text=text, url=url):
            return f'<a href="{escape(url)}">{escape(text)}</a>'
        case Words(text=text):
            return escape(text)
