"""Writes a proof as comments in the margin: of the document itself, or of a plain copy of its text."""

from copy import deepcopy
from io import BytesIO
from typing import Any

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.findings import Finding, Proof, Spot
from shaar.reports.proofreading.reading.docx import WORD, located, open_document

AUTHOR, INITIALS = "Shaar", "Ш"
Blocks = dict[int, Any]


def as_docx(proof: Proof, *, source: bytes | None = None, language: str = "ru") -> bytes:
    """Return the document; `source` is the proofread DOCX, without it the passages are written plainly."""
    document, blocks = _opened(source) if source is not None else _copied(proof)
    for finding in proof.findings:
        for spot in finding.spots[:1]:
            runs = _runs(document, blocks[spot.passage], spot)
            if runs:
                document.add_comment(runs, text=_comment(finding, language), author=AUTHOR, initials=INITIALS)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _opened(source: bytes) -> tuple[Any, Blocks]:
    document = open_document(source)
    return document, {number: element for number, (_, element) in enumerate(located(document))}


def _copied(proof: Proof) -> tuple[Any, Blocks]:
    from docx import Document

    document = Document()
    blocks = {number: document.add_paragraph(text)._p for number, text in enumerate(proof.passages)}  # noqa: SLF001
    return document, blocks


def _comment(finding: Finding, language: str) -> str:
    word = lexicon.messages()[f"severity_{finding.severity}"][language]
    return f"{word}: {finding.message(language)}"


def _runs(document: Any, element: Any, spot: Spot) -> list[Any]:
    """Return the runs that hold a stretch of a paragraph, split at its ends."""
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    paragraphs = [element] if element.tag == f"{WORD}p" else list(element.iter(f"{WORD}p"))
    found: list[Any] = []
    at = 0
    for one in paragraphs:
        for node in list(one.iter(f"{WORD}r")):
            run = Run(node, Paragraph(one, document))
            length = len(run.text)
            if at < spot.end and spot.start < at + length:
                _cut(node, spot.start - at, spot.end - at)
                found.append(run)
            at += length
        at += 1
    return found[:1] + found[-1:] if len(found) > 1 else found


def _cut(node: Any, start: int, end: int) -> None:
    """Narrow a run of plain text to a stretch of it, the rest in runs beside it; other runs stay whole."""
    texts = [child for child in node if child.tag != f"{WORD}rPr"]
    if len(texts) != 1 or texts[0].tag != f"{WORD}t":
        return
    text = texts[0].text or ""
    start, end = max(start, 0), min(end, len(text))
    for part, is_before in ((text[:start], True), (text[end:], False)):
        if part:
            copy = deepcopy(node)
            _write(copy, part)
            (node.addprevious if is_before else node.addnext)(copy)
    _write(node, text[start:end])


def _write(node: Any, text: str) -> None:
    child = next(each for each in node if each.tag == f"{WORD}t")
    child.text = text
    child.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
