"""Archives weighed by unpacking them into nothing: what a header says of sizes is never believed."""

import lzma
import struct
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, NoReturn

from django.utils.translation import gettext as _

from shaar.kernel.errors import Refusal

MEGABYTE = 1024 * 1024
BLOCK = 256 * 1024
SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
EMBEDDINGS = ("word/embeddings/", "xl/embeddings/", "ppt/embeddings/")
DEEPEST = 2
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error,
    NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
)  # fmt: skip


@dataclass(slots=True)
class Weight:
    """What an archive and those embedded in it came to, in bytes and entries, against the most allowed."""

    most_bytes: int
    most_entries: int
    ratio: int
    packed: int = 0
    bytes: int = 0
    entries: int = 0
    has_macros: bool = False

    def add(self, *, size: int = 0, entries: int = 0) -> None:
        """Count bytes and entries; raise Refusal `archive_bomb` as soon as they are too many."""
        self.bytes += size
        self.entries += entries
        is_too_dense = self.bytes > max(MEGABYTE, self.ratio * self.packed)
        if self.entries > self.most_entries or self.bytes > self.most_bytes or is_too_dense:
            refuse()


def refuse() -> NoReturn:
    """Raise the Refusal `archive_bomb`."""
    raise Refusal("archive_bomb", _("The file unpacks to far more than a document holds. It was not opened."))


def weigh(stream: IO[bytes], weight: Weight) -> frozenset[str]:
    """Return the names of an archive's entries after inflating each, block by block.

    Refusals: `archive_bomb` for one that is too large, too dense, or holds an archive where a document
    embeds none; `archive_broken` for a damaged or encrypted one.
    """
    weight.packed = stream.seek(0, 2)
    try:
        return _weigh(stream, weight, depth=1)
    except BROKEN as error:
        message = _("The file is damaged or encrypted and cannot be opened.")
        raise Refusal("archive_broken", message) from error


def _weigh(stream: IO[bytes], weight: Weight, *, depth: int) -> frozenset[str]:
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        weight.add(entries=len(entries))
        for entry in entries:
            weight.has_macros |= entry.filename.lower().endswith("vbaproject.bin")
            with archive.open(entry) as content:
                _weigh_entry(entry.filename, content, weight, depth)
    return frozenset(entry.filename for entry in entries)


def _weigh_entry(name: str, content: IO[bytes], weight: Weight, depth: int) -> None:
    block = content.read(BLOCK)
    if not block.startswith(SIGNATURES):
        while block:
            weight.add(size=len(block))
            block = content.read(BLOCK)
        return
    if depth >= DEEPEST or not name.startswith(EMBEDDINGS):
        refuse()
    with tempfile.TemporaryFile() as inner:
        while block:
            weight.add(size=len(block))
            inner.write(block)
            block = content.read(BLOCK)
        _weigh(inner, weight, depth=depth + 1)
