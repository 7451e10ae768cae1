"""Fills an empty installation with the city pack and labelled example data."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from shaar.config.console import progress
from shaar.config.environment import ROOT
from shaar.config.modules import find

PACK = ROOT / "packs" / "bishkek"

# Each step is `load(pack: Path) -> Sequence[str] | None`, safe to repeat; the lines it returns are shown (for
# example the demonstration people and their passwords). A step whose file does not exist is left out.
STEPS: Sequence[str] = (
    "shaar.city.demo:load",
    "shaar.access.demo:load",
    "shaar.maps.demo:load",
    "shaar.ledger.demo:load",
    "shaar.indicators.demo:load",
    "shaar.programme.demo:load",
    "shaar.cases.demo:load",
    "shaar.budget.demo:load",
    "shaar.ratings.demo:load",
    "shaar.reports.demo:load",
    "shaar.portal.demo:load",
    "shaar.monitor.demo:load",
    "shaar.search.demo:load",
)


def load_demo(pack: Path = PACK, steps: Sequence[str] = STEPS) -> Iterator[str]:
    """Run every step that exists, in order, and yield the lines they want shown."""
    for step in steps:
        load = find(step)
        if load is None:
            continue
        progress(f"loading {step.split('.')[1]}")
        yield from load(pack) or ()


def mark() -> None:
    """Leave the mark by which every page says that this installation is a demonstration."""
    from django.conf import settings

    settings.DEMO_MARK.touch()
