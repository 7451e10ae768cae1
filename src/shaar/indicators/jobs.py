"""The background entries of `indicators`."""

from shaar.indicators import doors
from shaar.indicators.rollups import jobs as rollup_jobs
from shaar.indicators.rollups.keeping import catch_up
from shaar.kernel.jobs import task
from shaar.ledger import api as ledger

__all__ = ["keep_findings", "rollup_jobs"]
NAME = "indicators.keep_findings"


@task(NAME)
def keep_findings(batch: int = 0) -> None:
    """Run the rules over what changed, unless a newer batch is there, whose own job will; 0 after a pack."""
    if batch and ledger.batches(after=batch):
        return
    catch_up()
    doors.keep_findings()


ledger.subscribe("indicators.findings", task=NAME)
