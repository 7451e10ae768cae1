"""What the pages of the budget show of a year: sides with their parts, chart, forecast; the lines."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shaar.budget import totals
from shaar.budget.codes import codes_on
from shaar.budget.forecast import Forecast, forecast
from shaar.budget.models import Classification, Kind, Line, Side
from shaar.budget.totals import Part, Sums
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.texts import Text
from shaar.ui.charts import Chart, bullet
from shaar.ui.tables import Column, Table

MILLION = Decimal(1_000_000)
BELOW_PERCENT = 90
MOST_DRAWN = 12
YEAR = 12  # months


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
    underspent: Sequence[tuple[Part, Decimal]]
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


def year_of(lines: "QuerySet[Line]", year: int, *, by: str = "unit", language: str) -> YearPage:
    """Return what a page shows of a year."""
    until = min(clock.today(), date(year, 12, 31))
    held = lines.filter(year=year)
    sides = [_side(held, lines, side, year=year, until=until, by=by, language=language) for side in Side]
    return YearPage(
        year=year,
        until=until,
        is_over=until == date(year, 12, 31),
        has_examples=held.filter(is_example=True).exists(),
        sides=[one for one in sides if one.sums != Sums()],
    )


def _side(
    held: "QuerySet[Line]",
    every: "QuerySet[Line]",
    side: Side,
    *,
    year: int,
    until: date,
    by: str,
    language: str,
) -> SidePage:
    itemised = held.filter(side=side).exclude(key="")
    stated = held.filter(side=side, key="")
    lines = itemised if itemised.exists() else stated
    parts = (
        totals.by_code(lines, by, on=until)
        if by in Classification.values
        else totals.by_unit(lines, on=until)
    )
    past = _past(every.filter(side=side), year)
    months = totals.by_month(itemised, Kind.EXECUTED)
    planned = totals.by_month(itemised, Kind.CASH_PLAN)
    last = max(months, default=0)  # money of a month counts once its file is there
    known = date(year, last, monthrange(year, last)[1]) if last else until
    return SidePage(
        side=side.value,
        title=str(side.label),
        sums=totals.sums(lines),
        own=totals.sums(lines.filter(is_transfer=False)),
        transfers=totals.sums(lines.filter(is_transfer=True)),
        parts=parts,
        chart=_chart(parts, side, language=language),
        forecast=forecast(months, past, until=last, cash_plan=planned) if 0 < last < YEAR else None,
        underspent=totals.underspent(totals.by_unit(itemised, on=until, until=known), below=BELOW_PERCENT)
        if side is Side.SPENDING
        else (),
        stated=totals.sums(stated) if itemised.exists() else Sums(),
    )


def _past(lines: "QuerySet[Line]", year: int) -> dict[int, dict[int, Decimal]]:
    """Return what was executed in each month of the years before one."""
    itemised = lines.exclude(key="")
    years = [one for one in totals.years(itemised) if one < year]
    return {one: totals.by_month(itemised.filter(year=one), Kind.EXECUTED) for one in years}


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
    kinds = {kind.value: Sum("amounts__amount", filter=Q(amounts__kind=kind)) for kind in Kind}
    sums = {f"sum_{kind}": one for kind, one in kinds.items()}
    rows = lines.select_related("unit").annotate(**sums).order_by("side", "unit__code", "key")
    return Table(rows, _columns(), request=request, caption=_("Lines of the budget"))


def _columns() -> tuple[Column[Line], ...]:
    language = (get_language() or "ru")[:2]
    names = {one.code: one.name.of(language) for one in city.units(on=clock.today())}
    return (
        Column(
            "key", _("Codes"), lambda one: one.key, field="key", cell=_link, filters="contains",
            is_heading=True,
        ),
        Column(
            "side", _("Side"), lambda one: Side(one.side).label, field="side", filters="choice",
            choices=Side.choices,
        ),
        Column("unit", _("Unit"), lambda one: names.get(one.unit.code, one.unit.code), field="unit__code"),
        *(_total(kind) for kind in Kind),
    )  # fmt: skip


def _link(one: Line) -> str:
    link = '<a class="govuk-link" href="{}">{}</a>'
    return format_html(link, reverse("budget:line", args=[one.pk]), one.key or _("the whole year, as stated"))


def _total(kind: Kind) -> Column[Line]:
    field = f"sum_{kind.value}"
    return Column(field, kind.label, lambda one: getattr(one, field), kind="number", field=field)
