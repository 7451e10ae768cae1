"""Where cells, facts and the shape of the city come from: the doors of the ledger and the city."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Protocol

from shaar.indicators.cells import Cell, CellSource, Places, Selection, Sums
from shaar.indicators.outcomes import TracedFact
from shaar.indicators.passports import Calendar
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.texts import Text


class Ground(CellSource, Protocol):
    """All that indicators ask of the modules below."""

    def sums(
        self,
        selections: Sequence[Selection],
        *,
        kind: PeriodKind | None,
        is_by_unit: bool,
        first: date,
        last: date,
    ) -> Sums:
        """Return the sums of the selections in bulk."""

    def facts(self, selection: Selection, *, first: date | None, last: date) -> list[TracedFact]:
        """Return the facts of a selection from one day to another, those taken back included."""

    def places(self, on: date) -> Places:
        """Return which unit and territory lies under which on a date."""

    def units(self, codes: Sequence[str], *, on: date) -> dict[str, Text]:
        """Return the names of units on a date."""

    def territories(self, codes: Sequence[str], *, on: date) -> dict[str, Text]:
        """Return the names of territories on a date."""

    def territory_kinds(self, codes: Sequence[str], *, on: date) -> dict[str, str]:
        """Return the kinds of territories on a date: district, residential_area …"""

    def territories_under(self, code: str | None, *, on: date) -> list[str]:
        """Return the territories directly under one, or under the city as a whole."""

    def middles(self, codes: Sequence[str], *, on: date) -> dict[str, tuple[float, float]]:
        """Return longitude and latitude of the middle of territories that have an outline."""

    def newest(self, selections: Sequence[Selection]) -> date | None:
        """Return a day of the newest year for which the selections have facts, None when there is none."""

    def state(self) -> str | None:
        """Return a short text that changes whenever anything here may have; None where that is not told."""

    def is_due(self, period: Period, calendar: Calendar, *, on: date) -> bool:
        """Tell whether the working days for reporting a period have passed."""


@dataclass
class _Holder:
    ground: Ground | None = None


_holder = _Holder()


@cache
def _real() -> Ground:
    from shaar.indicators.ground import CityGround

    return CityGround()


def ground() -> Ground:
    """Return the ground that values stand on."""
    return _holder.ground or _real()


@contextmanager
def standing_on(other: Ground) -> Iterator[None]:
    """Let values stand on another ground, for tests of rules without a database."""
    before, _holder.ground = _holder.ground, other
    try:
        yield
    finally:
        _holder.ground = before


def cells_of(selections: Sequence[Selection], *, first: date | None, last: date) -> list[Cell]:
    """Return the cells of some selections between two days."""
    return ground().cells(selections, first=first, last=last)
