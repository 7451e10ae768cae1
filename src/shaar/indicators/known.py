"""What the passports of a pack may name outside the files of indicators."""

from pathlib import Path

from shaar.indicators.checks import Known, codes_in
from shaar.indicators.rules import registered_rules


def known_of(pack: Path) -> Known:
    """Return the units, territories, acts, fact types and rules that a pack's passports may name."""
    return Known(
        units=codes_in(pack / "units.yaml", "units"),
        territories=codes_in(pack / "territories.yaml", "territories"),
        acts=codes_in(pack / "acts.yaml", "acts"),
        facts=None,
        rules=frozenset(registered_rules()),
    )
