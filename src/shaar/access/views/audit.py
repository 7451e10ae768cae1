"""The audit: who changed what."""

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shaar.access.actors import actor_of
from shaar.access.audit import PAGE, AuditEntry, AuditQuery, audited_models, search
from shaar.access.events import note
from shaar.access.forms import AuditForm
from shaar.access.models import Happened, User
from shaar.access.permissions import scope
from shaar.access.policies import requires

EXPORTED = 10_000


@requires("audit.read")
@never_cache
def audit(request: HttpRequest) -> HttpResponse:
    """Show who changed what, the newest first."""
    form = AuditForm(request.GET, models=list(audited_models()))
    entries = search(_asked(request, form)) if form.is_valid() else []
    context = {
        "form": form,
        "entries": _shown(entries),
        "older": _older(request, entries),
    }
    return render(request, "access/audit.html", context)


@requires("audit.read")
@never_cache
def audit_csv(request: HttpRequest) -> HttpResponse:
    """Send what was searched for as CSV, at most ten thousand changes; the export is in the audit itself."""
    form = AuditForm(request.GET, models=list(audited_models()))
    if not form.is_valid():
        return redirect(f"{reverse('audit')}?{request.GET.urlencode()}")
    entries = _shown(search(_asked(request, form), limit=EXPORTED))
    actor = actor_of(request)
    if actor.id is not None:
        note(actor.id, Happened.AUDIT_EXPORTED, actor=actor, detail=str(len(entries)))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(["at", "who", "for", "address", "record", "row", "action", "field", "before", "after"])
    for entry in entries:
        about = [entry["at"].isoformat(), entry["who"], entry["behalf"], entry["url"], entry["model"]]
        for change in entry["changes"]:
            row = [*about, entry["row"], entry["action"], change.field, change.before, change.after]
            writer.writerow([_harmless(value) for value in row])
    return response


def _harmless(value: object) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _asked(request: HttpRequest, form: AuditForm) -> AuditQuery:
    """Return what is looked for, within the units whose audit the visitor may read."""
    wanted = form.cleaned_data["q"]
    known = User.objects.filter(Q(display_name__icontains=wanted) | Q(username=wanted)) if wanted else None
    named = tuple(f"user:{number}" for number in known.values_list("pk", flat=True)) if known else ()
    units = scope(actor_of(request), "audit.read").units
    actors = None
    if units is not None:
        theirs = User.objects.filter(unit__code__in=units).values_list("pk", flat=True)
        actors = tuple(f"user:{number}" for number in theirs)
    before = _moment(request.GET.get("before", ""))
    return AuditQuery(**form.cleaned_data, before=before, named=named, actors=actors)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _older(request: HttpRequest, entries: list[AuditEntry]) -> str:
    if len(entries) < PAGE:
        return ""
    kept = request.GET.copy()
    kept["before"] = entries[-1].at.isoformat()
    return "?" + kept.urlencode()


def _shown(entries: list[AuditEntry]) -> list[dict[str, Any]]:
    """Return what the page shows of each entry."""
    people = _people(entries)
    actions = {"insert": _("added"), "update": _("changed"), "delete": _("removed")}
    return [
        {
            "at": entry.at,
            "behalf": people.get(entry.behalf, entry.behalf),
            "who": people.get(entry.actor, entry.actor) or _("unknown"),
            "url": entry.url,
            "model": entry.model,
            "row": entry.row,
            "action": actions.get(entry.label, entry.label),
            "changes": entry.changes,
        }
        for entry in entries
    ]


def _people(entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Return the names of the people among the actors, by actor key."""
    keys = {key for entry in entries for key in (entry.actor, entry.behalf)}
    ids = {key.removeprefix("user:") for key in keys if key.startswith("user:")}
    named = User.objects.filter(pk__in=[number for number in ids if number.isdigit()])
    return {f"user:{user.pk}": user.display_name for user in named}
