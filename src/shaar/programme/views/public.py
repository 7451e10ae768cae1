"""Public pages of a programme: what it is, its directions and measures, and how far they are."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from shaar.access.api import public
from shaar.programme import downloads, history, pages, promises, queries
from shaar.programme.outcomes import ProgrammeView

PAGE = 50


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every programme of the city."""
    listed = [(one, pages.KINDS.get(one.kind, pages.KINDS["development"])) for one in queries.programmes()]
    return render(request, "programme/index.html", {"programmes": listed})


@public
@require_safe
def programme(request: HttpRequest, *, code: str) -> HttpResponse:
    """Show what a programme is, how far it is in a year, its directions, acts and revisions."""
    view, when = _moment(request, code)
    found = pages.lines(code, when)
    summary = queries.progress(code, year=when.year)
    context = {
        **_shared(view, when),
        "cards": pages.cards(view, found),
        "chart": pages.status_chart(pages.counts(found), language=_language()),
        "summary": summary,
        "totals": pages.totals(view, when.year),
        "unlisted": pages.unlisted(summary),
        "revisions": pages.revisions_of(view),
        "years": range(view.first_year, view.last_year + 1),
        "promises": promises.of(view),
        "kind": pages.KINDS.get(view.kind, pages.KINDS["development"]),
    }
    return render(request, "programme/programme.html", context)


@public
@require_safe
def direction(request: HttpRequest, *, code: str, number: int) -> HttpResponse:
    """Show a direction: its measures and their statuses."""
    view, when = _moment(request, code)
    node = next((one for one in view.directions if one.number == number), None)
    if node is None:
        raise Http404
    found = pages.lines(code, when, pages.Asked(direction=number))
    context = {
        **_shared(view, when),
        "node": node,
        "lines": found,
        "chart": pages.status_chart(pages.counts(found), language=_language()),
        "others": [one for one in view.directions if one.number != number],
    }
    return render(request, "programme/direction.html", context)


@public
@require_safe
def measures(request: HttpRequest, *, code: str) -> HttpResponse:
    """Show the measures of a year that the filters let through."""
    view, when = _moment(request, code)
    asked = _asked(request)
    found = pages.lines(code, when, asked)
    every = queries.measures(code, year=when.year, on=when.on) if asked != pages.Asked() else None
    shown = every if every is not None else [line.measure for line in found]
    context = {
        **_shared(view, when),
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "count": len(found),
        "filters": {
            "status": [(key, name, key == asked.status) for key, name in pages.STATUSES.items()],
            "direction": [(one.number, one.name, one.number == asked.direction) for one in view.directions],
            "unit": [(key, name, key == asked.unit) for key, name in pages.responsible_units(shown, when.on)],
        },
        "query": asked.query,
        "asked": request.GET.urlencode(),
    }
    return render(request, "programme/measures.html", context)


@public
@require_safe
def measures_csv(request: HttpRequest, *, code: str) -> HttpResponse:
    """Give the measures that the filters let through as CSV."""
    _view, when = _moment(request, code)
    return downloads.measures_csv(
        pages.lines(code, when, _asked(request)), name=f"measures-{code}-{when.year}"
    )


@public
@require_safe
def measures_json(request: HttpRequest, *, code: str) -> HttpResponse:
    """Give the measures that the filters let through as JSON."""
    _view, when = _moment(request, code)
    return downloads.measures_json(pages.lines(code, when, _asked(request)), programme=code, year=when.year)


@public
@require_safe
def measure(request: HttpRequest, *, code: str, measure: str) -> HttpResponse:
    """Show one measure: text, units, money, indicators with their values, statuses, findings."""
    view, when = _moment(request, code)
    one = queries.measure(code, measure, year=when.year, on=when.on)
    node = next((each for each in view.directions if each.number == one.direction), None)
    context = {
        **_shared(view, when),
        "line": pages.line_of(one, when.on),
        "measure": one,
        "node": node,
        "linked": pages.linked(one, when.year),
        "stated_name": pages.STATUSES[one.stated_status or pages.UNKNOWN_STATUS],
        "derived_name": pages.STATUSES[one.derived_status or pages.UNKNOWN_STATUS],
        "serves": queries.serves(code, measure),
        "changes": history.measure_history(code, measure),
        "revision": next((each for each in view.revisions if each.number == one.revision), None),
    }
    return render(request, "programme/measure.html", context)


def _moment(request: HttpRequest, code: str) -> tuple[ProgrammeView, pages.Moment]:
    return pages.moment(code, year=request.GET.get("year", ""), on=request.GET.get("on", "").strip())


def _shared(view: ProgrammeView, when: pages.Moment) -> dict[str, Any]:
    return {
        "programme": view,
        "when": when,
        "kept": f"on={when.on}" if when.is_dated else f"year={when.year}",
    }


def _asked(request: HttpRequest) -> pages.Asked:
    given = request.GET
    number = given.get("direction", "")
    return pages.Asked(
        status=given.get("status", "") if given.get("status", "") in pages.STATUSES else "",
        direction=int(number) if number.isdecimal() else None,
        unit=given.get("unit", "").strip(),
        query=given.get("q", "").strip(),
    )


def _language() -> str:
    return (get_language() or "ru")[:2]
