"""Runs the embedded PostgreSQL that serves an installation when DATABASE_URL names no other server.

The server listens on a Unix socket only, knows people by their system account (peer authentication) and keeps
its data in the home directory. PostgreSQL refuses to run as root, so under root it runs as an unprivileged
account; where that account could not reach the home directory or the program, both live under /var/lib/shaar.

Every process that uses the server holds a shared lock while it lives; the last one to leave stops the server.
A killed process loses its lock by itself, and a server left running by it is taken over by the next one.
"""

import atexit
import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg

from shaar.config import environment
from shaar.config.database_account import (
    SYSTEM_STORE,
    Account,
    DatabaseFailed,
    is_reachable,
    own_name,
    readable_program,
    server_account,
)

OWNER = "shaar"
NAME = "shaar"
LONGEST_SOCKET_DIRECTORY = 90
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
    "min_wal_size": "256MB",
    "wal_compression": "on",
    "checkpoint_completion_target": "0.9",
    "synchronous_commit": "on",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "'C'",
    "logging_collector": "off",
    "log_min_messages": "warning",
    "log_checkpoints": "off",
}


def store_of(home: Path) -> Path:
    """Return the directory of the server's data and socket, through the link that root may have made."""
    return (home / "postgres").resolve()


def socket_directory(home: Path) -> Path:
    """Return the directory of the server's socket, a short one where the usual path is too long."""
    direct = store_of(home) / "run"
    if len(os.fsencode(direct)) <= LONGEST_SOCKET_DIRECTORY:
        return direct
    digest = hashlib.sha256(os.fsencode(direct)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"shaar-{os.geteuid()}-{digest}"


def embedded_url(home: Path, name: str = NAME) -> str:
    """Return the address of a database on the embedded server of a home directory."""
    return f"postgresql:///{name}?user={OWNER}&host={quote(str(socket_directory(home)), safe='')}"


@dataclass
class EmbeddedServer:
    """One PostgreSQL server for one home directory, shared by every process that asks for it."""

    home: Path
    durable: bool = True
    account: Account = field(default_factory=server_account)
    _held: IO[bytes] | None = None

    @property
    def data(self) -> Path:
        """The data directory of the server."""
        return store_of(self.home) / "data"

    def acquire(self) -> None:
        """Start the server unless it runs, and keep it running while this process lives or until release."""
        self.home.mkdir(parents=True, exist_ok=True)
        with self._alone(), ExitStack() as on_failure:
            held = on_failure.enter_context((self.home / "postgres.users").open("ab"))
            fcntl.flock(held, fcntl.LOCK_SH)
            self._prepare_directories()
            self._initialise()
            if not self.answers():
                self._start()
            self._create_database()
            on_failure.pop_all()
            self._held = held
        atexit.register(self._release_in, os.getpid())

    def release(self) -> None:
        """Give the server up; it stops if nobody else uses it."""
        if self._held is None:
            return
        with self._alone():
            try:
                fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._stop()
            finally:
                self._held.close()
                self._held = None

    def answers(self) -> bool:
        """Whether a server answers on the socket."""
        try:
            psycopg.connect(embedded_url(self.home, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _release_in(self, pid: int) -> None:
        if os.getpid() == pid:
            self.release()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.home / "postgres.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _program(self, name: str) -> Path:
        return readable_program(self.account) / "pginstall" / "bin" / name

    def _prepare_directories(self) -> None:
        link = self.home / "postgres"
        if not os.path.lexists(link):
            self._make_store(link)
        store = store_of(self.home)
        if not store.is_dir():
            raise DatabaseFailed(
                f"{link} leads to {store}, which is gone; remove the link to start with an empty database"
            )
        for directory in (store, self.data, socket_directory(self.home)):
            self._own(directory)

    def _make_store(self, link: Path) -> None:
        if not self.account.is_other or is_reachable(link, self.account):
            link.mkdir(mode=0o700)
            return
        SYSTEM_STORE.mkdir(mode=0o755, parents=True, exist_ok=True)
        link.symlink_to(tempfile.mkdtemp(prefix="home-", dir=SYSTEM_STORE))

    def _own(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, exist_ok=True)
        status = directory.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid not in {self.account.uid, os.geteuid()}:
            raise DatabaseFailed(
                f"{directory} belongs to another account; run as its owner or set SHAAR_HOME"
            )
        if status.st_uid != self.account.uid:
            os.chown(directory, self.account.uid, self.account.gid)
        directory.chmod(0o700)

    def _initialise(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        self._write("pg_hba.conf", f"local all {OWNER} peer map=shaar\n")
        names = dict.fromkeys([self.account.name, own_name()])
        self._write("pg_ident.conf", "".join(f'shaar "{name}" {OWNER}\n' for name in names))
        settings = {**SETTINGS, "unix_socket_directories": f"'{socket_directory(self.home)}'"}
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        self._write("shaar.conf", "".join(f"{key} = {value}\n" for key, value in settings.items()))

    def _make_cluster(self) -> None:
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        self.account.run(
            self._program("initdb"), "-D", draft, "-U", OWNER, "--auth=peer", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            "--data-checksums", *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'shaar.conf'\n")
        self.data.rmdir()
        draft.rename(self.data)

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text)
        path.chmod(0o600)
        if self.account.is_other:
            os.chown(path, self.account.uid, self.account.gid)

    def _start(self) -> None:
        """Start the server; after a crash its last processes may need a moment to leave the data."""
        patience = 40 if (self.data / "postmaster.pid").exists() else 0
        for _ in range(patience):
            self._clear_zombie()
            try:
                self._start_once()
            except DatabaseFailed:
                time.sleep(0.25)
            else:
                return
        self._start_once()

    def _start_once(self) -> None:
        log = store_of(self.home) / "log"
        try:
            self._control("-l", log, "start")
        except DatabaseFailed as error:
            raise DatabaseFailed(f"the embedded database does not start; read {log}") from error

    def _clear_zombie(self) -> None:
        """Remove the lock file of a dead server that no parent has collected, as in some containers.

        PostgreSQL takes such a zombie for a running server; it is none once no process works in the data.
        """
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        try:
            postmaster = psutil.Process(int(lock.read_text().split()[0]))
            is_zombie = postmaster.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return
        if is_zombie and not any(one.info["cwd"] == str(self.data) for one in psutil.process_iter(["cwd"])):
            lock.unlink()

    def _control(self, *arguments: str | Path) -> None:
        self.account.run(self._program("pg_ctl"), "-D", self.data, "-s", "-w", "-t", "120", *arguments)

    def _stop(self) -> None:
        self._control("-m", "fast", "stop")

    def _create_database(self) -> None:
        with psycopg.connect(embedded_url(self.home, "postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if not found:
                connection.execute(f'CREATE DATABASE "{NAME}" TEMPLATE template0')


def remove_store(home: Path) -> None:
    """Delete the embedded database of a home directory for good; its server must have stopped."""
    shutil.rmtree(socket_directory(home), ignore_errors=True)
    shutil.rmtree(store_of(home), ignore_errors=True)


def ensure_database(*, home: Path | None = None, durable: bool = True) -> str:
    """Return the address of the database to use, after starting the embedded server if no other one is named.

    The address also becomes DATABASE_URL, so that child processes use the same server.
    """
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    home = home or environment.home()
    EmbeddedServer(home, durable=durable).acquire()
    os.environ["DATABASE_URL"] = embedded_url(home)
    return os.environ["DATABASE_URL"]
