"""Sums of the budget: by side, by a classification or unit, plan as amended, cash plan, executed.

They are read from the kept sums (`Total`), so that neither number nor time of queries grows with the lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet, Sum

from shaar.access.api import Actor, scope
from shaar.budget.codes import codes_on
from shaar.budget.models import Amount, Classification, Kind, Line, Threshold, Total
from shaar.budget.permissions import VIEW
from shaar.city import api as city
from shaar.kernel.texts import Text

HUNDRED, TENTH = Decimal(100), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Sums:
    """Amounts of some lines; None is where nothing was stated, which is not zero."""

    plan: Decimal | None = None
    cash_plan: Decimal | None = None
    commitment: Decimal | None = None
    executed: Decimal | None = None

    @property
    def aim(self) -> Decimal | None:
        """What execution is measured against: the plan, or the cash plan where only that is known."""
        return self.plan if self.plan is not None else self.cash_plan

    @property
    def percent(self) -> Decimal | None:
        """Executed in percent of the aim, to one decimal; None where either is missing or the aim is zero."""
        return percent(self.executed, self.aim)

    @property
    def variance(self) -> Decimal | None:
        """Executed less the aim; None where either is missing."""
        return None if self.executed is None or self.aim is None else self.executed - self.aim


@dataclass(frozen=True, slots=True)
class Part:
    """The sums of one code or unit."""

    code: str
    name: Text
    sums: Sums


@dataclass(frozen=True, slots=True)
class Cell:
    """Amounts alike of one kind and month: how much, and of how many amounts that were not taken back."""

    side: str
    is_stated: bool
    is_transfer: bool
    kind: str
    month: int
    amount: Decimal
    held: int


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return a part in percent of a whole, rounded half up to one decimal."""
    if part is None or not whole:
        return None
    return (part / whole * HUNDRED).quantize(TENTH, ROUND_HALF_UP)


# Whose ------------------------------------------------------------------------------------------------------
def visible(actor: Actor) -> "QuerySet[Line]":
    """Return the lines that a person may see."""
    units = scope(actor, VIEW).units
    lines = Line.objects.all()
    return lines if units is None else lines.filter(unit__in=city.unit_ids(units).values())


def kept(actor: Actor) -> "QuerySet[Total]":
    """Return the kept sums of the lines that a person may see."""
    units = scope(actor, VIEW).units
    held = Total.objects.all()
    return held if units is None else held.filter(unit__in=city.unit_ids(units).values())


def years(held: "QuerySet[Total]") -> list[int]:
    """Return the years of which something is held, the latest first."""
    return list(held.order_by("-year").values_list("year", flat=True).distinct())


# Sums -------------------------------------------------------------------------------------------------------
def cells_of(held: "QuerySet[Total]") -> list[Cell]:
    """Return kept sums by side, kind and month, transfers and stated years apart."""
    by = ("side", "is_stated", "is_transfer", "kind", "month")
    rows = held.filter(classification="").values(*by).annotate(whole=Sum("amount"), count=Sum("held"))
    return [Cell(*row) for row in rows.values_list(*by, "whole", "count")]


def sums_of(cells: Iterable[Cell]) -> Sums:
    """Return cells added up by kind; a kind of which everything was taken back is not stated."""
    amounts: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    for one in cells:
        amounts[one.kind] = amounts.get(one.kind, Decimal(0)) + one.amount
        counts[one.kind] = counts.get(one.kind, 0) + one.held
    return Sums(**{kind: amount for kind, amount in amounts.items() if counts[kind] > 0})


def months_of(cells: Iterable[Cell], kind: Kind) -> dict[int, Decimal]:
    """Return the amounts of a kind by month of the year; months of which nothing is known are left out."""
    found: dict[int, list[Cell]] = {}
    for one in cells:
        if one.kind == kind:
            found.setdefault(one.month, []).append(one)
    return {
        month: sum((one.amount for one in held), Decimal(0))
        for month, held in found.items()
        if sum(one.held for one in held) > 0
    }


