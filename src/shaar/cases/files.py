"""Files that people give: measured while they arrive, told by their content, kept by their SHA-256."""

import codecs
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO, Literal, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor
from shaar.cases import archives
from shaar.cases.models import StoredFile, Upload
from shaar.cases.outcomes import FileView
from shaar.kernel.errors import Refusal

MEGABYTE = 1024 * 1024
BLOCK = 256 * 1024
HEAD = 4096
PDF, PNG, JPEG, TEXT, ZIP = "application/pdf", "image/png", "image/jpeg", "text/plain", "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLE = "application/x-ole-storage"
OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MACROS = "application/vnd.ms-office.macros"
OOXML = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX}
NAMES = {
    PDF: "PDF",
    PNG: "PNG",
    JPEG: "JPEG",
    XLSX: "XLSX",
    DOCX: "DOCX",
    TEXT: "TXT, CSV",
    ZIP: "ZIP",
    OLE: "XLS, DOC",
}
LONGEST_NAME = 255
DIGEST = re.compile(r"[0-9a-f]{64}")
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What is taken: size in bytes, types by content; of archives the unpacked size, entries and ratio."""

    size: int = 50 * MEGABYTE
    types: tuple[str, ...] = (PDF, PNG, JPEG, XLSX, DOCX, TEXT)
    unpacked: int = 300 * MEGABYTE
    entries: int = 5000
    ratio: int = 200


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""


def store_file(
    stream: Readable, *, name: str, actor: Actor, at: datetime, limits: FileLimits | None = None
) -> FileView:
    """Keep a file and return how it is known; its row is of the caller's transaction, its bytes outlive it.

    Refusals: `file_too_large`, `file_empty`, `file_type_refused`, `file_has_macros`, `file_encrypted`,
    `archive_bomb`, `archive_broken`. Whatever is refused leaves nothing behind.
    """
    allowed = limits or FileLimits()
    with _arriving() as draft:
        digest, size = _receive(stream, draft, allowed)
        media_type = _checked_type(draft, allowed)
        with transaction.atomic():
            _hold(digest)
            _settle(draft, digest)
            values = {"media_type": media_type, "size": size, "stored_at": at}
            stored, _is_new = StoredFile.objects.get_or_create(sha256=digest, defaults=values)
            upload = Upload.objects.create(
                file=stored, name=clean_name(name), uploaded_at=at, actor_id=actor.id, actor_name=actor.name
            )
    return _view(upload)


def claim(case_id: int, file_id: int) -> Upload | None:
    """Make an upload one of a case's, None if it was; Refusal `unknown_file` for one that is another's."""
    row = _upload(file_id)
    if Upload.objects.filter(pk=file_id, case__isnull=True).update(case_id=case_id):
        return row
    if not Upload.objects.filter(pk=file_id, case_id=case_id).exists():
        raise Refusal("unknown_file", _("There is no such file."))
    return None


def giver(file_id: int) -> tuple[Actor, datetime]:
    """Return who gave a file and when."""
    row = _upload(file_id)
    kind: Literal["user", "system"] = "system" if row.actor_id is None else "user"
    return Actor(row.actor_id, row.actor_name, kind), row.uploaded_at


def file(file_id: int) -> FileView:
    """Return a file by the number of its upload; raise Refusal `unknown_file`."""
    return _view(_upload(file_id))


def files_of(case_id: int) -> list[FileView]:
    """Return the files of a case, the first given first."""
    return [
        _view(row) for row in Upload.objects.filter(case_id=case_id).select_related("file").order_by("pk")
    ]


def loose_files(file_ids: Iterable[int], *, actor: Actor) -> list[FileView]:
    """Return those of these files that a person gave and that are of no case yet."""
    if actor.id is None:
        return []
    rows = Upload.objects.filter(pk__in=list(file_ids), actor_id=actor.id, case__isnull=True)
    return [_view(row) for row in rows.select_related("file").order_by("pk")]


def case_of(file_id: int) -> int | None:
    """Return the case that a file belongs to."""
    return _upload(file_id).case_id


def is_giver(file_id: int, actor: Actor) -> bool:
    """Tell whether a person gave a file."""
    return actor.id is not None and _upload(file_id).actor_id == actor.id


def open_file(file_id: int) -> BinaryIO:
    """Open a file for reading; raise Refusal `unknown_file`."""
    return path_of(_upload(file_id).file.sha256).open("rb")


def path_of(sha256: str) -> Path:
    """Return where the bytes of a digest are kept."""
    return Path(settings.FILE_ROOT) / sha256[:2] / sha256[2:4] / sha256


def remove_orphans(*, at: datetime, older_than: timedelta = timedelta(days=1)) -> int:
    """Remove bytes that no row names, left by rolled-back transactions; return how many files went.

    Bytes that a transaction under way has taken up again are held by it, and stay.
    """
    root, removed = Path(settings.FILE_ROOT), 0
    for path in root.glob("??/??/*"):
        if not DIGEST.fullmatch(path.name) or not _is_old(path, at, older_than):
            continue
        with transaction.atomic():
            is_free = _ask("SELECT pg_try_advisory_xact_lock(%s)", path.name)
            is_named = StoredFile.objects.filter(sha256=path.name).exists()
            if is_free and not is_named and _is_old(path, at, older_than):
                path.unlink()
                removed += 1
    return removed


def purge_arrivals(*, at: datetime, older_than: timedelta = timedelta(days=1)) -> None:
    """Remove drafts that a killed process left behind."""
    for path in (Path(settings.FILE_ROOT) / "arriving").glob("*"):
        if _is_old(path, at, older_than):
            path.unlink(missing_ok=True)


def _is_old(path: Path, at: datetime, age: timedelta) -> bool:
    try:
        return at.timestamp() - path.stat().st_mtime > age.total_seconds()
    except FileNotFoundError:
        return False


def _hold(digest: str) -> None:
    """Keep the bytes of a digest from being removed until the transaction ends."""
    _ask("SELECT pg_advisory_xact_lock_shared(%s)", digest)


def _ask(statement: str, digest: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, [int.from_bytes(bytes.fromhex(digest[:16]), signed=True)])
        row = cursor.fetchone()
    return row[0] if row else None


def clean_name(name: str) -> str:
    """Return the last part of a file's name without control characters, never empty."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable()).strip(" .")
    return kept[-LONGEST_NAME:] or "file"


