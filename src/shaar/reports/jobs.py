"""What reports do in the background: proofreading texts."""

from shaar.kernel import clock
from shaar.kernel.jobs import task
from shaar.reports.proofs import keeping


@task(keeping.PROOFREAD_TEXT)
def proofread_text(number: int) -> None:
    """Proofread a text, unless that was done before."""
    keeping.proofread(number, at=clock.now())
