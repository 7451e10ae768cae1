"""The pages of a unit's report: filling it in, its workbook, and the steps to acceptance."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import Actor, actor_of, requires
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Place, Refusal
from shaar.programme import desk, services
from shaar.programme.forms import RemarkForm, ReportForm, WorkbookForm
from shaar.programme.models import Status
from shaar.programme.permissions import REPORT, VIEW
from shaar.programme.workbooks import forms as workbooks
from shaar.programme.workbooks.opening import LARGEST, LARGEST_UNPACKED
from shaar.programme.workflow import RETURNED

SALT = "shaar.programme.workbook"
WORKBOOK_LIMITS = cases.FileLimits(size=LARGEST, unpacked=LARGEST_UNPACKED, types=(cases.XLSX,))
SIMPLE_STEPS: dict[str, Callable[..., Any]] = {
    "submit": services.submit,
    "approve": services.approve,
    "accept": services.accept,
}
REMARKED_STEPS = frozenset({"head_return", "office_return", "reopen"})


@requires(VIEW)
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, *, report: int) -> HttpResponse:
    """Show a report; while it is open its unit fills it in here, saves it or hands it in."""
    actor = actor_of(request)
    sheet = desk.sheet(report, actor=actor)
    form = _form(request, sheet, actor) if sheet.is_editable else None
    if request.method == "POST" and form is not None:
        if form.is_valid() and _saved(form, actor, is_final="submit" in request.POST):
            is_final = "submit" in request.POST
            text = _("The report is handed in.") if is_final else _("The draft is saved.")
            messages.success(request, text)
            return redirect("programme:report", report=report)
        return _page(request, sheet, form=form)
    if request.method == "POST":
        messages.error(request, _("The report was handed in: it can be changed once it is returned."))
        return redirect("programme:report", report=report)
    return _page(request, sheet, form=form)


@requires(VIEW)
@require_POST
def step(request: HttpRequest, *, report: int, step: str) -> HttpResponse:
    """Make a step of a report: hand in, approve, accept, or with a remark return it or open it again."""
    if step not in SIMPLE_STEPS and step not in REMARKED_STEPS:
        raise Http404
    actor = actor_of(request)
    sheet = desk.sheet(report, actor=actor)
    remark = RemarkForm(request.POST if step not in SIMPLE_STEPS else None)
    if step not in SIMPLE_STEPS and not remark.is_valid():
        return _page(request, sheet, remark=remark, step=step)
    try:
        _perform(report, step, remark, actor=actor, at=clock.now())
    except Refusal as refusal:
        if refusal.code == "forbidden":
            raise
        for one in refusal.problems:
            messages.error(request, str(one.message))
    else:
        messages.success(request, _("Done: the report has moved on."))
    return redirect("programme:report", report=report)


@requires(VIEW)
@require_safe
def workbook(request: HttpRequest, *, report: int) -> HttpResponse:
    """Send the workbook of a report, to be filled in by hand."""
    actor = actor_of(request)
    sheet = desk.sheet(report, actor=actor)
    response = HttpResponse(workbooks.make_form(report, actor=actor), content_type=cases.XLSX)
    name = f"{sheet.report.round.programme}-{sheet.report.unit}-{sheet.report.round.period}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@requires(REPORT)
@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, *, report: int) -> HttpResponse:
    """Take a filled workbook and show what it would change, cell by cell, and what is wrong in it."""
    actor = actor_of(request)
    sheet = desk.sheet(report, actor=actor)
    is_sent = request.method == "POST"
    form = WorkbookForm(request.POST, request.FILES) if is_sent else WorkbookForm()
    context: dict[str, Any] = {"sheet": sheet, "form": form, "run": None}
    if is_sent and cases.oversized(request):
        form.errors["file"] = form.error_class([str(cases.too_large(WORKBOOK_LIMITS))])
    elif is_sent and form.is_valid():
        try:
            context |= _dry_run(report, form.cleaned_data["file"], actor)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
    return render(request, "programme/staff/upload.html", context)


@requires(REPORT)
@require_POST
def apply(request: HttpRequest, *, report: int) -> HttpResponse:
    """Write the workbook that was looked at into the report."""
    actor = actor_of(request)
    desk.sheet(report, actor=actor)
    try:
        given = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=3600)
    except signing.BadSignature:
        given = {}
    if (given.get("report"), given.get("actor")) != (report, actor.key):
        messages.error(request, _("Too much time has passed: upload the workbook again."))
        return redirect("programme:upload", report=report)
    try:
        with cases.open_file(given["file"]) as stream:
            name = cases.file(given["file"]).name
            workbooks.apply_form(
                report, stream.read(), name=name, actor=actor, at=clock.now(), file=given["file"]
            )
    except Refusal as refusal:
        if refusal.code == "forbidden":
            raise
        for one in refusal.problems:
            messages.error(request, str(one))
        return redirect("programme:upload", report=report)
    messages.success(request, _("The workbook is written into the report. Check it and hand it in."))
    return redirect("programme:report", report=report)


# Files ----------------------------------------------------------------------------------------------------
def _form(request: HttpRequest, sheet: desk.Sheet, actor: Actor) -> ReportForm:
    """Return the form of a report; files chosen in it are kept at once: an error does not lose them."""
    if request.method != "POST":
        return ReportForm(sheet=sheet)
    data, dropped = request.POST.copy(), cases.oversized(request)
    given: dict[str, list[cases.FileView]] = {}
    wrong: list[tuple[str, Refusal]] = []
    for item in sheet.items:
        code = item.measure.code
        name, held = f"files-{code}", f"held-{code}"
        given[code] = _given_before(data.getlist(held), item, actor)
        wrong += [(name, cases.too_large())] if name in dropped else []
        for stream in request.FILES.getlist(name):
            try:
                given[code].append(
                    cases.store_file(stream, name=stream.name or "", actor=actor, at=clock.now())
                )
            except Refusal as refusal:
                wrong.append((name, refusal))
            else:
                data.appendlist(held, str(given[code][-1].id))
    form = ReportForm(data, sheet=sheet, files=given)
    if form.is_valid() or wrong:
        for field, told_of in wrong:
            form.add_error(field, django_forms.ValidationError(str(told_of.message), code=told_of.code))
    return form


def _given_before(held: list[str], item: desk.Item, actor: Actor) -> list[cases.FileView]:
    """Return the files that the person chose on this page earlier, before an error was told."""
    numbers = {int(one) for one in held if one.isdecimal()} - {one.id for one in item.files}
    return cases.loose_files(numbers, actor=actor)


# Filling in -------------------------------------------------------------------------------------------------
def _saved(form: ReportForm, actor: Actor, *, is_final: bool) -> bool:
    """Write the form into the report, all or nothing; mistakes go beside their fields."""
    at = clock.now()
    try:
        with transaction.atomic():
            for item in form.sheet.items:
                _save_item(form, item, actor)
            if is_final:
                services.submit(form.sheet.report.id, actor=actor, at=at)
    except Refusal as refusal:
        if refusal.code == "forbidden":
            raise
        for one in refusal.problems:
            _tell(form, one)
        return False
    return True


def _save_item(form: ReportForm, item: desk.Item, actor: Actor) -> None:
    given, report, code = form.cleaned_data, form.sheet.report, item.measure.code
    for figure in item.figures:
        quantity = given[f"figure-{figure.passport.code}"]
        if quantity != (figure.held.quantity if figure.held else None):
            services.enter_figure(
                report.id, figure.passport.code, quantity=quantity, actor=actor, territory=figure.territory
            )
    files = given.get(f"held-{code}", [])
    status = given[f"status-{code}"]
    if status:
        services.state_progress(
            report.id,
            code,
            status=status,
            reason=given[f"reason-{code}"],
            text=given[f"text-{code}"],
            files=files,
            actor=actor,
        )
    elif given[f"text-{code}"] or given[f"reason-{code}"] or files:
        message = _("State the status of this measure.")
        raise Refusal("status_missing", message, place=Place(field=code))


def _tell(form: ReportForm, refusal: Refusal) -> None:
    field = f"status-{refusal.place.field}" if refusal.place and refusal.place.field else None
    known = field if field in form.fields else None
    form.add_error(known, django_forms.ValidationError(str(refusal.message), code=refusal.code))


# Showing and moving -----------------------------------------------------------------------------------------
def _page(
    request: HttpRequest,
    sheet: desk.Sheet,
    *,
    form: ReportForm | None = None,
    remark: RemarkForm | None = None,
    step: str = "",
) -> HttpResponse:
    actor, case_id = actor_of(request), sheet.report.case_id
    events = desk.history(case_id)
    context = {
        "sheet": sheet,
        "form": form,
        "remark": remark or RemarkForm(),
        "step_in_hand": step,
        "steps": [one for one in cases.available(case_id, actor=actor) if one.code != "submit"],
        "events": events,
        "returned": desk.remark(events) if sheet.report.state == RETURNED else None,
        "statuses": dict(Status.choices),
    }
    return render(request, "programme/staff/report.html", context)


def _perform(report: int, step: str, remark: RemarkForm, *, actor: Actor, at: datetime) -> None:
    if step in SIMPLE_STEPS:
        SIMPLE_STEPS[step](report, actor=actor, at=at)
    elif step == "reopen":
        services.reopen(report, reason=remark.cleaned_data["remark"], actor=actor, at=at)
    else:
        services.send_back(report, remark=remark.cleaned_data["remark"], actor=actor, at=at)


def _dry_run(report: int, file: Any, actor: Actor) -> dict[str, Any]:
    """Read a workbook, keeping it only where it can be written into the report."""
    with transaction.atomic():
        stored = cases.store_file(file, name=file.name, actor=actor, at=clock.now(), limits=WORKBOOK_LIMITS)
        with cases.open_file(stored.id) as stream:
            run = workbooks.read_form(report, stream.read(), name=stored.name, actor=actor)
        if run.problems or not run.differences:
            transaction.set_rollback(True)
    token = signing.dumps({"report": report, "file": stored.id, "actor": actor.key}, salt=SALT)
    return {"run": run, "token": token}
