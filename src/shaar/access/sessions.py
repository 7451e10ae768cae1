"""A person's sessions: begun by signing in, listed for them, ended by them or by an administrator."""

from dataclasses import dataclass
from datetime import datetime

from axes.helpers import get_client_ip_address
from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shaar.access.actors import Actor, actor_from
from shaar.access.events import note
from shaar.access.models import Happened, SignedIn, User
from shaar.kernel.clock import now
from shaar.kernel.errors import Refusal

BACKEND = "django.contrib.auth.backends.ModelBackend"
FACTOR, CONFIRMED = "factor", "confirmed_at"
FRESH_SECONDS = 600
PROGRAMS = ("Firefox", "Edg", "OPR", "YaBrowser", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux")


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session as its person sees it."""

    id: int
    at: datetime
    address: str
    program: str
    how: str
    is_current: bool


def begin(request: HttpRequest, user: User, *, how: str, factor: str = "") -> None:
    """Sign a person in: a session with a new key, remembered for their list and written into the audit."""
    with transaction.atomic():
        login(request, user, backend=BACKEND)
        confirm(request)
        request.session[FACTOR] = factor
        _forget_gone(user.pk)
        SignedIn.objects.create(
            user=user,
            session_key=request.session.session_key or "",
            at=now(),
            address=get_client_ip_address(request),
            agent=request.headers.get("User-Agent", "")[:300],
            how=how,
        )
        note(user.pk, Happened.SIGNED_IN, actor=actor_from(user), detail=f"{how} {factor}".strip())


def confirm(request: HttpRequest) -> None:
    """Remember that the person has just shown who they are."""
    request.session[CONFIRMED] = int(now().timestamp())


def is_fresh(request: HttpRequest) -> bool:
    """Tell whether the person showed within ten minutes who they are."""
    return now().timestamp() - float(request.session.get(CONFIRMED, 0)) < FRESH_SECONDS


def moved(before: str | None, after: str | None) -> None:
    """Remember a session under its new key."""
    SignedIn.objects.filter(session_key=before or "").update(session_key=after or "")


def sessions_of(user_id: int, *, current: str | None) -> list[SessionView]:
    """Return the sessions of a person that still hold, the newest first."""
    rows = list(SignedIn.objects.filter(user_id=user_id).order_by("-at", "-pk"))
    held = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=now()
        ).values_list("session_key", flat=True)
    )
    return [
        SessionView(
            id=row.pk,
            at=row.at,
            address=row.address or "",
            program=_program(row.agent),
            how=row.how,
            is_current=row.session_key == current,
        )
        for row in rows
        if row.session_key in held
    ]


def end_session(user_id: int, number: int, *, actor: Actor) -> None:
    """End one session of a person; Refusal `unknown_session`."""
    row = SignedIn.objects.filter(user_id=user_id, pk=number).first()
    if row is None:
        raise Refusal("unknown_session", _("This session has ended already."))
    _end([row], user_id, actor)


def end_sessions(user_id: int, *, actor: Actor, but: str | None = None) -> int:
    """End every session of a person, but for one key, and return how many there were."""
    rows = list(SignedIn.objects.filter(user_id=user_id).exclude(session_key=but or ""))
    _end(rows, user_id, actor)
    return len(rows)


def _end(rows: list[SignedIn], user_id: int, actor: Actor) -> None:
    with transaction.atomic():
        Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
        SignedIn.objects.filter(pk__in=[row.pk for row in rows]).delete()
        for _row in rows:
            note(user_id, Happened.SESSION_ENDED, actor=actor)


def _forget_gone(user_id: int) -> None:
    """Drop what is kept of sessions that ended by themselves."""
    rows = SignedIn.objects.filter(user_id=user_id)
    held = Session.objects.filter(session_key__in=rows.values("session_key"), expire_date__gt=now())
    rows.exclude(session_key__in=list(held.values_list("session_key", flat=True))).delete()


def _program(agent: str) -> str:
    """Return browser and system as people call them; what is neither stays as it was sent."""
    found = [next((name for name in names if name in agent), "") for names in (PROGRAMS, SYSTEMS)]
    named = {"Edg": "Edge", "OPR": "Opera", "YaBrowser": "Yandex", "Mac OS": "macOS"}
    return " · ".join(named.get(name, name) for name in found if name) or agent[:60]
