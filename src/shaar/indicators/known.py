"""What the passports of a pack may name outside the files of indicators."""

from pathlib import Path

from django.apps import apps

from shaar.indicators.checks import Known, codes_in
from shaar.indicators.rules import registered_rules
from shaar.ledger import api as ledger


def known_of(pack: Path) -> Known:
    """Return the units, territories, acts, fact types and rules that a pack's passports may name."""
    return Known(
        units=codes_in(pack / "units.yaml", "units"),
        territories=codes_in(pack / "territories.yaml", "territories"),
        acts=codes_in(pack / "acts.yaml", "acts"),
        dimensions=codes_in(pack / "dimensions.yaml", "dimensions"),
        facts=frozenset(ledger.fact_types()),
        silent=_silent(),
        rules=frozenset(registered_rules()),
    )


def _silent() -> frozenset[str]:
    """Return the installed modules that have not declared any fact type: theirs cannot be checked."""
    speaking = {name.partition(".")[0] for name in ledger.fact_types()}
    return frozenset(config.label for config in apps.get_app_configs()) - speaking
