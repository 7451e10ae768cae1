"""The page of search that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str]]:
    """Yield name and address of the page, with a query that finds something."""
    yield "search", "/search/?q=лифт"
