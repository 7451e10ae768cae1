"""Refuses every page that its visitor may not open, and names who acts in the history of changes."""

import logging
from collections.abc import Callable
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from shaar.access.actors import NOBODY, actor_of
from shaar.access.models import User
from shaar.access.permissions import note_behalf, scope
from shaar.access.policies import policy_of
from shaar.access.sessions import FACTOR

ADDING_A_FACTOR = frozenset(
    {"settings-security", "settings-confirm", "settings-app", "settings-passkey", "password-change"}
)
logger = logging.getLogger(__name__)


class AccessMiddleware:
    """Asks each view's policy before the view runs; a view without one is refused with 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Let the view run, ask a stranger to sign in, or refuse."""
        policy = policy_of(view)
        if policy is None:
            logger.error("%s has no access policy and was refused", request.resolver_match)
            raise PermissionDenied
        if policy.kind == "public":
            return None
        actor = actor_of(request)
        if actor == NOBODY:
            return redirect_to_login(_way_back(request), settings.LOGIN_URL)
        if duty := _duty(request):
            return redirect(duty)
        if policy.kind == "verb":
            found = scope(actor, policy.verb)
            if not found.covers():
                raise PermissionDenied
            note_behalf(found.behalf())
        return None


class HistoryMiddleware:
    """Writes the actor and the address into the history of every change that a request makes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with pghistory.context(actor=actor_of(request).key, method=request.method, url=request.path):
            return self.get_response(request)


def _duty(request: HttpRequest) -> str:
    """Return the page that a person must deal with first: their own password, then a second factor."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if isinstance(request.user, User) and request.user.must_change_password:
        return "" if name == "password-change" else "password-change"
    if settings.SECOND_FACTOR_REQUIRED and not request.session.get(FACTOR):
        return "" if name in ADDING_A_FACTOR else "settings-security"
    return ""


def _way_back(request: HttpRequest) -> str:
    """Return the page to come back to: a form that was sent is asked for anew, not sent twice."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
