"""What happened to a person's signing in, written where the audit finds it."""

from datetime import timedelta

from shaar.access.actors import Actor, acting
from shaar.access.models import Happened, SecurityEvent
from shaar.kernel.clock import now


def note(user_id: int, kind: Happened, *, actor: Actor, detail: str = "") -> None:
    """Write an event into the audit; `detail` holds no secret and nothing personal."""
    with acting(actor):
        SecurityEvent.objects.create(user_id=user_id, kind=kind, detail=detail[:200], at=now())


def count(user_id: int, kind: Happened, *, within: timedelta) -> int:
    """Return how often something happened to a person lately."""
    return SecurityEvent.objects.filter(user_id=user_id, kind=kind, at__gt=now() - within).count()
