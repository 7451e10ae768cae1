"""Brings the search up to date with a city pack that was loaded."""

from pathlib import Path

from shaar.search.jobs import count_words
from shaar.search.writing import refresh_all


def load(pack: Path, *, actor: str) -> None:  # noqa: ARG001 - every load has these
    """Put every kind into the search as its source has it now."""
    refresh_all()
    count_words()
