"""The small sums of facts from which every value is reckoned, and which of them count."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Cell:
    """Facts of one series, unit and territory that speak for the same period.

    `quantity` is the sum of the facts, or the last of them for facts that speak for more than a day.
    """

    type: str
    measure: str
    dimensions: Mapping[str, str]
    unit: str
    territory: str
    period: Period
    quantity: Quantity | None
    facts: int = 1
    is_period_stated: bool = True

    @property
    def is_event(self) -> bool:
        """Tell whether the cell sums events of a day, which speak for nothing but themselves."""
        return self.period.kind is PeriodKind.DAY


@dataclass(frozen=True)
class Selection:
    """Which facts an indicator takes; None of units, territories or measures means all."""

    type: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    measures: frozenset[str] | None = None
    units: frozenset[str] | None = None
    territories: frozenset[str] | None = None

    def takes(self, cell: Cell) -> bool:
        """Tell whether a cell belongs to the selection."""
        return (
            cell.type == self.type
            and (self.measures is None or cell.measure in self.measures)
            and (self.units is None or cell.unit in self.units)
            and (self.territories is None or cell.territory in self.territories)
            and all(cell.dimensions.get(key) == value for key, value in self.dimensions.items())
        )


class Places(Protocol):
    """Which unit or territory lies under which, on one date."""

    def unit_subtree(self, code: str) -> frozenset[str]:
        """Return the unit and everything under it."""

    def territory_subtree(self, code: str) -> frozenset[str]:
        """Return the territory and everything in it."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of events in bulk, as columns of one length.

    `takers` are the positions of the selections that the sums belong to; `starts` and `units` hold None where
    the sums were not split by them. The selections of `rough` are left out: they have inexact figures or
    figures that speak for more than a day, which are not simply added. `is_split` tells that a selection may
    have several sums of the same start and unit.
    """

    takers: Sequence[int]
    starts: Sequence[date | None]
    units: Sequence[str | None]
    measures: Sequence[str]
    totals: Sequence[Decimal | None]
    facts: Sequence[int]
    rough: frozenset[int] = frozenset()
    is_split: bool = False


class CellSource(Protocol):
    """Where cells come from."""

    def cells(self, selections: Sequence[Selection], *, first: date | None, last: date) -> list[Cell]:
        """Return the cells of the selections whose periods end from `first` to `last`."""


def inside(cells: Iterable[Cell], period: Period) -> list[Cell]:
    """Return the cells that speak for a period or a part of it."""
    return [cell for cell in cells if period.contains(cell.period)]


def counted(cells: Sequence[Cell], places: Places) -> list[Cell]:
    """Return the cells that no other cell covers.

    A figure stated for a whole covers the figures and events of the same type stated for its parts: a shorter
    period inside its own, a territory or unit under its own, the same dimensions and more. An event covers
    nothing. The cells are of one selection, so their measures can be converted to one another.
    """
    wholes = [cell for cell in cells if not cell.is_event]
    if not wholes:
        return list(cells)
    return [cell for cell in cells if not any(_covers(whole, cell, places) for whole in wholes)]


def _covers(whole: Cell, part: Cell, places: Places) -> bool:
    if whole is part or whole.type != part.type:
        return False
    if not whole.period.contains(part.period) or not whole.dimensions.items() <= part.dimensions.items():
        return False
    if _place(whole) == _place(part):
        return False
    return _lies_in(places.unit_subtree, whole.unit, part.unit) and _lies_in(
        places.territory_subtree, whole.territory, part.territory
    )


def _lies_in(subtree: Callable[[str], frozenset[str]], whole: str, part: str) -> bool:
    """Tell whether one place is or lies under another; a place that is gone by then has nothing under it."""
    if whole == part:
        return True
    try:
        return part in subtree(whole)
    except Refusal:
        return False


def _place(cell: Cell) -> tuple[object, ...]:
    return cell.period, tuple(sorted(cell.dimensions.items())), cell.unit, cell.territory


def latest(cells: Iterable[Cell]) -> list[Cell]:
    """Return the last cell of each series, unit and territory."""
    found: dict[tuple[object, ...], Cell] = {}
    for cell in sorted(cells, key=lambda cell: (cell.period.end, cell.period.kind.rank)):
        key = (cell.type, cell.measure, tuple(sorted(cell.dimensions.items())), cell.unit, cell.territory)
        found[key] = cell
    return list(found.values())
