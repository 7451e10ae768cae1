"""Loads the monitor of the pack into a demonstration; its tiles are reckoned by a job."""

from collections.abc import Sequence
from pathlib import Path

from shaar.monitor import pack as packs


def load(pack: Path) -> Sequence[str]:
    """Load the monitor's blocks and alerts, whose targets and thresholds are labelled as examples."""
    packs.load_pack(pack, actor=f"pack:{pack.name}")
    return ["Monitor of the city: /staff/monitor/ (example targets and thresholds)"]
