"""A year by month: cash plan, commitments and execution of each side, own money and transfers apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import get_month_names
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shaar.budget import totals
from shaar.budget.models import Kind, Side, Total
from shaar.budget.totals import Cell
from shaar.ui.tables import Column, Table

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a side's own money or transfers; None is where nothing was stated."""

    side: Side
    is_transfer: bool
    number: int
    cash_plan: Decimal | None
    commitment: Decimal | None
    executed: Decimal | None
    planned_so_far: Decimal | None
    executed_so_far: Decimal | None

    @property
    def variance(self) -> Decimal | None:
        """Executed less the cash plan of the month; None where either is missing."""
        known = self.executed is not None and self.cash_plan is not None
        return self.executed - self.cash_plan if known else None  # type: ignore[operator]

    @property
    def percent(self) -> Decimal | None:
        """Executed so far in percent of the cash plan so far."""
        return totals.percent(self.executed_so_far, self.planned_so_far)


def months(held: "QuerySet[Total]") -> list[Month]:
    """Return every month of which something is known, by side, own money before transfers."""
    cells = totals.cells_of(held.filter(is_stated=False))
    return [
        one
        for side in Side
        for is_transfer in (False, True)
        for one in _of(
            side,
            is_transfer=is_transfer,
            cells=[one for one in cells if one.side == side and one.is_transfer == is_transfer],
        )
    ]


def table(held: "QuerySet[Total]", *, request: HttpRequest) -> Table[Month]:
    """Return the months as a table that can be filtered and taken out."""
    rows = months(held)
    return Table(rows, _columns(), request=request, caption=_("Budget by month"), per_page=50)


def _of(side: Side, *, is_transfer: bool, cells: list[Cell]) -> Iterator[Month]:
    plan, owed, spent = (
        totals.months_of(cells, kind) for kind in (Kind.CASH_PLAN, Kind.COMMITMENT, Kind.EXECUTED)
    )
    planned = executed = Decimal(0)
    for number in MONTHS:
        if not any(number in known for known in (plan, owed, spent)):
            continue
        planned += plan.get(number, Decimal(0))
        executed += spent.get(number, Decimal(0))
        yield Month(
            side, is_transfer, number, plan.get(number), owed.get(number), spent.get(number),
            planned if plan else None, executed if spent and number <= max(spent) else None,
        )  # fmt: skip


def _columns() -> tuple[Column[Month], ...]:
    names = get_month_names("wide", context="stand-alone", locale=(get_language() or "ru")[:2])
    own, transfers = _("own money"), _("official transfers")
    return (
        Column("month", _("Month"), lambda one: names[one.number], is_heading=True, is_sortable=False),
        Column(
            "side", _("Side"), lambda one: str(one.side.label), filters="choice",
            choices=[(str(side.label), side.label) for side in Side],
        ),
        Column(
            "transfer", _("Transfers"), lambda one: transfers if one.is_transfer else own, filters="choice",
            choices=[(own, own), (transfers, transfers)],
        ),
        Column("cash_plan", Kind.CASH_PLAN.label, lambda one: one.cash_plan, kind="number"),
        Column("commitment", Kind.COMMITMENT.label, lambda one: one.commitment, kind="number"),
        Column("executed", Kind.EXECUTED.label, lambda one: one.executed, kind="number"),
        Column("variance", _("Difference"), lambda one: one.variance, kind="number"),
        Column("planned_so_far", _("Cash plan so far"), lambda one: one.planned_so_far, kind="number",
               is_hidden=True),
        Column("executed_so_far", _("Executed so far"), lambda one: one.executed_so_far, kind="number"),
        Column("percent", _("So far, %"), lambda one: one.percent, kind="number"),
    )  # fmt: skip
