"""Signing in at an outside provider: the way there and the way back."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shaar.access import oidc
from shaar.access.policies import public
from shaar.access.views.entering import enter, go_on, safe_page
from shaar.kernel.errors import Refusal

logger = logging.getLogger(__name__)


@public
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Send a person to the provider; by a link, since the content policy lets no form lead elsewhere."""
    if not oidc.name():
        raise Http404
    target = safe_page(request, request.GET.get("next", ""), settings.LOGIN_REDIRECT_URL)
    try:
        return HttpResponseRedirect(oidc.start(request, target=target))
    except Refusal as refusal:
        return _told(request, refusal)


@public
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """Let in whom the provider names, or say why not."""
    if not oidc.name():
        raise Http404
    try:
        arrived = oidc.finish(request)
        user = oidc.person_of(arrived)
    except Refusal as refusal:
        return _told(request, refusal)
    target = safe_page(request, arrived.target, settings.LOGIN_REDIRECT_URL)
    if settings.OIDC.is_strong:
        return enter(request, user, how="oidc", factor="oidc", target=target)
    return go_on(request, user, how="oidc", target=target)


def _told(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Show why nobody was signed in; the log keeps the code of the reason only."""
    logger.warning("signing in at the provider was refused: %s", refusal.code)
    context = {"refusal": refusal.message, "oidc_name": oidc.name()}
    return render(request, "access/outside_refused.html", context, status=403)
