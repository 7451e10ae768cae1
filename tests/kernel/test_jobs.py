"""Jobs live and die with the transaction that defers them, and outlive a killed worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from shaar.kernel.jobs import defer, run_pending, task

RAN: list[int] = []
NAME = "tests.kernel.example"


@task(NAME)
def example(number: int) -> None:
    RAN.append(number)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    RAN.clear()
    yield
    RAN.clear()


@transaction.atomic
def _defer_and_fail() -> None:
    defer(NAME, number=1)
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_a_job_deferred_in_a_transaction_that_fails_does_not_exist() -> None:
    with pytest.raises(ZeroDivisionError):
        _defer_and_fail()
    run_pending()
    assert RAN == []


@pytest.mark.django_db(transaction=True)
def test_a_job_deferred_in_a_committed_transaction_runs_once() -> None:
    with transaction.atomic():
        defer(NAME, number=2)
        run_pending()
        assert RAN == []
    run_pending()
    run_pending()
    assert RAN == [2]


KILLED = """
from django.conf import settings
settings.DATABASES["default"]["NAME"] = "%(database)s"
import django
django.setup()
from shaar.kernel.jobs import task, run_pending
@task("tests.kernel.killed")
def killed(path):
    open(path, "w").close()
    import time
    time.sleep(60)
run_pending()
"""


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_worker_was_killed_is_put_back(tmp_path: Path) -> None:
    number = app.configure_task("tests.kernel.killed").defer(path=str(tmp_path / "started"))
    database = connection.settings_dict["NAME"]
    environment = os.environ | {"SHAAR_TEST_ATTACH": str(database)}
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED % {"database": database}], env=environment, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 40
        while not (tmp_path / "started").exists():
            assert worker.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert _status(number) == "doing"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    with suppress(AlreadyEnqueued):
        app.configure_task("kernel.retry_stalled").defer(timestamp=0)

    @task("tests.kernel.killed")
    def again(path: str) -> None:
        RAN.append(number)

    run_pending()
    run_pending()
    assert [number] == RAN
    assert _status(number) == "succeeded"


def _status(number: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [number])
        row = cursor.fetchone()
    assert row
    return str(row[0])
