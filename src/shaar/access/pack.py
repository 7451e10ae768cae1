"""Brings the roles to what a pack says."""

from pathlib import Path


def load(pack_dir: Path, *, actor: str) -> None:
    """Load the roles of a pack."""
    raise NotImplementedError
