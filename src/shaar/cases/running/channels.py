"""How the channels fare: when something was sent last, what waits, what was given up and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from shaar.access.api import people
from shaar.cases.channels import registry
from shaar.cases.models import Delivery
from shaar.cases.notices.kinds import kind_of
from shaar.cases.workflows import Name

State = Delivery.State
DAY = timedelta(days=1)
MOST = 50


@dataclass(frozen=True, slots=True)
class Health:
    """A channel: whether it is set up, the last success, what waits, and the failures of the last day."""

    code: str
    name: Name
    is_ready: bool
    sent_at: datetime | None
    waiting: int
    sent: int
    dead: int


@dataclass(frozen=True, slots=True)
class Dead:
    """A message that was given up: to whom, of what kind, and the provider's code."""

    id: int
    channel: Name
    person: str
    kind: Name
    reason: str
    tried_at: datetime


def channel_health(*, at: datetime) -> list[Health]:
    """Return every channel, counted in one query."""
    rows = Delivery.objects.values("channel").annotate(
        last=Max("sent_at"),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        sent=Count("pk", filter=Q(sent_at__gt=at - DAY)),
        dead=Count("pk", filter=Q(state=State.DEAD)),
    )
    found = {row["channel"]: row for row in rows.order_by()}
    shown = []
    for one in registry.channels():
        row = found.get(one.code)
        numbers = (row["last"], row["waiting"], row["sent"], row["dead"]) if row else (None, 0, 0, 0)
        shown.append(Health(one.code, one.name, one.is_ready(), *numbers))
    return shown


def dead() -> Sequence[Dead]:
    """Return the messages that were given up last."""
    rows = list(
        Delivery.objects.filter(state=State.DEAD).select_related("notice").order_by("-next_at", "-pk")[:MOST]
    )
    names = people([row.notice.user_id for row in rows])
    return [
        Dead(
            row.pk,
            registry.channel(row.channel).name,
            names[row.notice.user_id].name if row.notice.user_id in names else "",
            kind_of(row.notice.kind).name,
            row.reason,
            row.next_at,
        )
        for row in rows
    ]
