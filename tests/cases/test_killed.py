"""A process killed at any moment leaves no row without its file, and tells nobody twice."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from shaar.access.api import Actor, system_actor
from shaar.cases.api import escalate, notify
from shaar.cases.channels import delivering, push
from shaar.cases.files import path_of, purge_arrivals, remove_orphans
from shaar.cases.models import Delivery, Event, Notice, StoredFile
from shaar.kernel.texts import Text
from tests.cases.conftest import person
from tests.cases.providers import Browser, http_provider
from tests.cases.test_cases import paper

AT = datetime(2022, 4, 4, 4, tzinfo=UTC)
LATER = datetime(2100, 1, 1, tzinfo=UTC)
START = """
import io, sys, time
from datetime import UTC, datetime
from pathlib import Path
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.FILE_ROOT = sys.argv[1], Path(sys.argv[2])
django.setup()
from shaar.access.api import Actor, system_actor
from shaar.cases import files, services
def stop(*args, **kwargs):
    Path(sys.argv[3]).touch()
    time.sleep(60)
def after(owner, name):
    original = getattr(owner, name)
    def run(*args, **kwargs):
        original(*args, **kwargs)
        stop()
    setattr(owner, name, run)
"""
STORE = """
files.store_file(io.BytesIO(b"text"), name="a.txt", actor=system_actor("t"), at=datetime.now(UTC))
stop()
"""
MOMENTS = {
    "arrived": "files._checked_type = stop",
    "held": "after(files, '_hold')",
    "settled": "after(files, '_settle')",
    "written": "after(files.Upload.objects, 'create')",
    "committed": "",
}
ESCALATE = """
from tests.cases.conftest import PAPER
from shaar.cases.api import register
register(PAPER)
services.escalate(int(sys.argv[4]), at=datetime(2022, 4, 30, tzinfo=UTC), actor=system_actor("t"))
stop()
"""


def run_and_kill(script: str, folder: Path, *arguments: str) -> None:
    """Run a script in a process of its own until it says that it is there, and kill it."""
    database, mark = str(connection.settings_dict["NAME"]), folder / "there"
    command = [sys.executable, "-c", START + script, database, str(folder / "files"), str(mark), *arguments]
    process = subprocess.Popen(command, env=os.environ, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while not mark.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_upload_leaves_no_row_without_its_file(
    tmp_path: Path, settings: object, moment: str
) -> None:
    settings.FILE_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    run_and_kill(MOMENTS[moment] + STORE, tmp_path)
    named = {path_of(row.sha256) for row in StoredFile.objects.all()}
    assert bool(named) == (moment == "committed")
    deadline = time.monotonic() + 10
    while (left := _files(tmp_path / "files")) != named and time.monotonic() < deadline:
        remove_orphans(at=LATER)
        purge_arrivals(at=LATER)
    assert left == named


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["services._tell = stop", "after(services, '_tell')", ""])
def test_a_killed_escalation_tells_each_level_once(tmp_path: Path, judge: Actor, moment: str) -> None:
    person("ruler", "city-hall", "tests.rule")
    number = paper(due_at=AT)
    run_and_kill(moment + ESCALATE, tmp_path, str(number))
    escalate(number, at=AT + timedelta(days=26), actor=system_actor("tests"))
    assert sorted(Notice.objects.values_list("level", flat=True)) == [1, 2]
    assert Event.objects.filter(kind="escalated").count() == 2


def _files(root: Path) -> set[Path]:
    return {path for path in root.rglob("*") if path.is_file()}


DELIVER = """
from shaar.cases.channels import delivering, push
settings.PUSH_HOSTS = ["127.0.0.1"]
MOMENT
delivering.deliver(int(sys.argv[4]), at=datetime(2022, 4, 4, 4, tzinfo=UTC))
stop()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("moment", "sent"),
    [("push.post = stop", 1), ("delivering._finish = stop", 2), ("", 1)],
    ids=["before the provider", "after its yes", "after the mark"],
)
def test_a_killed_sending_loses_nothing_and_repeats_only_under_the_same_tag(
    tmp_path: Path, settings: object, writer: Actor, moment: str, sent: int
) -> None:
    settings.PUSH_HOSTS, settings.SHAAR_EMAIL = ["127.0.0.1"], None  # type: ignore[attr-defined]
    browser = Browser()
    with http_provider() as provider:
        push.subscribe(
            writer.id or 0,
            endpoint=f"{provider.url}/push",
            p256dh=browser.p256dh,
            auth=browser.auth,
            label="",
            at=AT,
        )
        notify(writer.id or 0, kind="cases.overdue", text=Text("Срок прошёл"), url="", at=AT, key="a")
        number = Delivery.objects.get().pk
        run_and_kill(DELIVER.replace("MOMENT", moment), tmp_path, str(number))
        delivering.deliver(number, at=AT)
        delivering.deliver(number, at=AT)
    assert Delivery.objects.get().state == "sent"
    assert len(provider.asked) == sent
    assert len({asked.headers["topic"] for asked in provider.asked}) == 1
    assert len({browser.read(asked.body)["tag"] for asked in provider.asked}) == 1
