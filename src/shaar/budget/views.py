"""The pages of the budget: execution of a year, its lines down to the row of a file, treasury files."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shaar.access.api import actor_of, can, public, requires
from shaar.budget import costs, links, monthly, shown, totals
from shaar.budget.forms import ResultForm
from shaar.budget.models import Classification, Line, Total
from shaar.budget.permissions import AMEND, VIEW
from shaar.kernel.errors import Refusal

PAGE = 100


@public
@require_safe
def public_page(request: HttpRequest) -> HttpResponse:
    """Show the totals of every year that a source states."""
    stated = Total.objects.filter(is_stated=True, is_example=False)
    years = [shown.year_of(stated, year, language=_language()) for year in totals.years(stated)]
    return render(request, "budget/public.html", {"years": years})


@requires(VIEW)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show how a year's budget is executed: totals, parts, who underspends, the forecast."""
    held = totals.kept(actor_of(request))
    years = totals.years(held)
    if not years:
        return render(request, "budget/index.html", {"years": years})
    year = _year(request, years)
    by = request.GET.get("by", "unit")
    context: dict[str, Any] = {
        "years": years,
        "year": year,
        "by": by if by in Classification.values else "unit",
        "ways": [("unit", _("By unit")), *Classification.choices],
        "page": shown.year_of(held, year, by=by, language=_language()),
        "paid": costs.of_measures(totals.visible(actor_of(request)), year),
        "costs": costs.of(totals.visible(actor_of(request)), year),
    }
    return render(request, "budget/index.html", context)


@requires(VIEW)
@never_cache
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """Show the lines of a year as a table that can be filtered and taken out."""
    actor = actor_of(request)
    known = totals.years(totals.kept(actor))
    chosen = _year(request, known)
    table = shown.lines_table(totals.visible(actor).filter(year=chosen), request=request)
    if table.wants_file:
        return table.file()
    return render(request, "budget/lines.html", {"table": table, "year": chosen, "years": known})


@requires(VIEW)
@never_cache
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """Show a year by month: cash plan, commitments and execution, transfers apart, as a table and a file."""
    held = totals.kept(actor_of(request))
    known = totals.years(held)
    year = _year(request, known)
    table = monthly.table(held.filter(year=year), request=request)
    if table.wants_file:
        return table.file()
    return render(request, "budget/months.html", {"table": table, "year": year, "years": known})


@requires(VIEW)
@never_cache
@require_safe
def line(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show a line with every amount of it and where each came from."""
    found = _found(request, number)
    return render(request, "budget/line.html", _line(request, found))


@requires(AMEND)
@never_cache
@require_POST
def link(request: HttpRequest, *, number: int) -> HttpResponse:
    """Let a line pay for a measure or an indicator, or end that."""
    actor = actor_of(request)
    found = _found(request, number)
    if ended := request.POST.get("end"):
        links.unlink(number, ended, actor=actor)
        return redirect("budget:line", number=number)
    form = ResultForm(request.POST, known=links.results(found.year))
    if form.is_valid():
        try:
            links.link(number, form.cleaned_data["result"], actor=actor)
        except Refusal as refusal:
            if refusal.code not in {"linked", "unknown_result"}:
                raise
            form.add_error("result", str(refusal.message))
        else:
            messages.success(request, _("The line pays for this result from now on."))
            return redirect("budget:line", number=number)
    return render(request, "budget/line.html", _line(request, found, form))


def _found(request: HttpRequest, number: int) -> Line:
    found = totals.visible(actor_of(request)).filter(pk=number).select_related("unit").first()
    if found is None:
        raise Refusal("unknown_line", _("There is no such line of the budget."))
    return found


def _line(request: HttpRequest, found: Line, form: ResultForm | None = None) -> dict[str, Any]:
    amounts = found.amounts.select_related("file", "takes_back", "taken_back_by").order_by("day", "pk")
    if form is None and can(actor_of(request), AMEND, unit=found.unit.code):
        form = ResultForm(known=links.results(found.year))
    return {
        "line": found,
        "form": form,
        "results": links.results_of(found),
        "names": shown.names_of(found),
        "sums": totals.sums_of_lines(Line.objects.filter(pk=found.pk)),
        "page": Paginator(amounts, PAGE).get_page(request.GET.get("page")),
    }


def _year(request: HttpRequest, known: Sequence[int]) -> int:
    """Return the year that is asked for, else the latest, else none."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and int(asked) in known else next(iter(known), 0)


def _language() -> str:
    return (get_language() or "ru")[:2]
