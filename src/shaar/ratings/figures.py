"""Reads the figures of a round from the indicators: facts and targets of each unit by each criterion."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shaar.indicators import api as indicators
from shaar.indicators.api import State, Value
from shaar.kernel.periods import Period, PeriodKind
from shaar.ratings.regulation import Criterion, Regulation

MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
Values = Mapping[tuple[str, str], Value]


@dataclass(frozen=True, slots=True)
class Read:
    """A figure as it was read: the fact, the target, and where they came from or why there is none."""

    unit: str
    criterion: str
    number: Decimal | None
    target: Decimal | None
    origin: Mapping[str, Any]


def read(regulation: Regulation, period: Period) -> list[Read]:
    """Read the figures of every unit, in a number of queries that does not grow with units or criteria."""
    units = [unit for group in regulation.groups for unit in group.units]
    criteria = [one for group in regulation.groups for one in group.criteria]
    now = _values({code for one in criteria for code in one.indicators}, period, units)
    plans = _values(set(_plans(criteria)), period, units)
    before = _values(_asked(criteria, "previous"), period.previous(), units)
    earlier = _values(_asked(criteria, "last_year"), period.same_last_year(), units)
    aims = {"plan": plans, "previous": before, "last_year": earlier}
    return [
        _one(criterion, unit, period, now, aims)
        for group in regulation.groups
        for unit in group.units
        for criterion in group.criteria
    ]


def _values(codes: Iterable[str], period: Period, units: list[str]) -> Values:
    wanted = sorted(codes)
    return indicators.values_of_units(wanted, period, units=units) if wanted else {}


def _asked(criteria: Iterable[Criterion], target: str) -> set[str]:
    return {code for one in criteria if one.target == target for code in one.indicators}


def _plans(criteria: Iterable[Criterion]) -> Iterator[str]:
    for code in sorted(_asked(criteria, "plan")):
        if plan := indicators.passport(code).plan:
            yield plan


def _one(criterion: Criterion, unit: str, period: Period, now: Values, aims: Mapping[str, Values]) -> Read:
    code = criterion.indicator_of(unit)
    if code is None:
        return Read(unit, criterion.code, None, None, {"problem": "no_indicator"})
    value = now[code, unit]
    number = value.quantity.value if value.quantity else None
    origin: dict[str, Any] = {"indicator": code, "state": value.state.value, "facts": value.facts}
    if number is None:
        origin["problem"] = "disputed" if value.state is State.DISPUTED else "missing"
    elif value.quantity and not value.quantity.is_exact:
        origin["qualifier"] = value.quantity.qualifier.value
    return Read(unit, criterion.code, number, _target(criterion, code, unit, period, aims), origin)


def _target(
    criterion: Criterion, code: str, unit: str, period: Period, aims: Mapping[str, Values]
) -> Decimal | None:
    aim = criterion.target
    if aim is None:
        return None
    if isinstance(aim, str):
        wanted = indicators.passport(code).plan if aim == "plan" else code
        value = aims[aim].get((wanted or "", unit))
        return value.quantity.value if value and value.quantity else None
    number = aim if isinstance(aim, Decimal) else aim.get(unit)
    if number is None or not criterion.pro_rata:
        return number
    return number * MONTHS[period.kind] / 12
