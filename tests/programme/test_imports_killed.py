"""A process that is killed while it writes a plan leaves nothing half-written; the next one finishes."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from shaar.kernel import jobs
from shaar.programme import importing, importwork, models
from tests.programme.conftest import People
from tests.programme.test_imports import edited, exported, reworded, state, taken

AT = datetime(2023, 1, 3, 4, 0, tzinfo=UTC)
START = """
import sys, time
from pathlib import Path
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from shaar.kernel import jobs
from shaar.programme import importwork
importwork.CHUNK = 1
def stop(*args, **kwargs):
    Path(sys.argv[2]).touch()
    time.sleep(60)
def after(name):
    original = getattr(importwork, name)
    def run(*args, **kwargs):
        original(*args, **kwargs)
        stop()
    setattr(importwork, name, run)
"""
RUN = """
jobs.run_pending()
stop()
"""
MOMENTS = {
    "before anything": "importwork._judged = stop",
    "after a chunk": "after('write_versions')",
    "in force but not committed": "after('enact')",
    "at the very end": "after('_finish')",
}


def run_and_kill(script: str, folder: Path) -> None:
    """Run a worker in a process of its own until it says that it is there, and kill it."""
    mark = folder / "there"
    name = str(connection.settings_dict["NAME"])
    process = subprocess.Popen(
        [sys.executable, "-c", START + script + RUN, name, str(mark)], env=os.environ, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 120
        while not mark.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def take_stalled_jobs_up() -> None:
    """Do at once what the scheduler does after a while with the jobs of a worker that died."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'doing'")
    jobs.run_pending()


def written() -> int:
    """Return how many revisions there are besides the first, with the measures that only they have."""
    revisions = models.PlanRevision.objects.filter(number__gt=1).count()
    assert models.Measure.objects.filter(code="added").exists() == bool(revisions)
    assert models.MeasureVersion.objects.filter(revision__number__gt=1).count() == 3 * revisions
    return revisions


@pytest.mark.django_db(transaction=True)
def test_a_killed_writing_leaves_all_or_nothing_and_is_finished_once(people: People, tmp_path: Path) -> None:
    content = edited(exported(people.office), reworded)
    for moment, script in MOMENTS.items():
        number = taken(content, people.office)
        importing.approve(number, actor=people.office, at=AT)
        folder = tmp_path / moment
        folder.mkdir()
        run_and_kill(script, folder)
        assert (state(number), written()) == ("applying", 0), moment
        if moment != list(MOMENTS)[-1]:
            importing.cancel(number, actor=people.office)
    take_stalled_jobs_up()
    assert (state(number), written()) == ("applied", 1)
    importwork.run_writing(number, at=AT)
    assert written() == 1
