"""Renders a document as DOCX: styles, hyperlinks, repeated table headers, described pictures, language."""

import io
import zipfile
from functools import cache
from typing import Any

import docx as word
from django.utils.translation import gettext as _
from django.utils.translation import override
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

from shaar.reports.as_pdf import picture_png
from shaar.reports.documents import (
    Block,
    BulletList,
    Document,
    FigureLink,
    Heading,
    Inlines,
    Paragraph,
    Picture,
    Strong,
    Table,
    WebLink,
    Words,
)  # fmt: skip

FONT = "Times New Roman"
LOCALES = {"ru": "ru-RU", "ky": "ky-KG", "en": "en-GB"}
LINK_STYLE = "Hyperlink"
LINK_COLOUR = "0B4F8A"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
PICTURE_WIDTH = Mm(120)


def render_docx(document: Document) -> bytes:
    """Return the report as DOCX; the same document gives the same bytes."""
    with override(document.language):
        return _Writer(document).write()


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.docx: Docx = word.Document()
        self.bookmarks = 0
        self.relations: dict[str, str] = {}

    def write(self) -> bytes:
        self._set_up()
        self.docx.add_heading(self.document.title, level=0)
        for block in self.document.body:
            self._block(block, size=10)
        if self.document.annex:
            self._turn_page()
            for block in self.document.annex:
                self._block(block, size=8)
        return _pack(self.docx)

    def _set_up(self) -> None:
        _set_properties(self.docx, self.document)
        _set_styles(self.docx, LOCALES[self.document.language])
        section = self.docx.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.top_margin = section.bottom_margin = Mm(20)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _add_field(footer, "PAGE")

    def _turn_page(self) -> None:
        section = self.docx.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(15)

    def _block(self, block: Block, *, size: int) -> None:
        match block:
            case Heading(level=level, text=text, anchor=anchor):
                self._bookmark(self.docx.add_heading(text, level=level), anchor)
            case Paragraph(inlines=inlines):
                self._inlines(self.docx.add_paragraph(), inlines)
            case BulletList():
                self._list(block)
            case Table():
                self._table(block, size=size)
            case Picture():
                self._picture(block)

    def _list(self, listed: BulletList) -> None:
        number = _restarted_numbering(self.docx) if listed.is_ordered else None
        style = self.docx.styles["List Number" if listed.is_ordered else "List Bullet"].style_id
        for item in listed.items:
            paragraph = self.docx.add_paragraph()
            paragraph._p.style = style  # noqa: SLF001 by id: a lookup by name reads all styles
            if number is not None:
                _use_numbering(paragraph, number)
            self._inlines(paragraph, item)

    def _table(self, table: Table, *, size: int) -> None:
        if table.caption:
            self.docx.add_paragraph(table.caption, style="Caption").paragraph_format.keep_with_next = True
        drawn = self.docx.add_table(rows=1 + len(table.rows), cols=len(table.header))
        drawn.style = "Table Grid"
        drawn.autofit = False
        _describe_table(drawn, table.caption or ", ".join(table.header))
        _repeat_header(drawn.rows[0])
        usable = self._usable_width()
        widths = [int(usable * width / sum(table.widths)) for width in table.widths]
        for column, width in zip(drawn.columns, widths, strict=True):
            column.width = width
        rows = [tuple((Strong(cell),) for cell in table.header), *table.rows]
        for docx_row, row in zip(drawn._tbl.tr_lst, rows, strict=True):  # noqa: SLF001 rows by index are quadratic
            for index, (cell, parts) in enumerate(zip(docx_row.tc_lst, row, strict=True)):
                cell.width = widths[index]
                paragraph = DocxParagraph(cell.p_lst[0], drawn)
                paragraph.paragraph_format.space_after = Pt(0)
                if index in table.numeric and row is not rows[0]:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._inlines(paragraph, parts, size=size)
        self.docx.add_paragraph().paragraph_format.space_after = Pt(2)

    def _picture(self, picture: Picture) -> None:
        paragraph = self.docx.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(_png(picture.chart.svg)), width=PICTURE_WIDTH)
        described = shape._inline.docPr  # noqa: SLF001 python-docx has no door for the description
        described.set("descr", picture.chart.alt)
        described.set("title", picture.chart.title)
        label = _("Figure %(number)s. %(title)s") % {"number": picture.number, "title": picture.chart.title}
        head, *rows = picture.chart.table
        cells = tuple(tuple((Words(cell),) for cell in row) for row in rows)
        widths = (2, *(1 for _cell in head[1:]))
        self._table(Table(label, tuple(head), cells, widths, frozenset(range(1, len(head)))), size=9)

    def _inlines(self, paragraph: DocxParagraph, inlines: Inlines, *, size: int | None = None) -> None:
        for inline in inlines:
            match inline:
                case Words(text=text) | Strong(text=text):
                    run = paragraph.add_run(text)
                    run.bold = True if isinstance(inline, Strong) else None
                    run.font.size = Pt(size) if size else None
                case FigureLink(text=text, url=url, mark=mark):
                    self._link(paragraph, text, url, size=size)
                    if mark:
                        sign = paragraph.add_run(mark)
                        sign.font.superscript = True
                case WebLink(text=text, url=url):
                    self._link(paragraph, text, url, size=size)

    def _link(self, paragraph: DocxParagraph, text: str, url: str, *, size: int | None) -> None:
        link = _element("w:hyperlink", {"r:id": self._relation(url), "w:history": "1"})
        run = paragraph.add_run(text)
        run._r.style = LINK_STYLE  # noqa: SLF001 by id: a lookup by name reads all styles
        run.font.size = Pt(size) if size else None
        link.append(run._r)  # noqa: SLF001 a hyperlink wraps the run's own element
        paragraph._p.append(link)  # noqa: SLF001

    def _relation(self, url: str) -> str:
        """Return the relationship of an address, one for all links to it: python-docx searches its list."""
        if url not in self.relations:
            self.relations[url] = f"rIdLink{len(self.relations) + 1}"
            rels = self.docx.part.rels
            rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, url, self.relations[url], is_external=True)
        return self.relations[url]

    def _bookmark(self, paragraph: DocxParagraph, anchor: str) -> None:
        self.bookmarks += 1
        identity = str(self.bookmarks)
        start = _element("w:bookmarkStart", {"w:id": identity, "w:name": anchor[:40]})
        paragraph._p.insert(1, start)  # noqa: SLF001 python-docx has no bookmarks
        paragraph._p.append(_element("w:bookmarkEnd", {"w:id": identity}))  # noqa: SLF001

    def _usable_width(self) -> int:
        section = self.docx.sections[-1]
        return int((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))


