"""The figures of a text beside the values of a programme's indicators."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shaar.indicators import api as indicators
from shaar.indicators.api import Passport, Value
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.reports.proofreading import Proof
from shaar.reports.proofreading.match import Known, Match, Verdict, match

# Dimensions of the ledger's measures as `units.yaml` of the proof-reader names them, with its first unit.
DIMENSIONS = {
    "length": ("length", Decimal(1)),
    "area": ("area", Decimal(1)),
    "share": ("percent", Decimal(100)),
    "flow_rate": ("flow", Decimal(1)),
    "count": ("count", Decimal(1)),
}
MONEY = "money"


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the text with the value that it states, where there is one."""

    match: Match
    passport: Passport | None = None
    value: Value | None = None
    symbol: Text | None = None

    @property
    def verdict(self) -> str:
        """Return equal, differs or not_found."""
        return self.match.verdict.value


class Ledger:
    """The values of a programme's indicators, read once for each year that a text names."""

    def __init__(self, programme: str) -> None:
        self.programme = programme
        self.passports = {one.code: one for one in indicators.passports()}
        self.values: dict[int, dict[str, Value]] = {}

    def known(self, year: int) -> Sequence[Known]:
        """Return the known values of a year as the proof-reader compares them."""
        found = (self._known(code, value) for code, value in self._values(year).items())
        return [one for one in found if one is not None]

    def compared(self, one: Match) -> Compared:
        """Return a match with what the ledger holds."""
        if one.verdict is Verdict.NOT_FOUND or one.year is None:
            return Compared(one)
        passport = self.passports[one.indicator]
        value = self._values(one.year)[one.indicator]
        return Compared(one, passport, value, indicators.measure(value.measure).symbol)

    def _values(self, year: int) -> dict[str, Value]:
        if year not in self.values:
            codes = indicators.scope_codes("programme", self.programme, year=year)
            self.values[year] = indicators.values(codes, Period.year(year)) if codes else {}
        return self.values[year]

    def _known(self, code: str, value: Value) -> Known | None:
        measure, passport = indicators.measure(value.measure), self.passports[code]
        number = value.quantity.value if value.quantity else None
        if measure.dimension == MONEY:
            dimension, scale = f"money.{measure.code.rsplit('_', 1)[-1]}", Decimal(1)
        elif measure.dimension in DIMENSIONS:
            dimension, scale = DIMENSIONS[measure.dimension]
        else:
            return None
        if number is None or (value.quantity and value.quantity.upper is not None):
            return None
        noun = passport.nouns.get("ru", "") if dimension == "count" else ""
        is_plan = passport.role == indicators.Role.PLAN
        return Known(code, passport.name.ru, noun, dimension, number * measure.factor * scale, is_plan)


def compare(proof: Proof, programme: str, *, year: int | None) -> list[Compared]:
    """Return every quantity of a text with its value in the ledger, where it states one."""
    ledger = Ledger(programme)
    return [ledger.compared(one) for one in match(proof, ledger.known, year=year)]
