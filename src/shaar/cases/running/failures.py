"""Keeps why jobs failed, without the words of the error: they may name a person."""

import traceback
from collections.abc import Iterable
from pathlib import PurePath

from shaar.cases.models import JobFailure
from shaar.kernel import clock
from shaar.kernel.errors import Refusal

PACKAGE = "shaar"


def keep(job: int, task: str, error: Exception) -> None:
    """Keep one failure: the class of the error, a refusal's code, and the last line of ours on its way."""
    name = type(error).__name__
    if isinstance(error, Refusal):
        name = f"{name} {error.code}"
    JobFailure.objects.create(
        job_id=job, task=task[:120], failed_at=clock.now(), error=name[:120], place=_place(error)[:200]
    )


def reasons(jobs: Iterable[int]) -> dict[int, JobFailure]:
    """Return the last failure of each job, in one query."""
    rows = JobFailure.objects.filter(job_id__in=list(jobs)).order_by("job_id", "-pk").distinct("job_id")
    return {row.job_id: row for row in rows}


def _place(error: Exception) -> str:
    ours = [
        one for one in traceback.extract_tb(error.__traceback__) if PACKAGE in PurePath(one.filename).parts
    ]
    if not ours:
        return ""
    parts = PurePath(ours[-1].filename).parts
    start = len(parts) - 1 - parts[::-1].index(PACKAGE)
    return f"{'/'.join(parts[start:])}:{ours[-1].lineno}"
