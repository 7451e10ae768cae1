"""What would bring a unit to the next band: the fact of one criterion, all else unchanged."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from shaar.ratings.matrix import Figure, Given, UnitResult, reckon
from shaar.ratings.regulation import Criterion, Group, Regulation

HALVINGS = 24
FINE = Decimal("0.0001")
FURTHEST = 64  # times the target or the largest fact of the group: farther nobody looks


@dataclass(frozen=True, slots=True)
class Need:
    """The fact that a criterion needs, alone, for a score; None where it cannot bring the unit there."""

    criterion: Criterion
    now: Decimal | None
    needed: Decimal | None


def changed(
    regulation: Regulation, group: Group, given: Given, unit: str, facts: Mapping[str, Decimal]
) -> UnitResult:
    """Return the result of a unit as it would be with other facts."""
    figures = dict(given.figures)
    for code, number in facts.items():
        held = figures.get((unit, code), Figure(None))
        figures[unit, code] = replace(held, number=number, problem="")
    return reckon(regulation, group, replace(given, figures=figures), runs=0).unit(unit)


def needs(regulation: Regulation, group: Group, given: Given, unit: str, *, aim: Decimal) -> list[Need]:
    """Return for each criterion of a unit the nearest fact that would bring it to `aim`, alone."""
    return [
        _need(regulation, group, given, unit, one, aim) for one in group.criteria if one.indicator_of(unit)
    ]


def _need(
    regulation: Regulation, group: Group, given: Given, unit: str, criterion: Criterion, aim: Decimal
) -> Need:
    held = given.figures.get((unit, criterion.code), Figure(None))
    far = _farthest(group, given, criterion, held)

    def reaches(fact: Decimal) -> bool:
        score = changed(regulation, group, given, unit, {criterion.code: fact}).score
        return score is not None and score >= aim

    start = held.number if held.number is not None else (Decimal(0) if criterion.good == "up" else far)
    end = far if criterion.good == "up" else Decimal(0)
    if far == 0 or not reaches(end):
        return Need(criterion, held.number, None)
    for _turn in range(HALVINGS):
        middle = (start + end) / 2
        start, end = (start, middle) if reaches(middle) else (middle, end)
    rounding = ROUND_CEILING if criterion.good == "up" else ROUND_FLOOR
    return Need(criterion, held.number, end.quantize(FINE, rounding).normalize())


def _farthest(group: Group, given: Given, criterion: Criterion, held: Figure) -> Decimal:
    known = [given.figures.get((unit, criterion.code), Figure(None)).number for unit in group.units]
    largest = max((abs(one) for one in known if one is not None), default=Decimal(0))
    return max(held.target or Decimal(0), largest) * FURTHEST
