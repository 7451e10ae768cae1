"""What programmes say on the first staff page: who has not reported."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from shaar.access.api import actor_of, can
from shaar.kernel import clock
from shaar.programme import desk
from shaar.programme.permissions import VIEW


def owed(request: HttpRequest) -> Mapping[str, Any] | None:
    """Return how many reports of the person's units are open and overdue, None to who may not see them."""
    actor = actor_of(request)
    if not can(actor, VIEW):
        return None
    reports = desk.filed(actor, VIEW, at=clock.now(), is_open=True)
    return {"open": len(reports), "overdue": sum(one.is_overdue for one in reports)}
