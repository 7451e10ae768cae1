"""The demonstration's first step: the city itself, which is no invention but the pack's own data."""

from pathlib import Path

from shaar.city.api import load_pack


def load(pack: Path) -> None:
    """Load the city's part of the pack."""
    load_pack(pack, actor=f"pack:{pack.name}")
