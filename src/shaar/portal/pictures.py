"""The pages of the portal that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, address and viewer of each page."""
    yield "home", "/", None
    yield "news", "/news/", None
    yield "open-data", "/data/", None
    yield "statistics", "/staff/statistics/", "office"
