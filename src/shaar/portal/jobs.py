"""Background entries of the portal."""

from shaar.kernel import clock, jobs
from shaar.portal.statistics.adding import add_up


@jobs.periodic("portal.add_up_counts", cron="*/10 * * * *")
def add_up_counts() -> None:
    """Add up every ten minutes what was counted of public pages."""
    add_up(at=clock.now())
