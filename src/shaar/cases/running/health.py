"""Whether the installation is well: checks say good, warning or bad in words; modules above add theirs."""

import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import shaar
from shaar.cases.models import Delivery
from shaar.cases.workflows import Name
from shaar.kernel import clock, job_list

SILENT = timedelta(minutes=2)
SLOW, STUCK = timedelta(minutes=5), timedelta(hours=1)
BACKUP_OLD, BACKUP_LATE = timedelta(hours=26), timedelta(days=7)
FULL, FILLING = 0.05, 0.15  # of the disk left free


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    state: Literal["good", "warning", "bad"]
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """A check by code; `run` is given the moment."""

    code: str
    name: Name
    run: Callable[[datetime], Finding]


_checks: dict[str, Check] = {}


def register_check(check: Check) -> None:
    """Add a check; called from a module's AppConfig.ready, a second time replaces the first."""
    _checks[check.code] = check


def findings(*, at: datetime) -> list[tuple[Check, Finding]]:
    """Return what every check finds, in the order declared."""
    return [(check, check.run(at)) for check in _checks.values()]


def is_ready() -> bool:
    """Tell whether pages can be answered: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def versions() -> list[tuple[str, str]]:
    """Return the versions that a question for help should name."""
    number = connection.cursor().connection.info.server_version
    return [
        ("Shaar", shaar.__version__),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("PostgreSQL", f"{number // 10000}.{number % 10000}"),
    ]


def register_own() -> None:
    """Declare the checks that every installation has."""
    register_check(Check("database", _("Database"), _database))
    register_check(Check("worker", _("Worker of jobs"), _worker))
    register_check(Check("queue", _("Queue of jobs"), lambda at: lag(at, "")))
    register_check(Check("figures", _("Figures after new facts"), lambda at: lag(at, "indicators.")))
    register_check(Check("failed", _("Failed jobs"), _failed))
    register_check(Check("messages", _("Messages given up"), _messages))
    register_check(Check("disk", _("Disk"), _disk))
    register_check(Check("backup", _("Backup"), _backup))


def lag(at: datetime, prefix: str) -> Finding:
    """Return how long the oldest job of some tasks waits after its turn has come."""
    since = job_list.oldest_due(at=at, prefix=prefix)
    waited = at - since if since is not None and since < at else timedelta()
    minutes = round(waited.total_seconds() / 60)
    text = gettext("behind by %(minutes)d min") % {"minutes": minutes} if minutes else gettext("up to date")
    return Finding("bad" if waited > STUCK else "warning" if waited > SLOW else "good", text)


def _database(_at: datetime) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    return Finding("good", gettext("answers; %(size)s MB") % {"size": round(size / 1e6)})


def _worker(at: datetime) -> Finding:
    last = job_list.heartbeat()
    if last is None or at - last > SILENT:
        return Finding("bad", gettext("no worker runs: nothing is sent, figures stay behind"))
    return Finding("good", gettext("runs"))


def _failed(_at: datetime) -> Finding:
    number = job_list.counts()["failed"]
    return Finding("warning" if number else "good", str(number))


def _messages(_at: datetime) -> Finding:
    number = Delivery.objects.filter(state=Delivery.State.DEAD).count()
    return Finding("warning" if number else "good", str(number))


def _disk(_at: datetime) -> Finding:
    place = settings.FILE_ROOT
    while not place.exists():
        place = place.parent
    usage = shutil.disk_usage(place)
    left = usage.free / usage.total
    text = gettext("%(free)s GB free of %(total)s") % {
        "free": round(usage.free / 1e9),
        "total": round(usage.total / 1e9),
    }
    return Finding("bad" if left < FULL else "warning" if left < FILLING else "good", text)


def _backup(at: datetime) -> Finding:
    mark = settings.SHAAR_HOME / "last-backup"
    try:
        made = datetime.fromisoformat(mark.read_text().strip())
    except (OSError, ValueError):
        return Finding("bad", gettext("none was made here yet"))
    age = at - made
    told = made.astimezone(clock.city_time_zone()).strftime("%d.%m.%Y %H:%M")
    return Finding("bad" if age > BACKUP_LATE else "warning" if age > BACKUP_OLD else "good", told)
