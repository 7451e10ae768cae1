"""The monitor's part of a city pack, `monitor/*.yaml`."""

from collections.abc import Iterator
from pathlib import Path

from shaar.indicators import api as indicators
from shaar.kernel.errors import Refusal
from shaar.kernel.jobs import defer
from shaar.kernel.yamlfile import read as read_yaml
from shaar.monitor import declared

WATCH = "monitor.watch"


def check(pack: Path) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the monitor of a pack."""
    try:
        found = declared.read(pack)
    except Refusal as refusal:
        yield from (str(problem) for problem in refusal.problems)
        return
    if found is not None:
        yield from (str(one) for one in declared.faults(found, _codes(pack), pack / declared.DIRECTORY))


def load_pack(pack: Path, *, actor: str) -> None:  # noqa: ARG001 - the declaration has no author
    """Keep the monitor of a pack and have its tiles reckoned; doing it twice changes nothing."""
    found = declared.read(pack)
    if found is None:
        return
    known = {passport.code for passport in indicators.passports()}
    declared.refuse(list(declared.faults(found, known, pack / declared.DIRECTORY)))
    if declared.keep(found):
        defer(WATCH)


def _codes(pack: Path) -> set[str]:
    """Return the codes of the indicators that the files of a pack declare."""
    found: set[str] = set()
    for path in sorted((pack / "indicators").glob("*.yaml")):
        data, _lines = read_yaml(path)
        listed = data.get("indicators", []) if isinstance(data, dict) else []
        found |= {str(one.get("code")) for one in listed if isinstance(one, dict)}
    return found
