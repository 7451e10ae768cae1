"""Runs a PostgreSQL that asks for a password on TCP, as a separate server would, for the tests.

The programs are those of the embedded server, or of the directory that SHAAR_TEST_POSTGRESQL names: an older
server of the machine, such as /usr/lib/postgresql/15/bin.
"""

import os
import secrets
import socket
import sys
from pathlib import Path

from shaar.config.database_account import Account, readable_program, server_account

OWNER = "shaar"


def start(directory: Path) -> None:
    """Make a server in an empty directory, start it, and write its address to the file `url` there."""
    account = server_account()
    password, port = secrets.token_urlsafe(24), _free_port()
    secret = directory / "password"
    secret.touch(mode=0o600)
    secret.write_text(password)
    if account.is_other:
        for path in (directory, secret):
            os.chown(path, account.uid, account.gid)
    data = directory / "data"
    account.run(
        _program(account, "initdb"), "-D", data, "-U", OWNER, "--auth=scram-sha-256", f"--pwfile={secret}",
        "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
    )  # fmt: skip
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={directory} -c fsync=off"
    )
    _control(account, data, "-l", directory / "log", "-o", options, "start")
    url = f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/postgres"
    (directory / "url").touch(mode=0o600)
    (directory / "url").write_text(url)


def stop(directory: Path) -> None:
    """Stop the server of a directory."""
    _control(server_account(), directory / "data", "-m", "immediate", "stop")


def _control(account: Account, data: Path, *arguments: str | Path) -> None:
    account.run(_program(account, "pg_ctl"), "-D", data, "-s", "-w", *arguments)


def _program(account: Account, name: str) -> Path:
    given = os.environ.get("SHAAR_TEST_POSTGRESQL")
    return (Path(given) if given else readable_program(account) / "pginstall" / "bin") / name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    {"start": start, "stop": stop}[sys.argv[1]](Path(sys.argv[2]))
