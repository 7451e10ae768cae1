"""The pages by which the programme's office changes a plan: revisions by legal act, and their measures."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, requires
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.programme import drafting, queries, services
from shaar.programme.outcomes import MeasureData
from shaar.programme.permissions import PLAN
from shaar.programme.planforms import CancelForm, MeasureForm, RevisionForm


@requires(PLAN)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the programmes whose plans can be changed."""
    return render(request, "programme/staff/plans.html", {"programmes": queries.programmes()})


@requires(PLAN)
@never_cache
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, *, code: str) -> HttpResponse:
    """Show a plan with its open draft; without one, start the next revision."""
    actor = actor_of(request)
    shown = drafting.plan(code, actor=actor)
    form = RevisionForm(request.POST or None) if shown.draft is None else None
    if form is not None and form.is_valid():
        try:
            services.start_revision(code, **form.cleaned_data, actor=actor, at=clock.now())
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("The draft is open: change the measures, then put it in force."))
            return redirect("programme:plan", code=code)
    return render(request, "programme/staff/plan.html", {"plan": shown, "form": form})


@requires(PLAN)
@never_cache
@require_http_methods(["GET", "POST"])
def measure(request: HttpRequest, *, code: str, measure: str = "") -> HttpResponse:
    """Change a measure in the draft, or add one."""
    actor = actor_of(request)
    draft = drafting.draft_of(code, actor=actor)
    before = drafting.measure_of(code, measure, draft=draft) if measure else None
    form = MeasureForm(
        request.POST or None,
        programme=queries.required_programme(code),
        on=draft.effective_from,
        data_before=before,
    )
    if form.is_valid():
        save = services.change_measure if before else services.add_measure
        try:
            save(draft.id, form.measure(), actor=actor)
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("The measure is written into the draft."))
            return redirect("programme:plan", code=code)
    return _measure_page(request, code, before, form)


@requires(PLAN)
@never_cache
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, *, code: str, measure: str) -> HttpResponse:
    """Take a measure out of the plan in the draft, saying why."""
    actor = actor_of(request)
    draft = drafting.draft_of(code, actor=actor)
    before = drafting.measure_of(code, measure, draft=draft)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        try:
            services.cancel_measure(draft.id, measure, reason=form.cleaned_data["reason"], actor=actor)
        except Refusal as refusal:
            _tell(form, refusal)
        else:
            messages.success(request, _("The measure is cancelled in the draft."))
            return redirect("programme:plan", code=code)
    context = {"form": form, "measure": before, "code": code}
    return render(request, "programme/staff/cancel.html", context)


@requires(PLAN)
@require_POST
def enact(request: HttpRequest, *, code: str) -> HttpResponse:
    """Put the draft in force."""
    return _finish(request, code, services.enact_revision, _("The revision is in force."), at=clock.now())


@requires(PLAN)
@require_POST
def discard(request: HttpRequest, *, code: str) -> HttpResponse:
    """Throw the draft away."""
    return _finish(request, code, services.discard_revision, _("The draft is thrown away."))


def _finish(request: HttpRequest, code: str, verb: Any, text: str, **more: Any) -> HttpResponse:
    actor = actor_of(request)
    try:
        verb(drafting.draft_of(code, actor=actor).id, actor=actor, **more)
    except Refusal as refusal:
        if refusal.code == "forbidden":
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, text)
    return redirect("programme:plan", code=code)


def _measure_page(
    request: HttpRequest, code: str, before: MeasureData | None, form: MeasureForm
) -> HttpResponse:
    context = {"form": form, "measure": before, "code": code}
    return render(request, "programme/staff/measure.html", context)


def _tell(form: Form, refusal: Refusal) -> None:
    if refusal.code == "forbidden":
        raise refusal
    for one in refusal.problems:
        field = one.place.field if one.place else None
        form.add_error(field if field in form.fields else None, str(one.message))
