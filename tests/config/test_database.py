"""The embedded server: who runs it, who shares it, what it survives."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from shaar.config import database, database_account
from shaar.config.database import EmbeddedServer, embedded_url
from shaar.config.database_account import Account, DatabaseFailed

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")
HOLD = """
import sys
from pathlib import Path
from shaar.config.database import EmbeddedServer
EmbeddedServer(Path(sys.argv[1]), durable=False).acquire()
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def temporary_home() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="shaar-db-"))
    path.chmod(0o711)
    yield path
    database.remove_store(path)
    shutil.rmtree(path)


@pytest.fixture
def home() -> Iterator[Path]:
    with temporary_home() as path:
        yield path


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with temporary_home() as path:
        started = EmbeddedServer(path, durable=False)
        started.acquire()
        yield started
        started.release()


def ask(home: Path, question: str) -> object:
    with psycopg.connect(embedded_url(home)) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def hold(home: Path, python: str = sys.executable, **as_other: object) -> subprocess.Popen[str]:
    """Start another process that uses the server until its input closes."""
    command = [python, "-c", HOLD, str(home)]
    process = subprocess.Popen(  # type: ignore[call-overload]
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/", **as_other
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process  # type: ignore[no-any-return]


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_the_server_knows_russian_and_kyrgyz_letters(server: EmbeddedServer) -> None:
    assert ask(server.home, "SELECT lower('ЖАҢЫ КӨЧӨ ҮЙ')") == "жаңы көчө үй"
    assert ask(server.home, "SELECT to_tsvector('russian', 'Улицы города') @@ to_tsquery('russian', 'город')")
    assert ask(server.home, "SELECT 'улица' ~ '^\\w+$'")


def test_the_server_is_set_up_for_a_small_machine(server: EmbeddedServer) -> None:
    assert ask(server.home, "SHOW shared_buffers") == "256MB"
    assert ask(server.home, "SHOW timezone") == "UTC"
    assert ask(server.home, "SHOW jit") == "off"
    assert ask(server.home, "SHOW listen_addresses") == ""
    assert ask(server.home, "SHOW server_encoding") == "UTF8"


def test_a_server_that_keeps_real_data_writes_them_to_disk(home: Path) -> None:
    server = EmbeddedServer(home)
    server.acquire()
    assert ask(home, "SHOW fsync") == "on"
    assert ask(home, "SHOW synchronous_commit") == "on"
    server.release()


def test_the_last_process_to_leave_stops_the_server(home: Path) -> None:
    first, second = hold(home), hold(home)
    leave(first)
    assert ask(home, "SELECT 1") == 1
    leave(second)
    with pytest.raises(psycopg.OperationalError):
        ask(home, "SELECT 1")


def test_two_processes_that_start_at_once_share_one_server(home: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(home)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in both:
        leave(process)


def test_a_killed_process_leaves_no_lock_behind(home: Path) -> None:
    killed = hold(home)
    killed.kill()
    killed.communicate()
    assert ask(home, "SELECT 1") == 1
    leave(hold(home))
    with pytest.raises(psycopg.OperationalError):
        ask(home, "SELECT 1")


def test_committed_data_survive_the_crash_of_the_server(home: Path) -> None:
    server = EmbeddedServer(home)
    server.acquire()
    with psycopg.connect(embedded_url(home)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    postmaster = int((server.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    again = EmbeddedServer(home)
    again.acquire()
    assert ask(home, "SELECT answer FROM kept") == 42
    again.release()
    server.release()


def test_a_long_path_gets_a_short_socket(home: Path) -> None:
    deep = home / ("long-" * 20) / ("long-" * 20)
    deep.mkdir(parents=True)
    server = EmbeddedServer(deep, durable=False)
    server.acquire()
    assert len(str(database.socket_directory(deep))) < database.LONGEST_SOCKET_DIRECTORY
    assert ask(deep, "SELECT 1") == 1
    server.release()
    database.remove_store(deep)
    assert not database.socket_directory(deep).exists()


@as_root
def test_root_keeps_the_data_elsewhere_when_the_home_is_private(home: Path) -> None:
    private = home / "private"
    private.mkdir(mode=0o700)
    server = EmbeddedServer(private, durable=False)
    server.acquire()
    assert (private / "postgres").is_symlink()
    assert ask(private, "SELECT 1") == 1
    server.release()
    database.remove_store(private)


@as_root
def test_root_copies_programs_that_the_account_cannot_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = Path(tempfile.mkdtemp(prefix="shaar-store-"))
    store.chmod(0o755)
    monkeypatch.setattr(database_account, "SYSTEM_STORE", store)
    monkeypatch.setattr(database_account, "is_reachable", lambda _path, _account: False)
    account = database_account.server_account()
    program = database_account.readable_program(account)
    assert program.is_relative_to(store)
    account.run(program / "pginstall/bin/initdb", "--version")
    assert database_account.readable_program(account) == program
    shutil.rmtree(store)


@as_root
def test_the_server_of_root_does_not_run_as_root(server: EmbeddedServer) -> None:
    assert server.account.uid != 0
    assert server.data.stat().st_uid == server.account.uid


@as_root
def test_an_ordinary_user_runs_a_server_of_their_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = database_account.server_account()
    os.chown(home, account.uid, account.gid)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    python = python_of_everybody(account)
    leave(hold(home, python, user=account.uid, group=account.gid, extra_groups=[]))


def python_of_everybody(account: Account) -> str:
    """Return a Python like this one that another account can run."""
    for candidate in (Path(sys.executable), Path(f"/usr/bin/python3.{sys.version_info.minor}")):
        if candidate.exists() and database_account.is_reachable(candidate.resolve(), account):
            return str(candidate)
    pytest.skip("no Python of this version can be read by another account")


@as_root
def test_another_account_may_not_connect_as_the_owner(server: EmbeddedServer) -> None:
    program = database_account.readable_program(server.account) / "pginstall/bin/psql"
    other = Account("daemon", 1, 1)
    with pytest.raises(DatabaseFailed):
        other.run(program, embedded_url(server.home), "-c", "SELECT 1")


def test_a_store_that_is_gone_is_named(home: Path) -> None:
    (home / "postgres").symlink_to("/nowhere/at/all")
    with pytest.raises(DatabaseFailed, match="which is gone"):
        EmbeddedServer(home).acquire()


def test_a_server_named_by_its_address_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/shaar")
    assert database.ensure_database() == "postgresql://somewhere/shaar"
