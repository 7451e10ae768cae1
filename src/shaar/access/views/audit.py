"""The audit: who changed what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shaar.access.audit import PAGE, AuditEntry, AuditQuery, audited_models, search
from shaar.access.forms import AuditForm
from shaar.access.models import User
from shaar.access.policies import requires


@requires("audit.read")
@never_cache
def audit(request: HttpRequest) -> HttpResponse:
    """Show who changed what, the newest first."""
    names = list(audited_models())
    form = AuditForm(request.GET, models=names)
    entries: list[AuditEntry] = []
    if form.is_valid():
        query = AuditQuery(**form.cleaned_data, before=_moment(request.GET.get("before", "")))
        entries = search(query)
    context = {
        "form": form,
        "entries": _shown(entries),
        "older": _older(request, entries),
    }
    return render(request, "access/audit.html", context)


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
    ids = {entry.actor.removeprefix("user:") for entry in entries if entry.actor.startswith("user:")}
    named = User.objects.filter(pk__in=[number for number in ids if number.isdigit()])
    return {f"user:{user.pk}": user.display_name for user in named}
