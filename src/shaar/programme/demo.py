"""Loads the pack's programmes, then labelled demonstration data through the services."""

from collections.abc import Sequence
from pathlib import Path

from shaar.programme.pack import load_pack


def load(pack: Path) -> Sequence[str]:
    """Load the programmes, acts, figures and statuses of the pack; safe to repeat, shows nothing."""
    load_pack(pack, actor=f"pack:{pack.name}")
    return ()
