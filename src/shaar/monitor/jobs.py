"""The background entries of the monitor."""

from shaar.kernel import clock
from shaar.kernel.jobs import periodic, task
from shaar.ledger.api import subscribe
from shaar.monitor import alerts, digests, keeping
from shaar.monitor.pack import WATCH

NAME = "monitor.keep_tiles"


@task(NAME, queue="monitor")
def keep_tiles(batch: int) -> None:
    """Bring the tiles that a batch concerns up to date, unless an earlier run took it along."""
    if keeping.keep_up(batch, now=clock.now()):
        alerts.watch(now=clock.now())


@task(WATCH, queue="monitor")
def watch() -> None:
    """Reckon every tile anew."""
    keeping.keep_all(now=clock.now())
    alerts.watch(now=clock.now())


@periodic("monitor.watch_clock", cron="*/5 * * * *")
def watch_clock() -> None:
    """Reckon every tile anew: what nobody reports grows stale by itself."""
    keeping.keep_all(now=clock.now())
    alerts.watch(now=clock.now())


@periodic("monitor.make_digest", cron="0 1 * * *")  # seven in the morning in Bishkek
def make_digest() -> None:
    """Freeze the morning of the city."""
    digests.make(now=clock.now())


@periodic("monitor.prune", cron="20 22 * * *")
def prune() -> None:
    """Let old changes go."""
    keeping.prune(now=clock.now())


subscribe("monitor.tiles", task=NAME)
