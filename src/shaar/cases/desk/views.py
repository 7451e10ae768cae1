"""The first staff page: the inbox, its filters, and what is done to many cases at once."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shaar.access.api import Actor, actor_of, staff, standing_in, users_with
from shaar.cases.desk import assigning, bulk, saved
from shaar.cases.desk.filters import Filter, parse
from shaar.cases.desk.forms import FilterForm, SaveForm
from shaar.cases.desk.lists import Inbox, Row, may_assign
from shaar.cases.desk.panels import panels
from shaar.cases.workflows import workflow
from shaar.kernel import clock
from shaar.kernel.errors import Refusal

MOST_TOLD = 5


@staff
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person's step, from every module."""
    kept = saved.saved_filters(actor_of(request))
    opening = next((one for one in kept if one.is_default), None)
    if opening and opening.query and not request.GET:
        return redirect(f"{reverse('cases:inbox')}?{opening.query}")
    return _page(request, parse(request.GET), kept)


@staff
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Do something to the cases that were marked, and tell what came of it."""
    actor, at = actor_of(request), clock.now()
    back = _back(request)
    chosen = [int(one) for one in request.POST.getlist("case") if one.isdecimal()][:200]
    if not chosen:
        messages.error(request, _("Mark the cases first."))
        return back
    try:
        outcome = _done(request.POST, chosen, actor, at)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return back
    _tell(request, outcome)
    return back


@staff
@require_POST
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the question under a name."""
    actor = actor_of(request)
    asked = parse(QueryDict(request.POST.get("query", "")))
    form = SaveForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            saved.save(given["name"], asked, actor=actor, is_default=given["is_default"])
        except Refusal as refusal:
            form.add_error("name", str(refusal.message))
        else:
            messages.success(request, _("The filter is saved."))
            return redirect(f"{reverse('cases:inbox')}?{asked.query() or 'sort=due'}")
    return _page(request, asked, saved.saved_filters(actor), form=form)


@staff
@require_POST
def change_filter(request: HttpRequest, *, number: int) -> HttpResponse:
    """Let a kept question open with the page, or not, or forget it."""
    actor = actor_of(request)
    try:
        match request.POST.get("do"):
            case "remove":
                saved.remove(number, actor=actor)
            case "default":
                saved.make_default(number, actor=actor)
            case _:
                saved.make_default(number, actor=actor, is_default=False)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return _back(request)


def _page(
    request: HttpRequest, asked: Filter, kept: list[saved.Saved], *, form: SaveForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    found = Inbox(actor, at=clock.now())
    choices = found.choices()
    page, rows = found.page(asked, request.GET.get("page"))
    absent = standing_in(actor)
    context: dict[str, Any] = {
        "page": page,
        "rows": rows,
        "choices": choices,
        "asked": asked,
        "query": asked.query(),
        "form": FilterForm(asked, choices, is_deputy=bool(absent)),
        "save_form": form or SaveForm(),
        "saved": kept,
        "absent": [name for _number, name, _until in absent],
        "steps": {step.code: step.name for row in rows for step in row.steps},
        "people": _people(actor, rows),
        "panels": panels(request),
        "tabs": _tabs(choices, asked),
    }
    return render(request, "cases/desk/inbox.html", context)


def _tabs(choices: Any, asked: Filter) -> list[dict[str, Any]]:
    """Return the questions that are asked every morning, with how much each finds."""
    base = reverse("cases:inbox")
    offered = [
        (_("All"), Filter(), choices.total),
        (_("Overdue"), Filter(due="overdue"), choices.overdue),
        (_("Today"), Filter(due="today"), choices.today),
        (_("In my hands"), Filter(whose="me"), choices.mine),
    ]
    return [
        {
            "name": name,
            "url": f"{base}?{one.query() or 'sort=due'}",
            "count": count,
            "is_current": one.query() == asked.query(),
        }
        for name, one, count in offered
    ]


def _people(actor: Actor, rows: list[Row]) -> list[Actor]:
    """Return to whom the cases of a page can be given, when the person may give at all."""
    if not may_assign(actor) and not any(row.is_mine for row in rows):
        return []
    verbs = {
        one.verb
        for name, state in {(row.case.workflow, row.case.state) for row in rows}
        for one in workflow(name).leaving(state)
    }
    found = {one.id: one for verb in sorted(verbs) for one in users_with(verb)}
    return sorted(found.values(), key=lambda one: one.name)


def _done(given: QueryDict, chosen: list[int], actor: Actor, at: datetime) -> bulk.Outcome:
    match given.get("do", ""):
        case "take":
            return assigning.take_many(chosen, actor=actor, at=at)
        case "release":
            return assigning.release_many(chosen, actor=actor, at=at)
        case "give":
            person = given.get("person", "")
            if not person.isdecimal():
                raise Refusal("person_missing", _("Choose the person to give the cases to."))
            return assigning.give_many(chosen, int(person), actor=actor, at=at)
        case step:
            return bulk.perform_many(step, chosen, actor=actor, at=at)


def _tell(request: HttpRequest, outcome: bulk.Outcome) -> None:
    if outcome.done:
        words = ngettext("Done for %(count)d case.", "Done for %(count)d cases.", outcome.done)
        messages.success(request, words % {"count": outcome.done})
    for case, message in outcome.refused[:MOST_TOLD]:
        messages.error(request, f"{case.title}: {message}")
    if (more := len(outcome.refused) - MOST_TOLD) > 0:
        words = ngettext("… and %(count)d more case.", "… and %(count)d more cases.", more)
        messages.error(request, words % {"count": more})


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the inbox as it was asked."""
    asked = parse(QueryDict(request.POST.get("query", "")))
    return redirect(f"{reverse('cases:inbox')}?{asked.query() or 'sort=due'}")
