"""Validates a city pack: every module checks the part of the pack that it reads."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from shaar.config.console import CommandFailed
from shaar.config.modules import find

# Each check is `check(pack: Path) -> Iterable[str]`: a line for each thing that is wrong, with its place.
CHECKS: Sequence[str] = (
    "shaar.city.pack:check",
    "shaar.access.pack:check",
    "shaar.indicators.pack:check",
    "shaar.programme.pack:check",
    "shaar.reports.pack:check",
)


def check_pack(pack: Path, checks: Sequence[str] = CHECKS) -> Iterator[str]:
    """Yield what is wrong with a pack, over all checks that exist."""
    if not pack.is_dir():
        raise CommandFailed(f"{pack} is not a directory; name the directory of a city pack")
    for door in checks:
        check = find(door)
        if check is not None:
            yield from check(pack)
