"""Processes that are killed while they record or apply leave nothing lost and nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from shaar.indicators.rollups import keeping, queries
from shaar.kernel.jobs import app, run_pending
from shaar.ledger import api as ledger
from tests.ledger.facts import fact, make_city, stored

START = """
from django.conf import settings
settings.DATABASES["default"]["NAME"] = "{database}"
import django
django.setup()
"""
RECORD = """
import sys
from shaar.kernel.errors import Refusal
from shaar.ledger.api import record_many
from tests.ledger.facts import fact
print("ready", flush=True)
for number in range(1000):
    try:
        record_many((fact(str(n)) for n in range(1, 3001)), key=f"{seed}-{{number}}")
    except Refusal:
        continue
    print(number, flush=True)
"""
APPLY = """
from shaar.kernel.jobs import run_pending
print("ready", flush=True)
run_pending()
"""
FACTS = 3000
SUM_OF_BATCH = Decimal(3000 * 3001 // 2)


def run_and_kill(
    code: str, seed: int, patience: float, begun: Callable[[], object]
) -> tuple[list[str], bool]:
    """Run a program and kill it outright some moment after it says that it is ready.

    Return what it said, and whether it had a transaction open just before.
    """
    database = str(connection.settings_dict["NAME"])
    program = START.format(database=database) + code.format(seed=seed)
    process: Any = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONPATH": "src:."},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "ready\n"
        wait_until(begun)
        time.sleep(patience)
        was_at_work = is_at_work()
    finally:
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate(timeout=30)
    return str(said).split(), was_at_work


def wait_until(begun: Callable[[], object]) -> None:
    """Wait until something has begun, half a minute at most."""
    deadline = time.monotonic() + 30
    while not begun() and time.monotonic() < deadline:
        time.sleep(0.005)


def wait_for_quiet() -> None:
    """Wait until the server noticed that the killed process is gone and rolled its work back."""
    deadline = time.monotonic() + 30
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.05)
    raise AssertionError("a killed process still works in the database")


def is_at_work() -> bool:
    """Tell whether another process has a transaction open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start IS NOT NULL)"
        )
        return bool(cursor.fetchone()[0])


def taken_jobs() -> int:
    """Return how many jobs a killed worker had taken and did not finish."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
        return int(cursor.fetchone()[0])


def recover() -> None:
    """Let a live worker find the jobs of dead ones, as it does by the clock, and run whatever waits."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'kernel.retry_stalled'")
    app.configure_task("kernel.retry_stalled").defer(timestamp=0)
    run_pending()
    # What was put back waits some seconds before the next attempt.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")
    run_pending()


@pytest.mark.django_db(transaction=True)
def test_killing_recorders_and_workers_loses_and_doubles_nothing() -> None:
    interrupted_recording = interrupted_applying = 0
    for seed in (1, 2, 3):
        make_city()
        moments = random.Random(seed)
        said, was_at_work = run_and_kill(RECORD, seed, moments.uniform(0.2, 0.8), is_at_work)
        interrupted_recording += was_at_work
        wait_for_quiet()
        before = len(ledger.batches())
        assert len(stored()) == before * FACTS
        assert sum(row[1] for row in stored()) == before * SUM_OF_BATCH
        assert len(said) <= before
        run_and_kill(APPLY, seed, moments.uniform(0, 0.05), taken_jobs)
        wait_for_quiet()
        interrupted_applying += taken_jobs()
        recover()
        assert taken_jobs() == 0
        (row,) = queries.totals(None, by=[])
        assert row == (before * SUM_OF_BATCH, before * FACTS, 0)
        assert keeping.catch_up() == 0
    assert interrupted_recording
    assert interrupted_applying
    assert ledger.record(fact(), key="afterwards")
