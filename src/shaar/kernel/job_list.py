"""What the queue of jobs holds, for the people who look after the installation; arguments are never shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast, get_args

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import ConnectorException

from shaar.kernel.errors import Refusal

Status: TypeAlias = Literal["todo", "doing", "failed", "succeeded", "cancelled", "aborted"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, slots=True)
class JobView:
    """A job of the queue: its task, how often it was begun, and when it is due and was last touched."""

    id: int
    task: str
    queue: str
    status: Status
    attempts: int
    due_at: datetime | None
    touched_at: datetime | None


def counts() -> dict[str, int]:
    """Return how many jobs there are of each status, those without any included."""
    found = ProcrastinateJob.objects.values_list("status").annotate(number=Count("pk")).order_by()
    numbers: dict[str, int] = dict.fromkeys(STATUSES, 0)
    numbers.update((str(status), number) for status, number in found)
    return numbers


def page(status: str, *, number: str | None, size: int = 50) -> tuple[Page[Any], list[JobView]]:
    """Return a page of the jobs of a status, the newest first."""
    last = ProcrastinateEvent.objects.filter(job=OuterRef("pk")).order_by("-id").values("at")[:1]
    rows = ProcrastinateJob.objects.filter(status=status).annotate(touched=Subquery(last)).order_by("-pk")
    found = Paginator(cast("QuerySet[Any]", rows), size).get_page(number)
    return found, [_view(row) for row in found.object_list]


def retry(number: int, *, at: datetime) -> None:
    """Put a failed job back in the queue; Refusal `job_not_failed`."""
    refusal = Refusal("job_not_failed", _("This job has not failed, or it runs again already."))
    if not ProcrastinateJob.objects.filter(pk=number, status="failed").exists():
        raise refusal
    try:
        app.job_manager.retry_job_by_id(number, at)
    except ConnectorException as error:
        raise refusal from error


def cancel(number: int) -> None:
    """Take a job that waits out of the queue; Refusal `job_not_waiting` for one that runs or is over."""
    if not app.job_manager.cancel_job_by_id(number):
        raise Refusal("job_not_waiting", _("This job does not wait any more."))


def heartbeat() -> datetime | None:
    """Return when a worker said last that it lives; None when there is none."""
    found: datetime | None = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"]
    return found


def oldest_due(*, at: datetime, prefix: str = "") -> datetime | None:
    """Return since when the oldest job whose turn has come waits, of tasks with a prefix; None for none."""
    waiting = ProcrastinateJob.objects.filter(status="todo", task_name__startswith=prefix)
    deferred = ProcrastinateEvent.objects.filter(
        job__in=waiting.filter(scheduled_at__isnull=True), type="deferred"
    ).order_by("at")
    moments = [deferred.values_list("at", flat=True).first()]
    due = waiting.filter(scheduled_at__lte=at).order_by("scheduled_at")
    moments.append(due.values_list("scheduled_at", flat=True).first())
    return min((one for one in moments if one is not None), default=None)


def _view(row: Any) -> JobView:
    return JobView(
        row.pk, row.task_name, row.queue_name, row.status, row.attempts, row.scheduled_at, row.touched
    )
