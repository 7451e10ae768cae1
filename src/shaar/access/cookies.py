"""Who a session cookie belongs to, for a process that answers without Django's requests."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from shaar.access.actors import NOBODY, Actor, actor_from
from shaar.access.models import User
from shaar.access.sessions import FACTOR


def actor_of_cookie(session_key: str) -> Actor:
    """Return who is signed in by a session's key: nobody where pages would first ask for something more."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not isinstance(user, User) or user.must_change_password:
        return NOBODY
    if settings.SECOND_FACTOR_REQUIRED and not request.session.get(FACTOR):
        return NOBODY
    return actor_from(user)