@contextmanager
def _arriving() -> Iterator[IO[bytes]]:
    arrivals = Path(settings.FILE_ROOT) / "arriving"
    arrivals.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=arrivals)
    os.close(handle)
    try:
        with Path(name).open("w+b") as draft:
            yield draft
    finally:
        Path(name).unlink(missing_ok=True)


def _receive(stream: Readable, draft: IO[bytes], limits: FileLimits) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while block := stream.read(BLOCK):
        size += len(block)
        if size > limits.size:
            raise too_large(limits)
        digest.update(block)
        draft.write(block)
    if not size:
        raise Refusal("file_empty", _("The file is empty."))
    draft.flush()
    os.fsync(draft.fileno())
    return digest.hexdigest(), size


def too_large(limits: FileLimits | None = None) -> Refusal:
    """Return the Refusal `file_too_large` that names the most that is taken."""
    message = _("The file is larger than %(limit)s, the most that is taken here.")
    return Refusal("file_too_large", message % {"limit": size_name((limits or FileLimits()).size)})


def size_name(size: int) -> str:
    """Return a size for people, in whole KB under one MB, else in whole MB."""
    if size < MEGABYTE:
        return _("%(number)s KB") % {"number": size // 1024}
    return _("%(number)s MB") % {"number": size // MEGABYTE}


def _settle(draft: IO[bytes], digest: str) -> None:
    target = path_of(digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        os.utime(target)
    else:
        Path(draft.name).chmod(0o640)
        Path(draft.name).replace(target)
    for directory in (target.parent, target.parent.parent, target.parent.parent.parent):
        _sync(directory)


def _sync(directory: Path) -> None:
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _checked_type(draft: IO[bytes], limits: FileLimits) -> str:
    found = sniff(draft, limits)
    if found == MACROS:
        raise Refusal(
            "file_has_macros", _("The file contains macros. Save it without them and send it again.")
        )
    if found not in limits.types:
        message = _("A file of the type %(found)s is not taken here. Taken are: %(types)s.")
        named = {"found": _type_names((found,)), "types": _type_names(limits.types)}
        raise Refusal("file_type_refused", message % named)
    return found


def sniff(stream: IO[bytes], limits: FileLimits) -> str:
    """Return a file's type by its content, whatever its name says; archives are weighed.

    Refusals: `archive_bomb`, `archive_broken`, `file_encrypted`.
    """
    import puremagic

    stream.seek(0)
    head = stream.read(MEGABYTE)
    if head.startswith(archives.SIGNATURES):
        return _archive_type(stream, limits)
    if head.startswith(OLE_SIGNATURE):
        return _ole_type(stream)
    try:
        found = str(puremagic.from_string(head[:HEAD], mime=True))
    except (puremagic.PureError, ValueError):
        found = ""
    if found in {PDF, PNG, JPEG}:
        return found
    return TEXT if _is_text(head, is_whole=len(head) < MEGABYTE) else found or "application/octet-stream"


def _archive_type(stream: IO[bytes], limits: FileLimits) -> str:
    weight = archives.Weight(limits.unpacked, limits.entries, limits.ratio)
    names = archives.weigh(stream, weight)
    if weight.has_macros:
        return MACROS
    return next((media_type for part, media_type in OOXML.items() if part in names), ZIP)


def _ole_type(stream: IO[bytes]) -> str:
    """Return the type of an old document; Refusal `file_encrypted` for a new one under a password."""
    stream.seek(0)
    tail = b""
    while block := stream.read(BLOCK):
        if ENCRYPTED in tail + block:
            message = _("The file is protected by a password. Save it without one and send it again.")
            raise Refusal("file_encrypted", message)
        tail = block[-len(ENCRYPTED) :]
    return OLE


def _is_text(head: bytes, *, is_whole: bool) -> bool:
    if CONTROL.search(head):
        return False
    for encoding in ("utf-8", "cp1251"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head, final=is_whole)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _type_names(types: Iterable[str]) -> str:
    return ", ".join(NAMES.get(one, one) for one in types)


def _upload(file_id: int) -> Upload:
    if (row := Upload.objects.select_related("file").filter(pk=file_id).first()) is None:
        raise Refusal("unknown_file", _("There is no such file."))
    return row


def _view(row: Upload) -> FileView:
    stored = row.file
    return FileView(
        row.pk, stored.sha256, row.name, stored.media_type, stored.size, row.uploaded_at, row.actor_name
    )
