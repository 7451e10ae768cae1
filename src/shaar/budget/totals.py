"""Sums of the budget: by side, by a classification or unit, plan as amended, cash plan, executed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet, Sum

from shaar.access.api import Actor, scope
from shaar.budget.codes import codes_on
from shaar.budget.models import Amount, Kind, Line
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
    def shown(self) -> tuple[Decimal | None, ...]:
        """Plan, cash plan, executed and variance, as tables show them."""
        return self.plan, self.cash_plan, self.executed, self.variance

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


def percent(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return a part in percent of a whole, rounded half up to one decimal."""
    if part is None or not whole:
        return None
    return (part / whole * HUNDRED).quantize(TENTH, ROUND_HALF_UP)


def visible(actor: Actor) -> "QuerySet[Line]":
    """Return the lines that a person may see."""
    units = scope(actor, VIEW).units
    lines = Line.objects.all()
    return lines if units is None else lines.filter(unit__code__in=units)


def years(lines: "QuerySet[Line]") -> list[int]:
    """Return the years of which there are lines, the latest first."""
    return list(lines.order_by("-year").values_list("year", flat=True).distinct())


def sums(lines: "QuerySet[Line]", *, until: date | None = None) -> Sums:
    """Return the amounts of lines by kind, up to a day where one is given."""
    amounts = Amount.objects.filter(line__in=lines)
    if until is not None:
        amounts = amounts.filter(day__lte=until)
    return _sums(amounts.values("kind").annotate(total=Sum("amount")).values_list("kind", "total"))


def by_unit(lines: "QuerySet[Line]", *, on: date, until: date | None = None) -> list[Part]:
    """Return the sums of each unit, by name."""
    names = {one.code: one.short if one.short.ru else one.name for one in city.units(on=on)}
    found = _grouped(lines, "line__unit__code", until=until)
    return sorted(
        (Part(code, names.get(code, Text(code)), held) for code, held in found.items()),
        key=lambda part: part.name.ru,
    )


def by_code(lines: "QuerySet[Line]", classification: str, *, on: date) -> list[Part]:
    """Return the sums of each code of a classification as it stood on a day; lines without one come last."""
    names = {one.code: one.name for one in codes_on(on).values() if one.classification == classification}
    found = _grouped(lines, f"line__codes__{classification}")
    return [
        Part(code or "", names.get(code, Text(code or "")), found[code])
        for code in sorted(found, key=lambda one: (one is None, one or ""))
    ]


def by_month(lines: "QuerySet[Line]", kind: Kind) -> dict[int, Decimal]:
    """Return the amounts of a kind by month of the year; months of which nothing is known are left out."""
    rows = Amount.objects.filter(line__in=lines, kind=kind).values("day__month").annotate(total=Sum("amount"))
    return {month: total for month, total in rows.values_list("day__month", "total") if month}


def underspent(parts: Sequence[Part], *, below: int) -> list[tuple[Part, Decimal]]:
    """Return the parts that spent less than `below` percent of their plan up to now, the lowest first."""
    judged = ((one, percent(one.sums.executed or Decimal(0), one.sums.cash_plan)) for one in parts)
    found = [(one, reached) for one, reached in judged if reached is not None and reached < below]
    return sorted(found, key=lambda pair: pair[1])


def _grouped(lines: "QuerySet[Line]", field: str, *, until: date | None = None) -> dict[str, Sums]:
    amounts = Amount.objects.filter(line__in=lines)
    if until is not None:
        amounts = amounts.filter(day__lte=until)
    rows = amounts.values(field, "kind").annotate(total=Sum("amount")).values_list(field, "kind", "total")
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for code, kind, total in rows:
        found.setdefault(code, []).append((kind, total))
    return {code: _sums(totals) for code, totals in found.items()}


def _sums(totals: Iterable[tuple[str, Decimal]]) -> Sums:
    return Sums(**{str(kind): total for kind, total in totals})
