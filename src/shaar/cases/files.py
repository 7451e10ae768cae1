"""Files that people give: measured while they arrive, told by their content, kept by their SHA-256."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor
from shaar.cases.models import StoredFile, Upload
from shaar.cases.outcomes import FileView
from shaar.kernel import clock
from shaar.kernel.errors import Refusal

MEGABYTE = 1024 * 1024
BLOCK = 256 * 1024
HEAD = 4096
PDF, PNG, JPEG, TEXT, ZIP = "application/pdf", "image/png", "image/jpeg", "text/plain", "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MACROS = "application/vnd.ms-office.macros"
OOXML = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX}
NAMES = {PDF: "PDF", PNG: "PNG", JPEG: "JPEG", XLSX: "XLSX", DOCX: "DOCX", TEXT: "TXT, CSV", ZIP: "ZIP"}
LONGEST_NAME = 255


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

    Refusals: `file_too_large`, `file_empty`, `file_type_refused`, `file_has_macros`, `archive_bomb`,
    `archive_broken`. Whatever is refused leaves nothing behind.
    """
    allowed = limits or FileLimits()
    with _arriving() as draft:
        digest, size = _receive(stream, draft, allowed)
        media_type = _checked_type(draft, allowed)
        _settle(draft, digest)
    with transaction.atomic():
        values = {"media_type": media_type, "size": size, "stored_at": at}
        stored, _is_new = StoredFile.objects.get_or_create(sha256=digest, defaults=values)
        upload = Upload.objects.create(
            file=stored, name=clean_name(name), uploaded_at=at, actor_id=actor.id, actor_name=actor.name
        )
    return _view(upload)


def attach(case_id: int, file_id: int) -> None:
    """Make a file one of a case's; raise Refusal `unknown_file` for one that is another's already."""
    with transaction.atomic():
        changed = Upload.objects.filter(pk=file_id, case__isnull=True).update(case_id=case_id)
        if not changed and not Upload.objects.filter(pk=file_id, case_id=case_id).exists():
            raise Refusal("unknown_file", _("There is no such file."))


def file(file_id: int) -> FileView:
    """Return a file by the number of its upload; raise Refusal `unknown_file`."""
    return _view(_upload(file_id))


def files_of(case_id: int) -> list[FileView]:
    """Return the files of a case, the first given first."""
    return [
        _view(row) for row in Upload.objects.filter(case_id=case_id).select_related("file").order_by("pk")
    ]


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
    """Remove bytes that no row names, left by rolled-back transactions; return how many files went."""
    root, removed = Path(settings.FILE_ROOT), 0
    for path in root.glob("??/??/*"):
        age = at.timestamp() - path.stat().st_mtime
        if age > older_than.total_seconds() and not StoredFile.objects.filter(sha256=path.name).exists():
            path.unlink()
            removed += 1
    return removed


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
            message = _("The file is larger than %(limit)s MB, the most that is taken here.")
            raise Refusal("file_too_large", message % {"limit": limits.size // MEGABYTE})
        digest.update(block)
        draft.write(block)
    if not size:
        raise Refusal("file_empty", _("The file is empty."))
    draft.flush()
    os.fsync(draft.fileno())
    return digest.hexdigest(), size


def _settle(draft: IO[bytes], digest: str) -> None:
    target = path_of(digest)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(draft.name).replace(target)
    target.chmod(0o640)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _checked_type(draft: IO[bytes], limits: FileLimits) -> str:
    found = sniff(draft, limits)
    if found == MACROS:
        raise Refusal(
            "file_has_macros", _("The file contains macros. Save it without them and send it again.")
        )
    if found not in limits.types:
        message = _("A file of this type is not taken here. Taken are: %(types)s.")
        raise Refusal("file_type_refused", message % {"types": _type_names(limits.types)})
    return found


def sniff(stream: IO[bytes], limits: FileLimits) -> str:
    """Return a file's type by its content, whatever its name says; archives are weighed unopened.

    Refusals: `archive_bomb`, `archive_broken`.
    """
    import puremagic

    stream.seek(0)
    head = stream.read(HEAD)
    if head.startswith(b"PK"):
        return _archive_type(stream, limits)
    try:
        found = str(puremagic.from_string(head, mime=True))
    except (puremagic.PureError, ValueError):
        found = ""
    if found in {PDF, PNG, JPEG}:
        return found
    return TEXT if _is_text(head) else found or "application/octet-stream"


def _archive_type(stream: IO[bytes], limits: FileLimits) -> str:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _refuse_bomb(entries, limits)
            if archive.testzip() is not None:
                raise zipfile.BadZipFile
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Refusal(
            "archive_broken", _("The file is damaged or encrypted and cannot be opened.")
        ) from error
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return MACROS
    return next((media_type for part, media_type in OOXML.items() if part in names), ZIP)


def _refuse_bomb(entries: Iterable[zipfile.ZipInfo], limits: FileLimits) -> None:
    listed = list(entries)
    unpacked = sum(entry.file_size for entry in listed)
    packed = sum(entry.compress_size for entry in listed) or 1
    nested = any(entry.filename.lower().endswith((".zip", ".xlsx", ".docx")) for entry in listed)
    is_too_dense = unpacked > MEGABYTE and unpacked / packed > limits.ratio
    if len(listed) > limits.entries or unpacked > limits.unpacked or is_too_dense or nested:
        raise Refusal(
            "archive_bomb", _("The file unpacks to far more than a document holds. It was not opened.")
        )


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "cp1251"):
        try:
            head[: HEAD - 4].decode(encoding)
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


def purge_arrivals(*, older_than: timedelta = timedelta(days=1)) -> None:
    """Remove drafts that a killed process left behind."""
    for path in (Path(settings.FILE_ROOT) / "arriving").glob("*"):
        if clock.now().timestamp() - path.stat().st_mtime > older_than.total_seconds():
            path.unlink(missing_ok=True)
