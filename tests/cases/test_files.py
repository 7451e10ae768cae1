"""Files are measured and told by their content before anything is kept, and kept once."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from openpyxl import Workbook

from shaar.access.api import Actor
from shaar.cases.api import PDF, XLSX, FileLimits, open_file, store_file
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
    "nested": (archive({"inner.zip": b"x"}), "archive_bomb"),
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
