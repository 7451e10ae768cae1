"""The pages by which the programme's office takes a whole plan out and brings it in again as a workbook."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, can, requires
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.programme import importing, importwork, queries
from shaar.programme.permissions import PLAN
from shaar.programme.planforms import ImportForm
from shaar.programme.workbooks.opening import LARGEST

AT_ONCE = 100_000
PAGE = 100


@requires(PLAN)
@never_cache
@require_safe
def workbook(request: HttpRequest, *, code: str) -> HttpResponse:
    """Send the plan in force as a workbook."""
    language = (get_language() or "ru")[:2]
    content = importing.plan_workbook(code, language=language, actor=actor_of(request))
    response = HttpResponse(content, content_type=cases.XLSX)
    name = f"{code}-plan-{clock.today().isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(PLAN)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the imports of plans, the newest first."""
    held = importing.imports(actor=actor_of(request))
    page = Paginator(held, PAGE).get_page(request.GET.get("page"))
    return render(request, "programme/imports/index.html", {"page": page})


@requires(PLAN)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Take a workbook with a plan; a small one is checked at once, a large one in the background."""
    actor = actor_of(request)
    known = [one for one in queries.programmes() if can(actor, PLAN, unit=one.unit)]
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        programmes=known,
        initial={"programme": request.GET.get("programme", "")},
    )
    if request.method == "POST" and cases.oversized(request):
        limits = cases.FileLimits(size=LARGEST)
        form.errors["file"] = form.error_class([str(cases.too_large(limits).message)])
    elif form.is_valid():
        try:
            number = _take_in(form, request)
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            return redirect("programme:import", number=number)
    return render(request, "programme/imports/new.html", {"form": form})


@requires(PLAN)
@never_cache
@require_safe
def show(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show an import: how far it is, what it changes cell by cell, what is wrong in it."""
    context = _context(request, number)
    differences, problems = importing.found_in(number)
    context["problems"] = Paginator(problems, PAGE).get_page(request.GET.get("page") if problems else 1)
    context["differences"] = Paginator(differences, PAGE).get_page(request.GET.get("page"))
    context["is_cut"] = context["shown"].counts.get("cells", 0) > len(differences)
    return render(request, "programme/imports/show.html", context)


@requires(PLAN)
@never_cache
@require_safe
def progress(request: HttpRequest, *, number: int) -> HttpResponse:
    """Send how far an import is, for a page that asks again; once it stands still the page is read anew."""
    context = _context(request, number)
    response = render(request, "programme/imports/progress.html", context)
    if not context["shown"].is_moving:
        response["HX-Refresh"] = "true"
    return response


@requires(PLAN)
@require_POST
def step(request: HttpRequest, *, number: int, step: str) -> HttpResponse:
    """Approve an import, call it off, or start it again."""
    actor, at = actor_of(request), clock.now()
    try:
        match step:
            case "approve":
                importing.approve(number, actor=actor, at=at)
                messages.success(request, _("The import is approved: the new revision is being written."))
            case "cancel":
                importing.cancel(number, actor=actor)
                messages.success(request, _("The import is called off: nothing is written."))
            case _:
                importing.resume(number, actor=actor, at=at)
    except Refusal as refusal:
        if refusal.code != "not_ready":
            raise
        messages.error(request, str(refusal.message))
    return redirect("programme:import", number=number)


def _take_in(form: ImportForm, request: HttpRequest) -> int:
    given, file = form.cleaned_data, form.cleaned_data["file"]
    sent = importing.Sent(
        programme=given["programme"],
        act=given["act"],
        effective_from=given["effective_from"],
        name=file.name,
        content=file.read(LARGEST + 1),
        language=(get_language() or "ru")[:2],
    )
    number = importing.take_in(sent, actor=actor_of(request), at=clock.now())
    if len(sent.content) <= AT_ONCE:
        importwork.run_check(number, is_told=False)
    return number


def _context(request: HttpRequest, number: int) -> dict[str, Any]:
    shown = importing.plan_import(number, actor=actor_of(request))
    counts = shown.counts
    changes = any(counts.get(one) for one in ("added", "changed", "removed", "nodes"))
    return {"shown": shown, "may_approve": shown.state == "ready" and changes, "has_changes": changes}


def _tell(form: ImportForm, refusal: Refusal) -> None:
    if refusal.code == "forbidden":
        raise refusal
    for one in refusal.problems:
        field = one.place.field if one.place else None
        if field is None and one.place and one.place.file:
            field = "file"
        form.add_error(field if field in form.fields else None, str(one.message))
