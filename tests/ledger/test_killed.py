"""Processes that are killed while they record or apply leave nothing lost and nothing doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from shaar.indicators.rollups import keeping, queries
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
        record_many((fact(str(n)) for n in range(1, 301)), key=f"{seed}-{{number}}")
    except Refusal:
        continue
    print(number, flush=True)
"""
APPLY = """
from shaar.kernel.jobs import run_pending
print("ready", flush=True)
run_pending()
"""
SUM_OF_BATCH = Decimal(300 * 301 // 2)


def run_and_kill(code: str, seed: int, patience: float) -> list[str]:
    """Run a program, kill it outright some moment after it says that it is ready, and return what it said."""
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
        time.sleep(patience)
    finally:
        process.send_signal(signal.SIGKILL)
        said, _ = process.communicate(timeout=30)
    return str(said).split()


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


def waiting_batches() -> list[int]:
    """Return the batches of the jobs that no worker finished, those of killed workers included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (args->>'batch')::bigint FROM procrastinate_jobs"
            " WHERE task_name = 'indicators.keep_rollups' AND status IN ('todo', 'doing')"
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_killing_recorders_and_workers_loses_and_doubles_nothing() -> None:
    for seed in (1, 2):
        make_city()
        moments = random.Random(seed)
        said = run_and_kill(RECORD, seed, moments.uniform(0.05, 0.8))
        wait_for_quiet()
        before = len(ledger.batches())
        assert len(stored()) == before * 300
        assert sum(row[1] for row in stored()) == before * SUM_OF_BATCH
        assert len(said) <= before
        run_and_kill(APPLY, seed, moments.uniform(0.05, 0.5))
        wait_for_quiet()
        keeping.apply(waiting_batches())
        (row,) = queries.totals(None, by=[])
        assert row == (before * SUM_OF_BATCH, before * 300, 0)
        assert keeping.catch_up() == 0
    assert ledger.record(fact(), key="afterwards")
