"""Pages of ratings for the staff: the list of rounds, a round with its groups and steps."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shaar.access.api import actor_of, can, requires
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.ratings import freezing, rounds, shown
from shaar.ratings.forms import ReasonForm, RoundForm
from shaar.ratings.models import Objection, Regulation, Round
from shaar.ratings.permissions import REGULATE, RUN, VIEW
from shaar.ratings.workflow import COMPUTED

MOST = 100


@requires(VIEW)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the rounds, the newest first, and the regulations in force."""
    rows = list(Round.objects.select_related("regulation").order_by("-pk")[:MOST])
    states = cases.get_many([row.case_id for row in rows if row.case_id])
    listed = [
        {
            "row": row,
            "title": rounds.title_of(row.regulation, Period.parse(row.period)),
            "case": states[row.case_id],
        }
        for row in rows
        if row.case_id in states
    ]
    values = {
        "rounds": listed,
        "regulations": Regulation.objects.order_by("code", "-version"),
        "may_run": can(actor_of(request), RUN),
        "may_regulate": can(actor_of(request), REGULATE),
    }
    return render(request, "ratings/index.html", values)


@requires(RUN)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open the rating of a period."""
    held = Regulation.objects.order_by("code", "-version")
    form = RoundForm(request.POST or None, regulations=held)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            number = rounds.open_round(
                int(given["regulation"]), given["period"], actor=actor_of(request), at=clock.now()
            )
        except Refusal as refusal:
            if refusal.code == "forbidden":
                raise
            form.add_error("period", str(refusal.message))
        else:
            messages.success(request, _("The figures are read: see what is missing before you go on."))
            return redirect("ratings:round", number=number)
    return render(request, "ratings/new.html", {"form": form, "has_regulations": held.exists()})


@requires(VIEW)
@never_cache
@require_safe
def round_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show a round: the ranks of a group, objections, what was done and what can be done."""
    return _round(request, number, ReasonForm())


@requires(RUN)
@require_POST
def read_again(request: HttpRequest, number: int) -> HttpResponse:
    """Read the figures of a round anew."""
    try:
        changed = rounds.read_again(number, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        if refusal.code != "not_allowed_here":
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Figures that have changed: %(count)s.") % {"count": changed})
    return redirect("ratings:round", number=number)


@requires(VIEW)
@require_POST
def step(request: HttpRequest, number: int, code: str) -> HttpResponse:
    """Make a step of a round."""
    form = ReasonForm(request.POST)
    reason = request.POST.get("reason", "")
    try:
        rounds.step(number, code, actor=actor_of(request), at=clock.now(), reason=reason)
    except Refusal as refusal:
        if refusal.code == "reason_required":
            form.is_valid()
            return _round(request, number, form)
        if refusal.code in {"forbidden", "unknown_round"}:
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Done: the round has moved on."))
    return redirect("ratings:round", number=number)


def _round(request: HttpRequest, number: int, form: ReasonForm) -> HttpResponse:
    row = rounds.get(number)
    actor, period = actor_of(request), Period.parse(row.period)
    rules = row.regulation.declared
    results = [one for one in freezing.results(row) if shown.visible(actor, one.units)]
    asked = request.GET.get("group", "")
    chosen = next((one for one in results if one.group.code == asked), results[0] if results else None)
    names = freezing.unit_names(rules, period)
    table = None
    if chosen is not None:
        table = shown.group_table(row, chosen, names=names, request=request, actor=actor)
        if table.wants_file:
            return table.file()
    case = cases.get(row.case_id or 0)
    values: dict[str, Any] = {
        "row": row,
        "rules": rules,
        "title": rounds.title_of(row.regulation, period),
        "case": case,
        "groups": [one.group for one in results],
        "chosen": chosen,
        "table": table,
        "objections": _objections(row, actor),
        "steps": cases.available(case.id, actor=actor),
        "events": cases.timeline(case.id),
        "may_read": case.state == COMPUTED and can(actor, RUN, unit=rules.unit),
        "editions": row.editions.order_by("-number"),
        "form": form,
    }
    return render(request, "ratings/round.html", values)


def _objections(row: Round, actor: Any) -> list[dict[str, Any]]:
    held = [
        one for one in Objection.objects.filter(round=row).order_by("-pk") if can(actor, VIEW, unit=one.unit)
    ]
    states = cases.get_many([one.case_id for one in held if one.case_id])
    return [{"row": one, "case": states[one.case_id]} for one in held if one.case_id in states]
