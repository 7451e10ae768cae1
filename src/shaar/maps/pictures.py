"""The pages of the map that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, address and the person who looks."""
    yield "map", "/map/", None
