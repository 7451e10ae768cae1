"""Keeps the rollups up with the ledger, batch by batch."""

from shaar.indicators.rollups import keeping
from shaar.kernel.jobs import task
from shaar.ledger.api import subscribe

NAME = "indicators.keep_rollups"


@task(NAME, queue="rollups")
def keep_rollups(batch: int) -> None:
    """Add a batch of facts to the rollups, unless that was done before."""
    keeping.apply([batch])


subscribe("indicators.rollups", task=NAME)
