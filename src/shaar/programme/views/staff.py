"""The reports of one's units, and who owes a report."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from shaar.access.api import actor_of, can, requires, scope
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.programme import desk, queries, services
from shaar.programme.forms import RoundForm
from shaar.programme.permissions import ACCEPT, VIEW

PAGE = 50


@requires(VIEW)
@never_cache
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Show the reports of the person's units."""
    actor, at = actor_of(request), clock.now()
    found = desk.filed(actor, VIEW, at=at)
    context = {
        "reports": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "owed": sum(one.is_overdue for one in found),
        "sees_all": scope(actor, VIEW).units is None,
    }
    return render(request, "programme/staff/reports.html", context)


@requires(VIEW)
@never_cache
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """Show who has not reported, the overdue first; the office can open a round here."""
    actor, at = actor_of(request), clock.now()
    owed = desk.filed(actor, VIEW, at=at, is_open=True)
    context = {
        "page": Paginator(sorted(owed, key=lambda one: (one.due_at or at, one.id)), PAGE).get_page(
            request.GET.get("page")
        ),
        "overdue_count": sum(one.is_overdue for one in owed),
        "all_count": len(desk.filed(actor, VIEW, at=at)),
        "may_open": can(actor, ACCEPT),
    }
    return render(request, "programme/staff/overdue.html", context)


@requires(ACCEPT)
@never_cache
@require_http_methods(["GET", "POST"])
def new_round(request: HttpRequest) -> HttpResponse:
    """Open a reporting round."""
    language = (get_language() or "ru")[:2]
    known = [(one.code, one.name.of(language)) for one in queries.programmes()]
    form = RoundForm(request.POST or None, programmes=known)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.open_round(
                given["programme"],
                given["period"],
                actor=actor_of(request),
                at=clock.now(),
                due_working_days=given["days"],
            )
        except Refusal as refusal:
            if refusal.code == "forbidden":
                raise
            form.add_error("period", str(refusal.message))
        else:
            messages.success(request, _("The round is open: every responsible unit has a report to file."))
            return redirect("programme:overdue")
    return render(request, "programme/staff/round.html", {"form": form})
