"""Brings the city's tables to what a pack says."""

from datetime import date
from pathlib import Path


def load(pack_dir: Path, *, actor: str, on: date | None = None) -> None:
    """Load the city's part of a pack."""
    raise NotImplementedError
