"""The door of reports: published editions, and the report's form of a city pack."""

from pathlib import Path

from shaar.kernel import clock
from shaar.reports.as_pdf import render_pdf
from shaar.reports.composing import Imprint
from shaar.reports.documents import Document, Heading, Inlines, Paragraph, Strong, Table, WebLink, Words
from shaar.reports.editions import (
    EditionView,
    FileView,
    edition,
    edition_file,
    edition_of,
    edition_snapshot,
    editions,
    publish,
)
from shaar.reports.forms import keep_form, kept_form, read_form
from shaar.reports.gather import gather
from shaar.reports.rendering import FORMATS, named, render, render_all
from shaar.reports.snapshot import Snapshot

__all__ = [
    "FORMATS",
    "Document",
    "EditionView",
    "FileView",
    "Heading",
    "Imprint",
    "Inlines",
    "Paragraph",
    "Snapshot",
    "Strong",
    "Table",
    "WebLink",
    "Words",
    "edition",
    "edition_file",
    "edition_of",
    "edition_snapshot",
    "editions",
    "gather",
    "kept_form",
    "load_pack",
    "named",
    "publish",
    "render",
    "render_all",
    "render_pdf",
]


def load_pack(pack_dir: Path, *, actor: str) -> None:
    """Store the report's texts and charts of a pack; doing it twice changes nothing."""
    keep_form(read_form(pack_dir), actor=actor, at=clock.now())
