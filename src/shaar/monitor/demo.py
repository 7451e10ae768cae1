"""Loads the monitor of the pack into a demonstration, and how the city stands on it now."""

from collections.abc import Sequence
from pathlib import Path

from shaar.kernel import clock
from shaar.monitor import alerts, keeping
from shaar.monitor import pack as packs


def load(pack: Path) -> Sequence[str]:
    """Load the monitor's blocks and alerts, whose targets and thresholds are labelled as examples."""
    packs.load_pack(pack, actor=f"pack:{pack.name}")
    keeping.keep_all(now=clock.now())
    alerts.watch(now=clock.now())
    return ["Monitor of the city: /staff/monitor/ (example targets and thresholds)"]
