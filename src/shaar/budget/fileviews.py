"""The pages of the treasury's files: taken in, corrected, written, undone, each with how far it is."""

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
from shaar.budget import fileworks, treasury
from shaar.budget.forms import FileForm, SaidForm, UndoForm, initial_of, said_of
from shaar.budget.models import ColumnMapping, ImportState, Side, TreasuryFile
from shaar.budget.permissions import IMPORT, VIEW
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Refusal

PAGE = 100
AT_ONCE = 100_000  # bytes of a file that is checked while the person waits


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
    """Take a file in; a small one is checked at once, a large one in the background."""
    asked = request.GET.get("columns", "")
    mapping = ColumnMapping.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
    initial = {"year": clock.today().year, "act": request.GET.get("act", "")[:300]} | initial_of(mapping)
    form = FileForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and cases.oversized(request):
        form.errors["file"] = form.error_class([str(cases.too_large(treasury.LIMITS).message)])
    elif form.is_valid():
        try:
            number = _taken_in(form, request)
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            _keep_columns(form, request)
            return _onward(number)
    kept = ColumnMapping.objects.order_by("name")
    return render(request, "budget/new.html", {"form": form, "mappings": kept, "mapping": mapping})


@requires(IMPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, *, number: int) -> HttpResponse:
    """Correct what was said of a file, which is kept: each mistake stands at its control."""
    found = _found(number)
    if found.state not in treasury.CORRECTABLE:
        return redirect("budget:file", number=number)
    form = SaidForm(request.POST or said_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            treasury.correct(number, form.said, actor=actor_of(request), at=clock.now(), language=_language())
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            _keep_columns(form, request)
            _check_small(number)
            return _onward(number)
    elif request.method != "POST" and form.is_valid():
        form.tell(found.problems)
    return render(request, "budget/correct.html", {"form": form, "file": found})


@requires(IMPORT)
@never_cache
@require_safe
def file(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show what checking a file found: rows, totals, each mistake with its place."""
    return render(request, "budget/file.html", _file(request, number) | {"form": UndoForm()})


@requires(IMPORT)
@never_cache
@require_safe
def progress(request: HttpRequest, *, number: int) -> HttpResponse:
    """Send how far a file is, for a page that asks again; once it stands still the page is read anew."""
    context = _file(request, number)
    response = render(request, "budget/progress.html", context)
    if not context["is_moving"]:
        response["HX-Refresh"] = "true"
    return response


@requires(VIEW)
@never_cache
@require_safe
def rows(request: HttpRequest, *, number: int) -> HttpResponse:
    """Show the rows of a file as they were written, and open the page of one that is asked for."""
    found = _found(number)
    held = fileworks.amounts_of(found)
    asked = request.GET.get("row", "")
    row = int(asked) if asked.isdecimal() and len(asked) < len("1000000000") else 0
    page = held.filter(row__lt=row).count() // PAGE + 1 if row else request.GET.get("page")
    context = {"file": found, "page": Paginator(held, PAGE).get_page(page), "row": row}
    return render(request, "budget/rows.html", context)


@requires(IMPORT)
@require_POST
def step(request: HttpRequest, *, number: int, step: str) -> HttpResponse:
    """Let a checked file be written, call one off, or start one again that stands still."""
    actor, at = actor_of(request), clock.now()
    try:
        match step:
            case "write":
                treasury.approve(number, actor=actor, at=at)
                if _is_small(number):
                    fileworks.run_writing(number, at=at, is_told=False)
                _say_written(request, number)
            case "cancel":
                treasury.cancel(number, actor=actor, at=at)
                messages.success(request, _("The file is called off: nothing of it is written."))
            case _:
                treasury.resume(number, actor=actor, at=at)
    except Refusal as refusal:
        if refusal.code in {"unknown_file", "forbidden"}:
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
            reason, at = form.cleaned_data["reason"], clock.now()
            treasury.give_back(number, reason=reason, actor=actor_of(request), at=at)
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            if _is_small(number):
                fileworks.run_undoing(number, at=at, is_told=False)
                messages.success(request, _("The file is undone: each of its amounts is taken back."))
            return redirect("budget:file", number=number)
    return render(request, "budget/file.html", _file(request, number) | {"form": form})


def _taken_in(form: FileForm, request: HttpRequest) -> int:
    given = form.cleaned_data["file"]
    number = treasury.receive(
        given, form.said, name=given.name, actor=actor_of(request), at=clock.now(), language=_language()
    )
    _check_small(number)
    return number


def _is_small(number: int) -> bool:
    return TreasuryFile.objects.filter(pk=number, size__lte=AT_ONCE).exists()


def _check_small(number: int) -> None:
    if _is_small(number):
        fileworks.run_check(number, is_told=False)


def _onward(number: int) -> HttpResponse:
    """Lead to the file, or to what was said of it where the mistakes are there."""
    row = _found(number)
    about_said = bool(row.problems) and all(one["line"] is None and one["field"] for one in row.problems)
    name = "correct-file" if row.state == ImportState.FAULTY and about_said else "file"
    return redirect(f"budget:{name}", number=number)


def _say_written(request: HttpRequest, number: int) -> None:
    state = _found(number).state
    if state == ImportState.WRITTEN:
        messages.success(request, _("The file is written: its amounts count from now on."))
    elif state == ImportState.FAULTY:
        messages.error(request, _("Nothing of the file is written."))


def _tell(form: FileForm | SaidForm | UndoForm, refusal: Refusal) -> None:
    if refusal.code in {"unknown_file", "forbidden"}:
        raise refusal
    for one in refusal.problems:
        field = one.place.field if one.place else None
        at_file = "file" if "file" in form.fields else None
        form.add_error(field if field in form.fields else at_file, str(one.message))


def _keep_columns(form: SaidForm, request: HttpRequest) -> None:
    if name := form.cleaned_data["save_as"].strip():
        kept = {
            "columns": form.columns,
            "scale": form.said.scale,
            "saved_by": actor_of(request).key,
            "saved_at": clock.now(),
        }
        ColumnMapping.objects.update_or_create(name=name, defaults=kept)


def _found(number: int) -> TreasuryFile:
    found = TreasuryFile.objects.filter(pk=number).first()
    if found is None:
        raise Refusal("unknown_file", _("There is no such file."))
    return found


def _file(request: HttpRequest, number: int) -> dict[str, Any]:
    found = _found(number)
    return {
        "file": found,
        "states": ImportState,
        "problems": Paginator(found.problems, PAGE).get_page(request.GET.get("page")),
        "is_moving": found.state in treasury.MOVING,
        "is_stuck": treasury.is_stuck(found),
        "may_correct": found.state in treasury.CORRECTABLE,
        "may_cancel": found.state in treasury.CANCELLABLE,
        "may_see": can(actor_of(request), VIEW),
        "side": Side(found.side).label,
    }


def _language() -> str:
    return (get_language() or "ru")[:2]
