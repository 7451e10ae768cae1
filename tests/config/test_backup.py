"""A backup holds the database and the files, and makes the same installation again."""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shaar.config import database
from shaar.config.backup import restore_backup, write_backup
from shaar.config.console import CommandFailed
from shaar.config.database import EmbeddedServer, embedded_url


@pytest.fixture
def homes() -> Iterator[list[Path]]:
    made = [Path(tempfile.mkdtemp(prefix="shaar-backup-")) for _ in range(2)]
    servers = [EmbeddedServer(home, durable=False) for home in made]
    for home, server in zip(made, servers, strict=True):
        home.chmod(0o711)
        server.acquire()
    yield made
    for home, server in zip(made, servers, strict=True):
        server.release()
        database.remove_store(home)
        shutil.rmtree(home)


def test_a_backup_makes_the_same_installation_again(homes: list[Path], tmp_path: Path) -> None:
    old, new = homes
    with psycopg.connect(embedded_url(old)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'көчө' AS name")
    (old / "files/2022").mkdir(parents=True)
    (old / "files/2022/отчёт.pdf").write_bytes(b"%PDF")
    target = tmp_path / "city.shaar"
    write_backup(target, url=embedded_url(old), files=old / "files")
    assert [path.name for path in tmp_path.iterdir()] == ["city.shaar"]

    restore_backup(target, url=embedded_url(new), files=new / "files")
    with psycopg.connect(embedded_url(new)) as connection:
        assert connection.execute("SELECT name FROM kept").fetchall() == [("көчө",)]
    assert (new / "files/2022/отчёт.pdf").read_bytes() == b"%PDF"

    with pytest.raises(CommandFailed, match="holds data already"):
        restore_backup(target, url=embedded_url(new), files=new / "files")


def test_what_is_no_backup_is_refused(homes: list[Path], tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("hello")
    with pytest.raises(CommandFailed, match="is not a backup"):
        restore_backup(wrong, url=embedded_url(homes[1]), files=homes[1] / "files")
    with zipfile.ZipFile(wrong, "w") as archive:
        archive.writestr("manifest.json", '{"format": "shaar-backup-9"}')
    with pytest.raises(CommandFailed, match="another format"):
        restore_backup(wrong, url=embedded_url(homes[1]), files=homes[1] / "files")
