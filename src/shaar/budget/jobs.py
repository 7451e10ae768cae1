"""What the budget does in the background: checking, writing and undoing files of the treasury."""

from shaar.budget import fileworks, treasury
from shaar.kernel import clock
from shaar.kernel.jobs import task


@task(treasury.CHECK)
def check_file(number: int) -> None:
    """Check a file, unless that was done before."""
    fileworks.run_check(number)


@task(treasury.WRITE)
def write_file(number: int) -> None:
    """Write an approved file, unless that was done before."""
    fileworks.run_writing(number, at=clock.now())


@task(treasury.UNDO)
def undo_file(number: int) -> None:
    """Take a file back, unless that was done before."""
    fileworks.run_undoing(number, at=clock.now())
