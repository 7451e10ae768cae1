"""Background jobs that are deferred in the caller's transaction, and so exist exactly when its changes do.

A job may be run again after a process was killed: what it does must be safe to repeat. Jobs are rows of
PostgreSQL kept by procrastinate (https://procrastinate.readthedocs.io): taken with SKIP LOCKED and announced
with NOTIFY.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.db import connections
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.worker import Worker

Function = TypeVar("Function", bound=Callable[..., Any])
_is_draining: ContextVar[bool] = ContextVar("is_draining", default=False)  # each job has a thread of its own
Failed = Callable[[int, str, Exception], None]
_listeners: list[Failed] = []
PATIENCE = RetryStrategy(max_attempts=8, exponential_wait=3)


def task(
    name: str, *, queue: str = "default", retry: RetryStrategy = PATIENCE
) -> Callable[[Function], Function]:
    """Make a function of a module's `jobs.py` runnable as the job `name`; it stays callable as it is."""

    def register(function: Function) -> Function:
        app.task(name=name, queue=queue, retry=retry)(_leaving_nothing_open(function))
        return function

    return register


def _leaving_nothing_open(function: Callable[..., Any]) -> Callable[..., Any]:
    """Close what a job's own thread opened, when `run_pending` runs it."""

    @wraps(function)
    def run(**arguments: Any) -> None:
        try:
            function(**arguments)
        finally:
            if _is_draining.get():
                connections.close_all()

    return run


def defer(name: str, **arguments: Any) -> int:
    """Put a job in the queue within the current transaction and return its number; arguments must be JSON."""
    return int(app.configure_task(name, queue=_queue_of(name)).defer(**arguments))


def defer_at(name: str, moment: datetime, **arguments: Any) -> int:
    """Put a job in the queue as `defer` does, to be run not before a moment."""
    task = app.configure_task(name, queue=_queue_of(name), schedule_at=moment)
    return int(task.defer(**arguments))


def on_failure(tell: Failed) -> None:
    """Let a function be told of every attempt that fails: the job's number, its task and the error."""
    if tell not in _listeners:
        _listeners.append(tell)


def watched(call_next: Callable[[], Any], context: JobContext, _worker: Worker) -> Any:
    """Run a job, telling the listeners when it fails; given to every worker."""
    try:
        return call_next()
    except Exception as error:
        for tell in _listeners:
            tell(context.job.id or 0, context.job.task_name, error)
        raise


def run_pending() -> None:
    """Run the jobs that wait, in this process, until none is left; outside any transaction.

    The worker has a thread of its own, since the caller's may already run an event loop.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(_drain).result()


def _drain() -> None:
    _is_draining.set(True)
    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        working.run_worker(
            wait=False, listen_notify=False, install_signal_handlers=False, task_middleware=[watched]
        )


def periodic(name: str, *, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run a function of a module's `jobs.py` by the clock (UTC), never twice at a time; it stays callable."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        @app.periodic(cron=cron)
        @app.task(name=name, queueing_lock=name, lock=name)
        def run(timestamp: int) -> None:  # noqa: ARG001 - given by the scheduler
            _leaving_nothing_open(function)()

        return function

    return register


@app.periodic(cron="*/2 * * * *")
@app.task(name="kernel.retry_stalled", queueing_lock="kernel.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - given by the scheduler
    """Put back the jobs whose worker died without finishing them."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)


def _queue_of(name: str) -> str:
    known = app.tasks.get(name)
    return known.queue if known else "default"
