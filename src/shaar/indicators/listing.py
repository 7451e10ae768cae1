"""The public list of indicators as a data table."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.indicators.labels import STATES
from shaar.indicators.pages import Heading, Line
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.ui.tables import Column, Table


@dataclass(frozen=True, slots=True)
class Listed:
    """One indicator with its value, in its section."""

    section: Text
    line: Line


def index_table(headings: list[Heading], period: Period, *, request: HttpRequest) -> Table[Listed]:
    """Return the table of indicators by section for a period."""
    shown = get_template("indicators/value.html")

    def name(one: Listed) -> str:
        passport, language = one.line.passport, get_language() or "ru"
        address = f"{reverse('indicators:indicator', args=[passport.code])}?period={period}"
        mark = "" if passport.name.has(language) else format_html(' lang="{}"', "ru")
        link = '<a class="govuk-link" href="{}"{}>{}</a>'
        return format_html(link, address, mark, passport.name.of(language))

    def value(one: Listed) -> str:
        given = {"value": one.line.value, "precision": one.line.passport.precision, "states": STATES}
        return shown.render(given)

    def number(one: Listed) -> Decimal | None:
        quantity = one.line.value.quantity
        return quantity.value if quantity else None

    columns: tuple[Column[Listed], ...] = (
        Column("name", _("Indicator"), lambda one: one.line.passport.name, cell=name, is_heading=True),
        Column("value", _("Value"), number, kind="number", cell=value),
        Column("measure", _("Unit of measure"), lambda one: one.line.measure.symbol),
        Column("section", _("Section"), lambda one: one.section, is_hidden=True),
        Column("state", _("State"), lambda one: STATES[one.line.value.state], is_hidden=True),
        Column("code", _("Code"), lambda one: one.line.passport.code, is_hidden=True),
        Column("row", _("Row of the source"), lambda one: one.line.passport.row, is_hidden=True),
    )
    rows = [Listed(heading.section.name, line) for heading in headings for line in heading.lines]
    table = Table(rows, columns, request=request, caption=_("Indicators"), per_page=200)
    return table.grouped(lambda one: str(one.section))
