"""The pages of ratings that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, address and viewer of each page."""
    yield "ratings-public", "/ratings/", None
    yield "ratings", "/staff/ratings/", "office"
