"""The pages of amendments: those of a year with their lines before and after, a new one, one taken back."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, can, requires, scope
from shaar.budget import amendments
from shaar.budget.amendforms import FIRST_ROWS, MOST_ROWS, AmendmentForm, ReasonForm, WhichForm
from shaar.budget.models import Amendment
from shaar.budget.permissions import AMEND, IMPORT, VIEW
from shaar.kernel import clock
from shaar.kernel.errors import Refusal

PAGE = 100


@requires(VIEW)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the amendments of a year, in the order in which they were recorded."""
    held = Amendment.objects.all()
    years = list(held.order_by("-year").values_list("year", flat=True).distinct())
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else next(iter(years), 0)
    opposite = Amendment.objects.filter(takes_back=OuterRef("pk"))
    rows = held.filter(year=year).annotate(is_taken_back=Exists(opposite)).order_by("pk")
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "years": years,
        "year": year,
        "may_amend": can(actor_of(request), AMEND),
        "may_import": can(actor_of(request), IMPORT),
    }
    return render(request, "budget/amendments.html", context)


@requires(VIEW)
@never_cache
@require_safe
def show(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show an amendment: its act, its totals, each line before and after."""
    return render(request, "budget/amendment.html", _context(request, number) | {"form": ReasonForm()})


@requires(AMEND)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask which plan changes, then take the act and its lines; what was typed stays while rows are added."""
    initial = {"year": clock.today().year}
    which = WhichForm(request.GET if "side" in request.GET else None, initial=initial)
    if not which.is_valid():
        return render(request, "budget/new_amendment.html", {"which": which, "form": None})
    asked = request.POST.get("rows", "")
    rows = int(asked) if asked.isdecimal() and int(asked) <= MOST_ROWS else FIRST_ROWS
    if request.method == "POST" and "more" in request.POST:
        form = _with_more_rows(request, which.cleaned_data, min(rows + FIRST_ROWS, MOST_ROWS))
    else:
        form = AmendmentForm(request.POST or None, which=which.cleaned_data, rows=rows)
        if form.is_valid():
            try:
                number = amendments.enact(form.change(), actor=actor_of(request), at=clock.now())
            except Refusal as refusal:
                if refusal.code == "forbidden":
                    raise
                form.tell(refusal)
            else:
                messages.success(request, _("The amendment is recorded: the plan is changed."))
                return redirect("budget:amendment", number=number)
    context = {"which": which, "form": form, "row_count": len(form.numbers), "is_full": rows >= MOST_ROWS}
    return render(request, "budget/new_amendment.html", context)


@requires(AMEND)
@require_POST
def take_back(request: HttpRequest, *, number: int) -> HttpResponse:
    """Take an amendment back by its opposite."""
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            opposite = amendments.take_back(number, reason=reason, actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            if refusal.code in {"forbidden", "unknown_amendment"}:
                raise
            form.add_error("reason", str(refusal.message))
        else:
            messages.success(request, _("The amendment is taken back by its opposite."))
            return redirect("budget:amendment", number=opposite)
    return render(request, "budget/amendment.html", _context(request, number) | {"form": form})


def _with_more_rows(request: HttpRequest, which: dict[str, Any], rows: int) -> AmendmentForm:
    """Return the form with what was typed and more rows; nothing is judged yet."""
    blank = AmendmentForm(which=which, rows=rows)
    typed = {
        name: field.widget.value_from_datadict(request.POST, request.FILES, name)
        for name, field in blank.fields.items()
    }
    return AmendmentForm(initial=typed, which=which, rows=rows)


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    found = Amendment.objects.filter(pk=number).select_related("file", "takes_back").first()
    if found is None:
        raise Refusal("unknown_amendment", _("There is no such amendment."))
    actor = actor_of(request)
    units = scope(actor, VIEW).units
    held = amendments.lines_of(found)
    seen = held if units is None else held.filter(line__unit__code__in=units)
    opposite = Amendment.objects.filter(takes_back=found).first()
    is_open = found.takes_back_id is None and opposite is None
    return {
        "amendment": found,
        "opposite": opposite,
        "page": Paginator(seen, PAGE).get_page(request.GET.get("page")),
        "may_take_back": is_open and found.file_id is None and can(actor, AMEND),
        "may_import": can(actor, IMPORT),
    }