@cache
def _png(svg: str) -> bytes:
    return picture_png(svg)


def _set_properties(docx: Docx, document: Document) -> None:
    made = document.made_at.replace(tzinfo=None)
    core = docx.core_properties
    core.title, core.author, core.subject = document.title, document.author, document.subject
    core.language, core.comments, core.keywords = LOCALES[document.language], "", ""
    core.created = core.modified = made
    core.last_modified_by, core.revision = document.author, 1


def _set_styles(docx: Docx, locale: str) -> None:
    defaults = docx.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = _element("w:lang", {})
        defaults.append(language)
    language.set(qn("w:val"), locale)
    language.set(qn("w:eastAsia"), locale)
    normal: Any = docx.styles["Normal"]
    normal.font.size = Pt(12)
    normal.paragraph_format.space_after = Pt(6)
    for name in ("Normal", "Title", "Caption", *(f"Heading {level}" for level in range(1, 5))):
        style: Any = docx.styles[name]
        _set_font(style)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
    link: Any = docx.styles.add_style(LINK_STYLE, 2, builtin=True)
    link.font.color.rgb = RGBColor.from_string(LINK_COLOUR)
    link.font.underline = True


def _set_font(style: Any) -> None:
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)
        fonts.attrib.pop(qn(f"w:{kind}Theme"), None)
    fonts.attrib.pop(qn("w:asciiTheme"), None)


def _repeat_header(row: Any) -> None:
    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 python-docx has no header rows
    properties.append(_element("w:cantSplit", {}))
    properties.append(_element("w:tblHeader", {}))


def _describe_table(table: Any, text: str) -> None:
    properties = table._tbl.tblPr  # noqa: SLF001 python-docx has no table descriptions
    properties.append(_element("w:tblCaption", {"w:val": text[:250]}))


def _restarted_numbering(docx: Docx) -> int:
    """Return a numbering that starts at one again, so that two ordered lists do not count on."""
    numbering = docx.part.numbering_part.element
    style: Any = docx.styles["List Number"]
    original = numbering.num_having_numId(style.element.pPr.numPr.numId.val)
    number = numbering.add_num(original.abstractNumId.val)
    number.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(number.numId)


def _use_numbering(paragraph: DocxParagraph, number: int) -> None:
    properties = _properties(paragraph).get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def _properties(paragraph: DocxParagraph) -> Any:
    return paragraph._p.get_or_add_pPr()  # noqa: SLF001 python-docx has no restarted lists


def _add_field(paragraph: DocxParagraph, instruction: str) -> None:
    field = _element("w:fldSimple", {"w:instr": instruction})
    run = paragraph.add_run("1")
    field.append(run._r)  # noqa: SLF001
    paragraph._p.append(field)  # noqa: SLF001


def _element(name: str, attributes: dict[str, str]) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _pack(docx: Docx) -> bytes:
    """Save with fixed times, so that the bytes depend on the content alone."""
    saved, packed = io.BytesIO(), io.BytesIO()
    docx.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, ZIP_TIME), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
