"""The demonstration's base map: the pack's own generalised layers, which are no invention."""

from pathlib import Path

from shaar.maps.pack import load_pack


def load(pack: Path) -> None:
    """Load the map's part of the pack."""
    load_pack(pack, actor=f"pack:{pack.name}")
