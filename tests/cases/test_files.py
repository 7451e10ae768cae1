"""Files are measured and told by their content before anything is kept, and kept once."""

import io
import os
import random
import struct
import threading
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.utils.translation import override
from openpyxl import Workbook

from shaar.access.api import Actor
from shaar.cases.api import DOCX, PDF, XLSX, FileLimits, open_file, store_file
from shaar.cases.files import clean_name, path_of, remove_orphans
from shaar.kernel.errors import Refusal

AT = datetime(2022, 4, 4, 4, tzinfo=UTC)
ACTOR = Actor(None, "tests", "system")


def archive(entries: dict[str, bytes]) -> bytes:
    """Return a zip archive with some entries, packed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries.items():
            written.writestr(name, content)
    return held.getvalue()


def workbook() -> bytes:
    held = io.BytesIO()
    Workbook().save(held)
    return held.getvalue()


def document(entries: dict[str, bytes]) -> bytes:
    """Return what is told for a DOCX, with more entries."""
    return archive({"word/document.xml": b"<w/>"} | entries)


def damaged() -> bytes:
    """Return an archive whose deflated stream begins with a block of a kind that does not exist."""
    content = bytearray(archive({"xl/workbook.xml": b"<w/>" * 50}))
    content[30 + len("xl/workbook.xml")] = 0xFF
    return bytes(content)


def lying() -> bytes:
    """Return an archive whose headers say that an entry of 40 MB unpacks to ten bytes."""
    content, size = archive({"xl/workbook.xml": b"0" * 40_000_000}), struct.pack("<I", 40_000_000)
    return content.replace(size, struct.pack("<I", 10))


def kept(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_file_is_kept_under_its_digest_and_twice_the_same_only_once(store: Path) -> None:
    content = workbook()
    first = store_file(io.BytesIO(content), name="форма.xlsx", actor=ACTOR, at=AT)
    again = store_file(io.BytesIO(content), name="копия.xlsx", actor=ACTOR, at=AT)
    assert (first.media_type, first.sha256, first.name) == (XLSX, again.sha256, "форма.xlsx")
    assert first.id != again.id
    assert kept(store) == [path_of(first.sha256)]
    with open_file(again.id) as stream:
        assert stream.read() == content


class Endless:
    """A stream that never ends, and counts what was taken of it."""

    taken = 0

    def read(self, size: int = -1, /) -> bytes:
        self.taken += size
        return b"x" * size


@pytest.mark.django_db
def test_a_stream_is_stopped_at_the_limit_not_at_its_end(store: Path) -> None:
    endless = Endless()
    with pytest.raises(Refusal) as refused:
        store_file(endless, name="big.txt", actor=ACTOR, at=AT, limits=FileLimits(size=5_000_000))
    assert refused.value.code == "file_too_large"
    assert endless.taken < 6_000_000
    assert kept(store) == []


REFUSED = {
    "empty": (b"", "file_empty"),
    "program": (b"\x7fELF\x02\x01\x01" + b"\0" * 100, "file_type_refused"),
    "page": (b"<html><script>alert(1)</script></html>\0", "file_type_refused"),
    "bomb": (archive({"xl/workbook.xml": b"<w/>", "xl/a.xml": b"0" * 40_000_000}), "archive_bomb"),
    "nested": (archive({"inner.zip": archive({"a": b"x"})}), "archive_bomb"),
    "renamed": (archive({"word/document.xml": b"<w/>", "word/a.xml": archive({"a": b"x"})}), "archive_bomb"),
    "deep": (
        document({"word/embeddings/a.xlsx": document({"xl/embeddings/b.xlsx": workbook()})}),
        "archive_bomb",
    ),
    "embedded bomb": (
        document({"word/embeddings/a.xlsx": archive({"a": b"0" * 40_000_000})}),
        "archive_bomb",
    ),
    "embedded macros": (
        document({"word/embeddings/a.xlsm": archive({"xl/vbaProject.bin": b"m"})}),
        "file_has_macros",
    ),
    "bad deflate": (damaged(), "archive_broken"),
    "lying header": (lying(), "archive_broken"),
    "late binary": (b"text " * 2000 + b"\0\1\2", "file_type_refused"),
    "cut": (workbook()[:-200], "archive_broken"),
    "macros": (archive({"xl/workbook.xml": b"<w/>", "xl/vbaProject.bin": b"m"}), "file_has_macros"),
    "archive": (archive({"a": b"just an archive"}), "file_type_refused"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_leaves_nothing_behind(store: Path, kind: str) -> None:
    content, code = REFUSED[kind]
    with pytest.raises(Refusal) as refused:
        store_file(io.BytesIO(content), name="form.xlsx", actor=ACTOR, at=AT)
    assert refused.value.code == code
    assert kept(store) == []


@pytest.mark.django_db
def test_a_document_with_an_embedded_workbook_is_taken(store: Path) -> None:
    content = document({"word/embeddings/Microsoft_Excel_Sheet.xlsx": workbook()})
    assert store_file(io.BytesIO(content), name="a.docx", actor=ACTOR, at=AT).media_type == DOCX


@pytest.mark.django_db
def test_a_refusal_names_what_was_found_and_a_small_limit_in_kilobytes(store: Path) -> None:
    with override("en"), pytest.raises(Refusal, match="type ZIP is not taken"):
        store_file(io.BytesIO(archive({"a": b"x"})), name="a.xlsx", actor=ACTOR, at=AT)
    small = FileLimits(size=2048)
    with override("en"), pytest.raises(Refusal, match="larger than 2 KB,"):
        store_file(io.BytesIO(b"x" * 4000), name="a.txt", actor=ACTOR, at=AT, limits=small)


@pytest.mark.django_db
def test_the_unpacked_size_is_counted_over_all_entries(store: Path) -> None:
    content = document({f"{number}.xml": random.Random(number).randbytes(1000) for number in range(20)})
    with pytest.raises(Refusal) as refused:
        store_file(io.BytesIO(content), name="a", actor=ACTOR, at=AT, limits=FileLimits(unpacked=19_000))
    assert refused.value.code == "archive_bomb"


@pytest.mark.django_db(transaction=True)
def test_old_bytes_taken_up_again_stay_while_the_transaction_is_open(store: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _store_and_fail()
    (path,) = kept(store)
    os.utime(path, (0, 0))
    removed: list[int] = []

    def clean() -> None:
        try:
            removed.append(remove_orphans(at=datetime(2100, 1, 1, tzinfo=UTC)))
        finally:
            connections.close_all()

    with transaction.atomic():
        store_file(io.BytesIO(b"lost"), name="b.txt", actor=ACTOR, at=AT)
        assert path.stat().st_mtime > 0
        thread = threading.Thread(target=clean)
        thread.start()
        thread.join(timeout=30)
    assert removed == [0]
    assert kept(store) == [path]


@pytest.mark.django_db
def test_the_name_does_not_decide_the_type(store: Path) -> None:
    found = store_file(io.BytesIO(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), name="форма.xlsx", actor=ACTOR, at=AT)
    assert found.media_type == PDF


@pytest.mark.parametrize(
    ("given", "clean"),
    [("../../etc/passwd", "passwd"), ("C:\\Users\\а.xlsx", "а.xlsx"), ("", "file"), ("а\nб\0.pdf", "аб.pdf")],
)
def test_names_lose_paths_and_control_characters(given: str, clean: str) -> None:
    assert clean_name(given) == clean


@pytest.mark.django_db
def test_bytes_of_a_rolled_back_upload_are_removed_later_and_named_ones_stay(store: Path) -> None:
    named = store_file(io.BytesIO("текст".encode()), name="a.txt", actor=ACTOR, at=AT)
    with pytest.raises(ZeroDivisionError):
        _store_and_fail()
    assert len(kept(store)) == 2
    assert remove_orphans(at=datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert kept(store) == [path_of(named.sha256)]


@transaction.atomic
def _store_and_fail() -> None:
    store_file(io.BytesIO(b"lost"), name="b.txt", actor=ACTOR, at=AT)
    raise ZeroDivisionError