def sums(held: "QuerySet[Total]") -> Sums:
    """Return kept sums added up by kind."""
    return sums_of(cells_of(held))


def sums_of_lines(lines: "QuerySet[Line]") -> Sums:
    """Return the amounts of a few lines by kind, read from the amounts themselves."""
    rows = Amount.objects.filter(line__in=lines).values("kind").annotate(whole=Sum("amount"))
    return Sums(**dict(rows.values_list("kind", "whole")))


def by_unit(held: "QuerySet[Total]", *, on: date) -> list[Part]:
    """Return the sums of each unit, by name."""
    names = {one.code: one.short if one.short.ru else one.name for one in city.units(on=on)}
    grouped = _grouped(held.filter(classification=""), "unit_id")
    codes = city.unit_codes(int(str(number)) for number in grouped)
    coded = [(codes[int(str(number))], cells) for number, cells in grouped.items()]
    parts = [Part(code, names.get(code, Text(code)), sums_of(cells)) for code, cells in coded]
    return sorted((one for one in parts if one.sums != Sums()), key=lambda part: part.name.ru)


def by_code(held: "QuerySet[Total]", classification: str, *, whole: Sequence[Cell], on: date) -> list[Part]:
    """Return the sums of each code of a classification as it stood on a day; lines without one come last."""
    names = {one.code: one.name for one in codes_on(on).values() if one.classification == classification}
    grouped = _grouped(held.filter(classification=classification), "code")
    parts = [
        Part(str(code), names.get(str(code), Text(str(code))), sums_of(grouped[code]))
        for code in sorted(grouped, key=str)
    ]
    coded = [
        Cell(one.side, one.is_stated, one.is_transfer, one.kind, 0, -one.amount, -one.held)
        for cells in grouped.values()
        for one in cells
    ]
    rest = Part("", Text(""), sums_of([*whole, *coded]))
    return [one for one in (*parts, rest) if one.sums != Sums()]


def parts_of(held: "QuerySet[Total]", by: str, *, whole: Sequence[Cell], on: date) -> list[Part]:
    """Return the sums of each unit, or of each code of a classification."""
    if by in Classification.values:
        return by_code(held, by, whole=whole, on=on)
    return by_unit(held, on=on)


# Who stands out ---------------------------------------------------------------------------------------------
def thresholds() -> Mapping[str, Threshold]:
    """Return the thresholds of the pack by code."""
    return {one.code: one for one in Threshold.objects.all()}


def below(parts: Sequence[Part], *, limit: Decimal) -> list[tuple[Part, Decimal]]:
    """Return the parts that reached less than `limit` percent of their cash plan, the lowest first."""
    return sorted((one for one in _reached(parts) if one[1] < limit), key=lambda pair: pair[1])


def above(parts: Sequence[Part], *, limit: Decimal) -> list[tuple[Part, Decimal]]:
    """Return the parts that went over `limit` percent of their cash plan, the highest first."""
    return sorted((one for one in _reached(parts) if one[1] > limit), key=lambda pair: -pair[1])


def _reached(parts: Sequence[Part]) -> list[tuple[Part, Decimal]]:
    judged = ((one, percent(one.sums.executed or Decimal(0), one.sums.cash_plan)) for one in parts)
    return [(one, reached) for one, reached in judged if reached is not None]


def _grouped(held: "QuerySet[Total]", field: str) -> dict[object, list[Cell]]:
    by = ("side", "is_stated", "is_transfer", "kind")
    rows = held.values(field, *by).annotate(whole=Sum("amount"), count=Sum("held"))
    found: dict[object, list[Cell]] = {}
    for key, side, is_stated, is_transfer, kind, amount, count in rows.values_list(
        field, *by, "whole", "count"
    ):
        found.setdefault(key, []).append(Cell(side, is_stated, is_transfer, kind, 0, amount, count))
    return found
