"""Staff pages on which a role holder changes passports and rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shaar.access.api import actor_of, requires
from shaar.indicators import editing
from shaar.indicators.catalogue import catalogue
from shaar.indicators.editforms import CONTROLS, PassportForm, RulesForm, initial_of
from shaar.indicators.models import PackDocument
from shaar.indicators.packfiles import RULES
from shaar.indicators.permissions import CONFIGURE
from shaar.kernel import clock
from shaar.kernel.errors import Refusal


@requires(CONFIGURE)
@require_safe
def passports(request: HttpRequest) -> HttpResponse:
    """Show every passport by section, narrowed by words."""
    known = catalogue()
    words = request.GET.get("q", "").casefold().split()
    found = [
        one
        for one in known.passports.values()
        if all(
            word in f"{one.name.ru} {one.name.ky} {one.name.en} {one.row} {one.code}".casefold()
            for word in words
        )
    ]
    context = {"passports": found, "sections": known.sections, "query": request.GET.get("q", "")}
    return render(request, "indicators/staff/passports.html", context)


@requires(CONFIGURE)
@require_http_methods(["GET", "HEAD", "POST"])
def passport(request: HttpRequest, *, code: str) -> HttpResponse:
    """Show a passport with its history and take a change of it."""
    history = editing.versions(code)
    form = PassportForm(request.POST or None, document=history[0].document)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            editing.change_passport(
                code, form.changed, reason=reason, actor=actor_of(request), at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal, CONTROLS)
        else:
            messages.success(request, _("The passport is changed; reports published before keep theirs."))
            return HttpResponseRedirect(reverse("indicators:change-passport", kwargs={"code": code}))
    context = {"form": form, "code": code, "history": _told(history), "document": history[0].document}
    return render(request, "indicators/staff/passport.html", context)


@requires(CONFIGURE)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show the validation rules with their severity and exceptions, and take a change of them."""
    rows = list(PackDocument.objects.filter(name=RULES).order_by("-number")[:20])
    document: dict[str, Any] = rows[0].document if rows else {"rules": []}
    form = RulesForm(request.POST or None, document=document)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            editing.change_rules(form.changed, reason=reason, actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal, form.controls())
        else:
            messages.success(request, _("The rules are changed; findings are reckoned anew."))
            return HttpResponseRedirect(reverse("indicators:rules"))
    return render(request, "indicators/staff/rules.html", {"form": form, "history": rows})


def _told(history: list[editing.Version]) -> list[tuple[editing.Version, list[tuple[str, Any, Any]]]]:
    """Return each version with what it changed against the one before: control, before, after."""
    labels = {name: field.label for name, field in PassportForm.base_fields.items()}
    shown = [(one, initial_of(one.document)) for one in history]
    told = []
    for index, (version, now) in enumerate(shown):
        before = shown[index + 1][1] if index + 1 < len(shown) else None
        changes = [
            (str(labels.get(key, key)), before[key], value)
            for key, value in now.items()
            if before is not None and (before[key] or "") != (value or "")
        ]
        told.append((version, changes))
    return told
