"""Loads the passports of the pack into an empty installation."""

from collections.abc import Sequence
from pathlib import Path

from shaar.indicators.pack import load_pack


def load(pack: Path) -> Sequence[str]:
    """Load passports, classifiers and rules; safe to repeat, shows nothing."""
    load_pack(pack, actor="pack")
    return ()
