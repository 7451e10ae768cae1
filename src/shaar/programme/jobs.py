"""What programmes do in the background: checking and writing imports of plans."""

from shaar.kernel import clock
from shaar.kernel.jobs import task
from shaar.programme import importing, importwork


@task(importing.CHECK)
def check_plan_import(number: int) -> None:
    """Check a workbook, unless that was done before."""
    importwork.run_check(number)


@task(importing.APPLY)
def apply_plan_import(number: int) -> None:
    """Write an approved workbook as a new revision, unless that was done before."""
    importwork.run_writing(number, at=clock.now())
