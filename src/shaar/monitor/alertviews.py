"""Pages of alerts: the list, one alert, and its steps."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from shaar.access.api import actor_of, check, requires
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.monitor import alerts as keeping
from shaar.monitor import declared
from shaar.monitor.models import Alert
from shaar.monitor.permissions import ANSWER, VIEW

MOST = 200


class ReasonForm(forms.Form):
    """Why an alert is closed."""

    reason = forms.CharField(
        label=_("Why it is closed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label_suffix="",
    )


@requires(VIEW)
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Show the alerts that were raised, the open ones first, and the rules by which they are."""
    rows = list(Alert.objects.filter(case_id__isnull=False).order_by("-closed_at", "-raised_at")[:MOST])
    views = cases.get_many([row.case_id for row in rows if row.case_id])
    actor = actor_of(request)
    shown = [
        {"row": row, "case": views[row.case_id]}
        for row in rows
        if row.case_id in views and _may_see(actor, views[row.case_id])
    ]
    return render(request, "monitor/alerts.html", {"alerts": shown, "monitor": declared.monitor()})


@requires(VIEW)
@require_safe
def alert(request: HttpRequest, number: int) -> HttpResponse:
    """Show one alert: what raised it, by which rule, what was done."""
    return _page(request, number, ReasonForm())


@requires(ANSWER)
@require_POST
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Take an alert up, or close it with a reason."""
    actor, at = actor_of(request), clock.now()
    row = _alert(number)
    form = ReasonForm(request.POST)
    try:
        if step == "acknowledge":
            keeping.acknowledge(row.pk, actor=actor, at=at)
        elif step != "close":
            raise Http404
        elif not form.is_valid():
            return _page(request, number, form)
        else:
            keeping.close(row.pk, actor=actor, at=at, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        if refusal.code == "forbidden":
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Done: the alert has moved on."))
    return redirect("monitor:alert", number=number)


def _page(request: HttpRequest, number: int, form: ReasonForm) -> HttpResponse:
    row = _alert(number)
    case = cases.get(row.case_id or 0)
    check(actor_of(request), VIEW, unit=case.unit)
    monitor = declared.monitor()
    rules = monitor.alerts if monitor else ()
    values: dict[str, Any] = {
        "alert": row,
        "case": case,
        "rule": next((one for one in rules if one.code == row.rule), None),
        "steps": cases.available(case.id, actor=actor_of(request)),
        "events": cases.timeline(case.id),
        "form": form,
    }
    return render(request, "monitor/alert.html", values)


def _alert(number: int) -> Alert:
    try:
        return keeping.get(number)
    except Refusal as refusal:
        raise Http404(str(refusal.message)) from refusal


def _may_see(actor: Any, case: cases.CaseView) -> bool:
    try:
        check(actor, VIEW, unit=case.unit)
    except Refusal:
        return False
    return True
