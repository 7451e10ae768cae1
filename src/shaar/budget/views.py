"""The pages of the budget: execution of a year, its lines down to the row of a file, treasury files."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, can, public, requires
from shaar.budget import costs, shown, totals, treasury
from shaar.budget.forms import FileForm, UndoForm, initial_of
from shaar.budget.models import Classification, ColumnMapping, ImportState, Line, Side, TreasuryFile
from shaar.budget.permissions import IMPORT, VIEW
from shaar.cases import api as cases
from shaar.kernel import clock
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


# Files of the treasury --------------------------------------------------------------------------------------
@requires(IMPORT)
@never_cache
@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """Show the files that were taken in, the newest first."""
    page = Paginator(TreasuryFile.objects.order_by("-pk"), PAGE).get_page(request.GET.get("page"))
    return render(
        request, "budget/files.html", {"page": page, "mappings": ColumnMapping.objects.order_by("name")}
    )


@requires(IMPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a file in and check it; nothing is written yet."""
    asked = request.GET.get("columns", "")
    mapping = ColumnMapping.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
    initial = {"year": clock.today().year} | initial_of(mapping)
    form = FileForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and cases.oversized(request):
        form.errors["file"] = form.error_class([str(cases.too_large().message)])
    elif form.is_valid():
        try:
            number = treasury.take_in(_sent(form), actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            form.add_error("column_amount" if refusal.code == "no_column" else "file", str(refusal.message))
        else:
            _keep_columns(form, request)
            return redirect("budget:file", number=number)
    kept = ColumnMapping.objects.order_by("name")
    return render(request, "budget/new.html", {"form": form, "mappings": kept, "mapping": mapping})


@requires(IMPORT)
@never_cache
@require_safe
def file(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show what checking a file found: rows, totals, each mistake with its place."""
    return render(request, "budget/file.html", _file(request, number) | {"form": UndoForm()})


@requires(IMPORT)
@require_POST
def write(request: HttpRequest, *, number: int) -> HttpResponse:
    """Write a checked file as one whole."""
    try:
        treasury.write(number, actor=actor_of(request), at=clock.now())
        messages.success(request, _("The file is written: its amounts count from now on."))
    except Refusal as refusal:
        if refusal.code == "unknown_file":
            raise
        messages.error(request, str(refusal.message))
    return redirect("budget:file", number=number)


@requires(IMPORT)
@require_POST
def undo(request: HttpRequest, *, number: int) -> HttpResponse:
    """Take a written file back."""
    form = UndoForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            treasury.undo(number, reason=reason, actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            if refusal.code == "unknown_file":
                raise
            form.add_error(None, str(refusal.message))
        else:
            messages.success(request, _("The file is undone: each of its amounts is taken back."))
            return redirect("budget:file", number=number)
    return render(request, "budget/file.html", _file(request, number) | {"form": form})


def _sent(form: FileForm) -> treasury.Sent:
    given = form.cleaned_data
    return treasury.Sent(
        name=given["file"].name,
        content=given["file"].read(),
        year=given["year"],
        side=given["side"],
        kind=given["kind"],
        columns=form.columns,
        scale=Decimal(given["scale"]),
        control_total=given["control_total"],
    )


def _keep_columns(form: FileForm, request: HttpRequest) -> None:
    if name := form.cleaned_data["save_as"].strip():
        kept = {
            "columns": form.columns,
            "scale": Decimal(form.cleaned_data["scale"]),
            "saved_by": actor_of(request).key,
            "saved_at": clock.now(),
        }
        ColumnMapping.objects.update_or_create(name=name, defaults=kept)


def _file(request: HttpRequest, number: int) -> dict[str, Any]:
    found = TreasuryFile.objects.filter(pk=number).first()
    if found is None:
        raise Refusal("unknown_file", _("There is no such file."))
    return {
        "file": found,
        "states": ImportState,
        "problems": Paginator(found.problems, PAGE).get_page(request.GET.get("page")),
        "may_see": can(actor_of(request), VIEW),
        "side": Side(found.side).label,
    }


def _language() -> str:
    return (get_language() or "ru")[:2]
