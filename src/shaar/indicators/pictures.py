"""The pages of indicators that `./shaar screenshots` takes."""

from collections.abc import Iterator


def pages() -> Iterator[tuple[str, str]]:
    """Yield name and address of each page."""
    yield "indicators", "/indicators/"
    yield "indicator", "/indicators/safety.cameras/"
    yield "trace", "/figures/lighting.led_total/2022/"
    yield "trace-disputed", "/figures/lighting.lamps_replaced/2022/"
    yield "findings", "/findings/"
