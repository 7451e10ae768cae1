"""The pages of the monitor that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str, str | None]]:
    """Yield name, address and viewer of each page."""
    yield "monitor", "/staff/monitor/", "mayor"
    yield "monitor-score", "/staff/monitor/score/", "mayor"
    yield "monitor-alerts", "/staff/monitor/alerts/", "mayor"
    yield "wall", "/staff/monitor/wall/", "mayor"
