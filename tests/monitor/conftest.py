"""A city with the monitor of the Bishkek pack, facts of a day, and the live process on its database."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from django.db import connection

from shaar.access import api as access
from shaar.config.cli_serve import live_command
from shaar.kernel import clock
from shaar.ledger import api as ledger
from shaar.monitor import pack as monitor_pack
from tests.programme.conftest import pack

__all__ = ["pack"]
PASSWORD = "long-enough-2026"
Record = Callable[..., int]


@pytest.fixture
def monitored(pack: Path) -> Path:
    """Return the pack with its monitor and without any facts."""
    monitor_pack.load_pack(pack, actor="pack:bishkek")
    return pack


@pytest.fixture
def record(monitored: Path) -> Record:
    """Return a function that records a labelled figure of a day and returns the number of its batch."""

    def one(
        figure: str,
        quantity: str,
        *,
        measure: str = "case",
        day: date | None = None,
        at: datetime | None = None,
        territory: str = "bishkek",
        unit: str = "city-hall",
        more: dict[str, str] | None = None,
    ) -> int:
        moment = at or (clock.noon(day) if day else clock.now())
        fact = ledger.Fact(
            type="programme.figure_reported.v1",
            happened_at=moment,
            unit=unit,
            territory=territory,
            quantity=Decimal(quantity),
            measure=measure,
            subject=ledger.Subject("monitor", "example", "1", "демо", "/staff/"),
            actor="system:test",
            dimensions={"figure": figure, **(more or {})},
        )
        return ledger.record_many([fact]).id

    return one


@pytest.fixture
def mayor(monitored: Path) -> access.Actor:
    """Return a person who sees the whole monitor."""
    return person("mayor", "mayor")


def person(name: str, role: str, *, unit: str | None = None) -> access.Actor:
    by = access.system_actor("test")
    access.create_user(name, name=name, password=PASSWORD, actor=by)
    access.assign_role(name, role, unit=unit, actor=by)
    return access.user_actor(name)


# The live process -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class LiveProcess:
    """The live process of a test and where it listens."""

    url: str
    port: int
    process: "subprocess.Popen[bytes]"


@pytest.fixture
def live_process(transactional_db: None) -> Iterator[LiveProcess]:
    """Start the live process on the tests' database, and stop it afterwards."""
    with running_live("http://pages.example") as started:
        yield started


@contextmanager
def running_live(origin: str) -> Iterator[LiveProcess]:
    """Run the live process for the pages of an origin."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    held = connection.settings_dict
    host, user = quote(str(held["HOST"]), safe=""), quote(str(held["USER"]))
    password = f":{quote(str(held['PASSWORD']))}" if held["PASSWORD"] else ""
    address = f"postgresql://{user}{password}@/{held['NAME']}?host={host}&port={held['PORT'] or 5432}"
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "SHAAR_ENV": "test",
        "SHAAR_LIVE_HEARTBEAT": "1",
        "SHAAR_ORIGINS": origin,
    }
    process = subprocess.Popen(live_command(port), env=environment)
    try:
        _wait(f"http://127.0.0.1:{port}/live/health", process)
        yield LiveProcess(f"http://127.0.0.1:{port}", port, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(150):
        assert process.poll() is None, "the live process ended"
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("the live process does not answer")
