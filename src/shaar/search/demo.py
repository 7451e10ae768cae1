"""Brings the search up to date with the demonstration."""

from pathlib import Path

from shaar.search.pack import load as load_pack


def load(pack: Path) -> None:
    """Put every kind into the search as its source has it now."""
    load_pack(pack, actor="demo")
