"""The choice of appearance and the list of keyboard shortcuts."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from shaar.access.api import public
from shaar.ui.navigation import shortcuts_of
from shaar.ui.themes import COOKIE, KEPT, THEMES


@csrf_exempt  # the most that a forged request could do is to change a colour
@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember the appearance that the person chose and stay on the page."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(asked if is_ours else "/")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=KEPT,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


@public
@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Show the keys that the pages know."""
    return render(request, "ui/shortcuts.html", {"shortcuts": shortcuts_of(request)})
