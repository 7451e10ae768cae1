"""Keeps the rollups up with the ledger, batch by batch."""

from shaar.indicators.rollups import keeping
from shaar.kernel.jobs import periodic, task
from shaar.ledger.api import subscribe

NAME = "indicators.keep_rollups"


@task(NAME, queue="rollups")
def keep_rollups(batch: int) -> None:
    """Add a batch of facts to the rollups, unless that was done before, and what was recorded since."""
    keeping.keep_up(batch)


@periodic("indicators.merge_rollups", cron="*/10 * * * *")
def merge_rollups() -> None:
    """Add what waits to the coarse levels while nothing else is to be done, so that readers find it there."""
    keeping.merge_when_idle()


subscribe("indicators.rollups", task=NAME)
