"""Pages of regulations: a version as people read it and as a file, and a new version brought as a file."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shaar.access.api import actor_of, can, requires
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.ratings import drafting, freezing
from shaar.ratings.forms import RegulationForm
from shaar.ratings.models import Regulation
from shaar.ratings.permissions import REGULATE, VIEW

MOST_CHANGES = 300


@requires(VIEW)
@never_cache
@require_safe
def regulation(request: HttpRequest, number: int) -> HttpResponse:
    """Show a version of a regulation: groups, blocks, criteria, bands, rules, and what it changed."""
    row = _get(number)
    rules = row.declared
    names = freezing.unit_names(rules, Period.of(clock.today(), rules.kinds[0]))
    before = Regulation.objects.filter(code=row.code, version=row.version - 1).first()
    values = {
        "row": row,
        "rules": rules,
        "groups": [(group, [names[unit] for unit in group.units]) for group in rules.groups],
        "changes": drafting.changes(before.declared, rules)[:MOST_CHANGES] if before else [],
        "may_regulate": can(actor_of(request), REGULATE),
    }
    return render(request, "ratings/regulation.html", values)


@requires(VIEW)
@never_cache
@require_safe
def file(_request: HttpRequest, number: int) -> HttpResponse:
    """Send a version of a regulation as the file that can be changed and brought back."""
    row = _get(number)
    answer = HttpResponse(drafting.as_file(row.declared), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.code}-{row.version}.yaml"'
    return answer


@requires(REGULATE)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Check a file, show what would change, and keep it as the next version."""
    is_sent = request.method == "POST"
    form = RegulationForm(request.POST, request.FILES) if is_sent else RegulationForm()
    values: dict[str, Any] = {"form": form}
    if is_sent and form.is_valid():
        content = form.content
        try:
            if "keep" in request.POST:
                row = drafting.record(content, actor=actor_of(request))
                messages.success(request, _("Kept as version %(version)s.") % {"version": row.version})
                return redirect("ratings:regulation", number=row.pk)
            values |= _preview(content)
        except Refusal as refusal:
            for problem in refusal.problems:
                form.add_error("file", _said(problem))
    return render(request, "ratings/new_regulation.html", values)


def _preview(content: bytes) -> dict[str, Any]:
    found = drafting.read(content)
    newest = drafting.newest_of(found.code)
    changes = drafting.changes(newest.declared if newest else None, found)
    return {
        "found": found,
        "newest": newest,
        "version": newest.version + 1 if newest else 1,
        "changes": changes[:MOST_CHANGES],
        "more": max(0, len(changes) - MOST_CHANGES),
        "text": content.decode("utf-8"),
    }


def _said(problem: Refusal) -> str:
    """Return a mistake with the line and the field where it stands."""
    place = problem.place
    if place is None or place.line is None:
        return str(problem.message)
    where = _("Line %(line)s") % {"line": place.line}
    return f"{where}{f', {place.field}' if place.field else ''}: {problem.message}"


def _get(number: int) -> Regulation:
    row = Regulation.objects.filter(pk=number).first()
    if row is None:
        raise Refusal("unknown_regulation", _("There is no such regulation."))
    return row
