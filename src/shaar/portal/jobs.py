"""Background entries of the portal."""

from shaar.kernel import clock, jobs
from shaar.portal.push import sending
from shaar.portal.statistics.adding import add_up


@jobs.periodic("portal.add_up_counts", cron="*/10 * * * *")
def add_up_counts() -> None:
    """Add up every ten minutes what was counted of public pages."""
    add_up(at=clock.now())


@jobs.task("portal.spread")
def spread(article: int) -> None:
    """Make a message of an article for each browser that wants it."""
    sending.spread(article, at=clock.now())


@jobs.task("portal.push")
def push(message: int) -> None:
    """Send one message to the browser of a citizen."""
    sending.send(message, at=clock.now())


@jobs.periodic("portal.send_forgotten", cron="*/5 * * * *")
def send_forgotten() -> None:
    """Send what should have gone minutes ago, and forget what is long over."""
    sending.send_forgotten(at=clock.now())
