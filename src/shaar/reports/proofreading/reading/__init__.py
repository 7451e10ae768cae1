"""Opens a file of a known format within limits and returns its passages."""

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from shaar.reports.proofreading.messages import Unreadable
from shaar.reports.proofreading.reading.passages import Passage
from shaar.reports.proofreading.reading.plain import read_text

MEGABYTE = 1_000_000
LARGEST = 50 * MEGABYTE
LONGEST_TEXT = 6_000_000
CHARACTERS_OF_A_PAGE = 2_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CYRILLIC = re.compile(r"[а-яёөүңА-ЯЁӨҮҢ]")
MARKUP = re.compile(r"(?i)<(?:!doctype html|html|head|body|\?xml|p|div|table|h1)\b")
LETTER = re.compile(r"[^\W\d_]")
# Letters that Russian and Kyrgyz do not use: Ukrainian, Kazakh, Tajik, Serbian, Macedonian.
FOREIGN = re.compile(r"[іїєґұқғәһҷҳӣӯђћњљџѓќѕў]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the format and the passages in reading order."""

    format: str
    passages: tuple[Passage, ...]


def read(stream: BinaryIO, *, name: str) -> Reading:
    """Read a file by its content; raise Unreadable with a sentence for the person."""
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        size = _size(stream, len(content))
        raise Unreadable("too_large", size=max(size // MEGABYTE, 1), limit=LARGEST // MEGABYTE)
    if not content.strip():
        raise Unreadable("empty")
    found = Reading(*_passages(content, name))
    _refuse_unfit(found)
    return found


def _size(stream: BinaryIO, read_so_far: int) -> int:
    if not stream.seekable():
        return read_so_far
    return stream.seek(0, 2)


def _passages(content: bytes, name: str) -> tuple[str, tuple[Passage, ...]]:
    if b"%PDF-" in content[:1024]:
        from shaar.reports.proofreading.reading.pdf import read_pdf

        return "pdf", read_pdf(content)
    if content.startswith(b"PK"):
        return "docx", _zipped(content)
    if content.startswith(OLE):
        raise Unreadable("encrypted" if b"E\0n\0c\0r\0y\0p\0t" in content else "unknown_format")
    if name.lower().endswith((".docx", ".pdf")):
        raise Unreadable("broken")
    text = decode(content)
    if MARKUP.match(text[:500].lstrip()) or name.lower().endswith((".html", ".htm")):
        from shaar.reports.proofreading.reading.html import read_html

        return "html", read_html(text)
    return "txt", read_text(text)


def _zipped(content: bytes) -> tuple[Passage, ...]:
    from shaar.reports.proofreading.reading.docx import read_docx

    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(
                entry.file_size for entry in archive.infolist() if entry.filename.endswith((".xml", ".rels"))
            )
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("broken") from error
    if "word/document.xml" not in names:
        raise Unreadable("unknown_format")
    if unpacked > 4 * LARGEST:
        raise Unreadable("too_large", size=unpacked // MEGABYTE, limit=4 * LARGEST // MEGABYTE)
    return read_docx(content)


def decode(content: bytes) -> str:
    """Return a text from UTF-8, UTF-16 or Windows-1251; other bytes are refused."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1251"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Unreadable("unknown_format")


def _refuse_unfit(found: Reading) -> None:
    total = sum(len(passage.text) for passage in found.passages)
    sample = " ".join(passage.text for passage in found.passages[:400])[:200_000]
    if not sample.strip():
        raise Unreadable("scanned" if found.format == "pdf" else "empty")
    if total > LONGEST_TEXT:
        raise Unreadable("too_long", limit=LONGEST_TEXT // CHARACTERS_OF_A_PAGE)
    letters, cyrillic = len(LETTER.findall(sample)), len(CYRILLIC.findall(sample))
    foreign = len(FOREIGN.findall(sample))
    if letters and (cyrillic < letters * 0.3 or foreign > letters * 0.02):
        raise Unreadable("other_language")
