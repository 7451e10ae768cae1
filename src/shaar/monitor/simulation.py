"""Freezes the morning after the days that were made up, so that there is a digest of them to read."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from shaar.kernel import clock
from shaar.monitor import alerts, digests, keeping


def simulate(_pack: Path, *, days: int, seed: int, until: date) -> Iterator[str]:
    """Reckon the tiles and alerts anew and make the digest of today; nothing for days that ended earlier."""
    del days, seed
    now = clock.now()
    if until != clock.city_date(now):
        return
    keeping.keep_all(now=now)
    alerts.watch(now=now)
    if digests.make(now=now) is not None:
        yield f"monitor: digest of {until}: /staff/monitor/digests/"
