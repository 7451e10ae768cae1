"""All formats of a report from one snapshot; pure, so the same snapshot and imprint give the same bytes."""

from collections.abc import Mapping

from shaar.reports.as_docx import render_docx
from shaar.reports.as_html import render_html
from shaar.reports.as_json import render_json
from shaar.reports.as_pdf import render_pdf
from shaar.reports.composing import Imprint, compose
from shaar.reports.snapshot import Snapshot

FORMATS = ("docx", "pdf", "html", "json")
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}


def render(snapshot: Snapshot, language: str, imprint: Imprint) -> dict[str, bytes]:
    """Return the report in a language as bytes by format."""
    document = compose(snapshot, language, imprint)
    return {
        "docx": render_docx(document),
        "pdf": render_pdf(document),
        "html": render_html(document),
        "json": render_json(snapshot, document, imprint),
    }


def render_all(snapshot: Snapshot, imprint: Imprint) -> dict[tuple[str, str], bytes]:
    """Return every language that has a text in every format, by language and format."""
    return {
        (language, form): content
        for language in snapshot.languages()
        for form, content in render(snapshot, language, imprint).items()
    }


def file_name(snapshot_year: int, language: str, form: str) -> str:
    """Return the name of a file: report-2022.pdf, report-2022.ky.pdf."""
    middle = "" if language == "ru" else f".{language}"
    return f"report-{snapshot_year}{middle}.{form}"


def named(rendered: Mapping[tuple[str, str], bytes], year: int) -> dict[str, bytes]:
    """Return rendered files by their names."""
    return {file_name(year, language, form): content for (language, form), content in rendered.items()}
