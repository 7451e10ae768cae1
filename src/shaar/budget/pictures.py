"""Names the pages of the budget that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, address and user of each page."""
    yield "budget", "/budget/", None
    yield "budget-execution", "/staff/budget/", "office"
    yield "treasury-files", "/staff/budget/files/", "office"
    yield "treasury-new-file", "/staff/budget/files/new/", "office"
