"""The commands `serve` and `worker`: the pages, the live stream, and the jobs that run behind them."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

from shaar.config import environment
from shaar.config.console import CommandFailed

FAST = "rollups,monitor"


def register(commands: Any) -> None:
    """Add both commands."""
    server = commands.add_parser("serve", help="serve the pages and run the jobs")
    server.add_argument("--no-worker", action="store_true", help="leave the jobs to another process")
    server.set_defaults(run=lambda arguments: serve(with_worker=not arguments.no_worker))
    worker = commands.add_parser("worker", help="run background jobs until stopped")
    worker.add_argument("--once", action="store_true", help="run the jobs that wait, then stop")
    worker.add_argument("--queues", help="the queues to take jobs from, separated by commas; all by default")
    worker.set_defaults(run=work)


def serve(*, with_worker: bool = True) -> int:
    """Serve until interrupted; a process that dies takes the others with it, and the exit code is then 1."""
    from django.conf import settings
    from django.core.management import call_command

    refuse_old_tables()
    if environment.name() == "production":
        call_command("collectstatic", verbosity=0, interactive=False)
    processes = [server_command(settings.SHAAR_PORT), live_command(settings.SHAAR_LIVE_PORT)]
    if with_worker:
        # Rollups and tiles have a worker of their own: a long job must not hold up what people look at.
        processes += [[sys.executable, "-m", "shaar", "worker", *more] for more in ([], ["--queues", FAST])]
    host = environment.host()
    print(f"Shaar serves http://{host}:{settings.SHAAR_PORT} (stop it with Ctrl+C)", flush=True)
    with _termination_interrupts():
        return supervise(processes)


def server_command(port: int, *, workers: int | None = None) -> list[str]:
    """Return the command of the page server: one blocking thread in each worker process."""
    count = workers or environment.integer("SHAAR_WORKERS", default=2, low=1, high=64)
    return [
        sys.executable,
        *("-m", "granian", "shaar.config.wsgi:application"),
        *("--interface", "wsgi", "--no-ws", "--blocking-threads", "1"),
        *("--host", environment.host(), "--port", str(port), "--workers", str(count)),
        *("--workers-kill-timeout", "5", "--respawn-failed-workers", "--log-level", "warning"),
    ]


def live_command(port: int) -> list[str]:
    """Return the command of the live stream: one process that holds all the listeners."""
    return [sys.executable, "-m", "shaar", "live", "--port", str(port)]


def supervise(commands: Sequence[Sequence[str]], *, pause: float = 0.2) -> int:
    """Run programs side by side until one ends or this process is interrupted, then stop them all."""
    running = [subprocess.Popen(list(command), env=os.environ) for command in commands]
    try:
        while all(process.poll() is None for process in running):
            time.sleep(pause)
    except KeyboardInterrupt:
        return 0
    finally:
        for process in running:
            process.terminate()
        for process in running:
            _wait(process)
    return 1


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def _termination_interrupts() -> Iterator[None]:
    """Let SIGTERM stop the server as Ctrl+C does, and Ctrl+C even where the shell has turned it off."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    previous = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def refuse_old_tables() -> None:
    """Raise CommandFailed unless every migration has been applied."""
    from django.core.management import call_command

    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit as stop:
        raise CommandFailed("the tables are not up to date; run ./shaar manage migrate first") from stop


def work(arguments: argparse.Namespace) -> int:
    """Run background jobs in this process."""
    from procrastinate.contrib.django import app

    from shaar.kernel.jobs import watched

    with app.replace_connector(app.connector.get_worker_connector()) as working:  # type: ignore[attr-defined]
        working.run_worker(
            queues=arguments.queues.split(",") if arguments.queues else None,
            wait=not arguments.once,
            listen_notify=not arguments.once,
            task_middleware=[watched],
        )
    return 0
