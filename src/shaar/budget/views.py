"""The pages of the budget: execution of a year, its lines down to the row of a file, treasury files."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shaar.access.api import actor_of, public, requires
from shaar.budget import costs, shown, totals
from shaar.budget.models import Classification, Line
from shaar.budget.permissions import VIEW
from shaar.kernel.errors import Refusal

PAGE = 100


@public
@require_safe
def public_page(request: HttpRequest) -> HttpResponse:
    """Show the totals of every year that a source states."""
    stated = Line.objects.filter(key="", is_example=False)
    years = [shown.year_of(stated, year, language=_language()) for year in totals.years(stated)]
    return render(request, "budget/public.html", {"years": years})


@requires(VIEW)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show how a year's budget is executed: totals, parts, who underspends, the forecast."""
    lines = totals.visible(actor_of(request))
    years = totals.years(lines)
    if not years:
        return render(request, "budget/index.html", {"years": years})
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else years[0]
    by = request.GET.get("by", "unit")
    context: dict[str, Any] = {
        "years": years,
        "year": year,
        "by": by if by in Classification.values else "unit",
        "ways": [("unit", _("By unit")), *Classification.choices],
        "page": shown.year_of(lines, year, by=by, language=_language()),
        "costs": costs.of(lines, year),
    }
    return render(request, "budget/index.html", context)


@requires(VIEW)
@never_cache
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """Show the lines of a year as a table that can be filtered and taken out."""
    held = totals.visible(actor_of(request))
    year = request.GET.get("year", "")
    known = totals.years(held)
    chosen = int(year) if year.isdecimal() and int(year) in known else (known[0] if known else 0)
    table = shown.lines_table(held.filter(year=chosen), request=request)
    if table.wants_file:
        return table.file()
    return render(request, "budget/lines.html", {"table": table, "year": chosen, "years": known})


@requires(VIEW)
@never_cache
@require_safe
def line(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show a line with every amount of it and where each came from."""
    found = totals.visible(actor_of(request)).filter(pk=number).select_related("unit").first()
    if found is None:
        raise Refusal("unknown_line", _("There is no such line of the budget."))
    amounts = found.amounts.select_related("file", "takes_back", "taken_back_by").order_by("day", "pk")
    context = {
        "line": found,
        "names": shown.names_of(found),
        "sums": totals.sums(Line.objects.filter(pk=found.pk)),
        "page": Paginator(amounts, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "budget/line.html", context)


def _language() -> str:
    return (get_language() or "ru")[:2]
