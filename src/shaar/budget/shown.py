"""What the pages of the budget show of a year: sides with their parts, chart, forecast; the lines."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from shaar.budget import totals
from shaar.budget.codes import codes_on
from shaar.budget.forecast import Forecast, Months, forecast
from shaar.budget.models import Amount, Classification, Kind, Line, Side, Threshold, Total
from shaar.budget.totals import Cell, Part, Sums
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.texts import Text
from shaar.ui.charts import Chart, bullet
from shaar.ui.tables import Column, Table

MILLION = Decimal(1_000_000)
MOST_DRAWN = 12
YEAR = 12  # months


@dataclass(frozen=True, slots=True)
class Standing:
    """The units that stand out by a threshold of the pack."""

    title: str
    threshold: Threshold
    found: Sequence[tuple[Part, Decimal]]
    is_known: bool

    @property
    def percent(self) -> Decimal:
        """The threshold without zeros that say nothing."""
        return Decimal(f"{self.threshold.percent.normalize():f}")


@dataclass(frozen=True, slots=True)
class SidePage:
    """One side of a year."""

    side: str
    title: str
    sums: Sums
    own: Sums
    transfers: Sums
    parts: Sequence[Part]
    chart: Chart | None
    forecast: Forecast | None
    standings: Sequence[Standing]
    until: date | None
    stated: Sums

    @property
    def totals(self) -> list[tuple[str, Sums]]:
        """The whole side, and apart from it transfers and what a source states of the whole year."""
        found = [(_("In all"), self.sums)]
        if self.transfers != Sums():
            found += [(_("of these, official transfers"), self.transfers), (_("of these, own"), self.own)]
        if self.stated != Sums():
            found.append((_("the whole year, as stated"), self.stated))
        return found

    @property
    def forecast_percent(self) -> Decimal | None:
        """The forecast in percent of what execution is measured against."""
        return totals.percent(self.forecast.amount, self.sums.aim) if self.forecast else None

    @property
    def rows(self) -> list[tuple[str, Sums]]:
        """Each part with its name."""
        language = (get_language() or "ru")[:2]
        return [(one.name.of(language) or _("without a code"), one.sums) for one in self.parts]


@dataclass(frozen=True, slots=True)
class YearPage:
    """Both sides of a year as they stand on a day."""

    year: int
    until: date
    is_over: bool
    has_examples: bool
    sides: Sequence[SidePage]


def year_of(held: "QuerySet[Total]", year: int, *, by: str = "unit", language: str) -> YearPage:
    """Return what a page shows of a year; the number of queries does not grow with the lines."""
    until = min(clock.today(), date(year, 12, 31))
    of_year = held.filter(year=year)
    cells = totals.cells_of(of_year)
    past = _past(held, year)
    reader = _Reader(of_year, until=until, by=by, language=language)
    sides = [
        reader.side(side, [one for one in cells if one.side == side], past.get(side, {})) for side in Side
    ]
    return YearPage(
        year=year,
        until=until,
        is_over=until == date(year, 12, 31),
        has_examples=of_year.filter(is_example=True).exists(),
        sides=[one for one in sides if one.sums != Sums()],
    )


class _Reader:
    """Reads the sides of one year."""

    def __init__(self, held: "QuerySet[Total]", *, until: date, by: str, language: str) -> None:
        self.held, self.until, self.by, self.language = held, until, by, language
        self.thresholds = totals.thresholds()

    def side(self, side: Side, cells: Sequence[Cell], past: Mapping[int, Months]) -> SidePage:
        """Return what a page shows of one side."""
        itemised = [one for one in cells if not one.is_stated]
        lines = itemised or cells
        of_side = self.held.filter(side=side, is_stated=not itemised)
        parts = totals.parts_of(of_side, self.by, whole=lines, on=self.until)
        months = totals.months_of(itemised, Kind.EXECUTED)
        last = max(months, default=0)  # money of a month counts once its file is there
        planned = totals.months_of(itemised, Kind.CASH_PLAN)
        return SidePage(
            side=side.value,
            title=str(side.label),
            sums=totals.sums_of(lines),
            own=totals.sums_of(one for one in lines if not one.is_transfer),
            transfers=totals.sums_of(one for one in lines if one.is_transfer),
            parts=parts,
            chart=_chart(parts, side, language=self.language),
            forecast=forecast(months, past, until=last, cash_plan=planned) if 0 < last < YEAR else None,
            standings=self._standings(side, of_side, last) if last else (),
            until=date(self.until.year, last, monthrange(self.until.year, last)[1]) if last else None,
            stated=totals.sums_of(one for one in cells if one.is_stated) if itemised else Sums(),
        )

    def _standings(self, side: Side, held: "QuerySet[Total]", last: int) -> list[Standing]:
        """Return who is below or above a threshold, up to the last month of which money is known."""
        parts = totals.by_unit(held.filter(month__lte=last), on=self.until)
        is_known = any(one.sums.cash_plan for one in parts)
        found = []
        for code, title, judge in _STANDINGS[side]:
            if threshold := self.thresholds.get(code):
                judged = judge(parts, limit=threshold.percent)
                found.append(Standing(str(title), threshold, judged, is_known))
        return found


_STANDINGS = {
    Side.REVENUE: (("revenue_shortfall", _lazy("Whose revenue is below the cash plan"), totals.below),),
    Side.SPENDING: (
        ("underspending", _lazy("Who spends less than the cash plan"), totals.below),
        ("overspending", _lazy("Who spends more than the cash plan"), totals.above),
    ),
}


def _past(held: "QuerySet[Total]", year: int) -> dict[str, dict[int, dict[int, Decimal]]]:
    """Return what was executed by side in each month of the years before one."""
    by = ("side", "year", "month")
    rows = held.filter(year__lt=year, classification="", is_stated=False, kind=Kind.EXECUTED).values(*by)
    known = rows.annotate(whole=Sum("amount"), count=Sum("held")).filter(count__gt=0)
    found: dict[str, dict[int, dict[int, Decimal]]] = {}
    for side, one, month, amount in known.values_list(*by, "whole"):
        found.setdefault(side, {}).setdefault(one, {})[month] = amount
    return found


def _chart(parts: Sequence[Part], side: Side, *, language: str) -> Chart | None:
    drawn = [one for one in parts if one.sums.aim is not None or one.sums.executed is not None][:MOST_DRAWN]
    if not drawn:
        return None
    return bullet(
        [one.name.of(language) or _("without a code") for one in drawn],
        [_millions(one.sums.executed) for one in drawn],
        [_millions(one.sums.aim) for one in drawn],
        title=_("%(side)s: plan and execution, million som") % {"side": side.label},
        language=language,
        names=(_("Executed"), _("Plan")),
        unit=_("million som"),
    )


def _millions(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round(amount / MILLION, 1)


def names_of(line: Line) -> list[tuple[str, str, Text]]:
    """Return the codes of a line with the names of their classification and their own."""
    known = codes_on(date(line.year, 12, 31))
    return [
        (
            str(Classification(name).label),
            code,
            known[name, code].name if (name, code) in known else Text(code),
        )
        for name, code in sorted(line.codes.items())
    ]


def lines_table(lines: "QuerySet[Line]", *, request: HttpRequest) -> Table[Line]:
    """Return the lines as a table; sums are read with them."""
    of_line = Amount.objects.filter(line=OuterRef("pk")).values("line")
    sums = {
        f"sum_{kind.value}": Subquery(of_line.filter(kind=kind).annotate(whole=Sum("amount")).values("whole"))
        for kind in Kind
    }  # read for the shown lines alone, where a join would add every line up
    rows = lines.select_related("unit").annotate(**sums).order_by("side", "unit_id", "key")
    return Table(rows, _columns(), request=request, caption=_("Lines of the budget"))


def _columns() -> tuple[Column[Line], ...]:
    language = (get_language() or "ru")[:2]
    names = {one.code: one.name.of(language) for one in city.units(on=clock.today())}
    return (
        Column(
            "key", _("Codes"), lambda one: one.title, field="key", cell=_link, filters="contains",
            is_heading=True,
        ),
        Column(
            "side", _("Side"), lambda one: Side(one.side).label, field="side", filters="choice",
            choices=Side.choices,
        ),
        Column("unit", _("Unit"), lambda one: names.get(one.unit.code, one.unit.code), field="unit__code"),
        Column("transfer", _("Transfers"), lambda one: _("official transfer") if one.is_transfer else "",
               field="is_transfer"),
        *(_total(kind) for kind in Kind),
    )  # fmt: skip


def _link(one: Line) -> str:
    link = '<a class="govuk-link" href="{}">{}</a>'
    return format_html(
        link, reverse("budget:line", args=[one.pk]), one.title or _("the whole year, as stated")
    )


def _total(kind: Kind) -> Column[Line]:
    field = f"sum_{kind.value}"
    return Column(field, kind.label, lambda one: getattr(one, field), kind="number", field=field)
