"""The addresses that people bound to channels: sealed, of one person each, dropped when gone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from shaar.cases.models import Subscription
from shaar.kernel.sealing import keyed_hashes, seal, unseal

PURPOSE = "cases.subscription"


@dataclass(frozen=True, slots=True)
class Bound:
    """An address as a person's settings show it: never the address itself."""

    id: int
    channel: str
    label: str
    made_at: datetime


@transaction.atomic
def bind(
    user_id: int, channel: str, address: str, *, given: Mapping[str, str], label: str, at: datetime
) -> int:
    """Bind an address to a person; one that was another's is from now on this person's alone."""
    sealed = seal(json.dumps({"address": address, **given}).encode(), purpose=PURPOSE)
    now, *earlier = keyed_hashes(address, purpose=PURPOSE)
    Subscription.objects.filter(channel=channel, fingerprint__in=earlier).update(fingerprint=now)
    row, _is_new = Subscription.objects.update_or_create(
        channel=channel,
        fingerprint=now,
        defaults={
            "user_id": user_id,
            "sealed": sealed,
            "label": label[:80],
            "made_at": at,
            "gone_at": None,
        },
    )
    return row.pk


def bound(user_id: int) -> list[Bound]:
    """Return the addresses of a person, the oldest first."""
    rows = Subscription.objects.filter(user_id=user_id, gone_at__isnull=True).order_by("made_at", "pk")
    return [Bound(row.pk, row.channel, row.label, row.made_at) for row in rows]


def targets(user_id: int, channel: str) -> list[int | None]:
    """Return the numbers of a person's addresses of a channel."""
    rows = Subscription.objects.filter(user_id=user_id, channel=channel, gone_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def opened(number: int) -> dict[str, str] | None:
    """Return the address behind a number with what belongs to it, None when it is gone."""
    row = Subscription.objects.filter(pk=number, gone_at__isnull=True).first()
    if row is None:
        return None
    held: dict[str, str] = json.loads(unseal(bytes(row.sealed), purpose=PURPOSE))
    return held


def drop(number: int, *, at: datetime, user_id: int | None = None) -> int:
    """Let an address go, if it is the person's; return how many there were."""
    rows = Subscription.objects.filter(pk=number, gone_at__isnull=True)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return rows.update(gone_at=at, sealed=b"")


def drop_address(channel: str, address: str, *, at: datetime) -> int:
    """Let the address itself go, whosever it is."""
    hashes = keyed_hashes(address, purpose=PURPOSE)
    rows = Subscription.objects.filter(channel=channel, fingerprint__in=hashes, gone_at__isnull=True)
    return rows.update(gone_at=at, sealed=b"")
