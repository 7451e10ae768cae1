"""People and their roles, looked after by administrators."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shaar.access.audit import PAGE
from shaar.access.policies import requires
from shaar.access.queries import people_list, rows_of


@requires("access.admin")
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Show who may sign in and which roles they hold where today, in pages of fifty."""
    wanted = request.GET.get("q", "").strip()
    page = Paginator(people_list(wanted), PAGE).get_page(request.GET.get("page"))
    return render(request, "access/people.html", {"page": page, "q": wanted, "rows": rows_of(page)})
