"""Loads the budget of the pack: its example codes and what the source states of whole years."""

from collections.abc import Sequence
from pathlib import Path

from shaar.budget.pack import load_pack


def load(pack: Path) -> Sequence[str]:
    """Load the classification and the stated years; safe to repeat, shows nothing."""
    load_pack(pack, actor=f"pack:{pack.name}")
    return ()
