"""The page on which a citizen lets news come to the browser, and stops it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from shaar.access.api import public
from shaar.cases import api as cases
from shaar.kernel.errors import Refusal
from shaar.portal.news import queries
from shaar.portal.push import keeping

TEMPLATE = "portal/news/push.html"


# What a request may do it does by the browser's own secret address alone, so a forged one can do no more
# than its sender can; and the page sets no cookie.
@csrf_exempt
@public
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show how news come to a browser; keep its wish, or forget it."""
    if request.method == "POST":
        return _changed(request)
    return render(request, TEMPLATE, _context(request))


def _changed(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    if sent.get("do") == "stop":
        keeping.unsubscribe(sent.get("endpoint", ""))
        told = _("News no longer come to this browser, and its address is forgotten.")
        return render(request, TEMPLATE, {**_context(request), "done": told})
    address = cases.PushAddress(sent.get("endpoint", ""), sent.get("p256dh", ""), sent.get("auth", ""))
    wish = keeping.Wish(get_language() or "ru", sent.get("district", ""), sent.get("what") == "urgent")
    try:
        keeping.subscribe(address, wish)
    except Refusal as refusal:
        return render(request, TEMPLATE, {**_context(request), "refused": str(refusal.message)}, status=422)
    return render(request, TEMPLATE, {**_context(request), "done": _("News come to this browser now.")})


def _context(request: HttpRequest) -> dict[str, object]:
    return {
        "push_key": cases.push_key(),
        "districts": queries.districts(),
        "district": request.POST.get("district", ""),
        "is_urgent_only": request.POST.get("what") == "urgent",
    }
