"""Sending what waits: one message under a lock of its row, later again when the provider says so."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from shaar.access.api import people
from shaar.cases.channels import registry, subscriptions
from shaar.cases.channels.base import Gone, Later, Message, Refused
from shaar.cases.models import Delivery, Notice
from shaar.cases.notices import wording
from shaar.cases.notices.kinds import kind_of
from shaar.kernel import clock, jobs
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text

logger = logging.getLogger(__name__)
MOST = 10
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
FORGOTTEN = timedelta(minutes=10)
State = Delivery.State


@transaction.atomic
def deliver(number: int, *, at: datetime) -> None:
    """Send a delivery that waits; do nothing for one that is under way, over, or not yet due.

    The row is locked while the provider is called and marked in the same transaction: of two workers one
    sends. A process killed between the provider's yes and the mark sends again, under the same tag.
    """
    found = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("notice")
    row = found.filter(pk=number, state=State.WAITING, next_at__lte=at).first()
    if row is None:
        return
    row.attempts += 1
    try:
        channel = registry.channel(row.channel)
        if not channel.is_ready():
            raise Refused("channel not set up")
        message = message_of(row.notice)
        channel.send(message, user_id=row.notice.user_id, subscription=row.subscription_id)
    except Later as later:
        _again(row, later, at)
    except Gone as gone:
        _finish(row, State.DROPPED, gone.reason)
        if row.subscription_id is not None:
            subscriptions.drop(row.subscription_id, at=at)
    except (Refused, Refusal) as refused:
        _finish(row, State.DEAD, refused.reason if isinstance(refused, Refused) else refused.code)
    else:
        row.sent_at = at
        _finish(row, State.SENT, "")


def message_of(notice: Notice) -> Message:
    """Return a notice in the words and the language of its person."""
    person = people([notice.user_id])[notice.user_id]
    kind = kind_of(notice.kind)
    language = person.language
    url = f"{settings.SHAAR_PUBLIC_URL}{notice.url or '/staff/notices/'}"
    with timezone.override(clock.city_time_zone()):
        told = timezone.localtime(notice.told_at).strftime("%d.%m.%Y %H:%M")
    with override(language):
        kind_name = str(kind.name)
    values = {
        "name": person.name,
        "text": Text(notice.text_ru, notice.text_ky, notice.text_en).of(language),
        "kind": kind_name,
        "time": told,
        "url": url,
    }
    title, body = wording.filled(wording.words_of(notice.kind, language), values)
    return Message(
        title, values["text"], body, url, f"notice-{notice.pk}", language, is_urgent=kind.is_urgent
    )


def retry(number: int, *, at: datetime) -> None:
    """Send a delivery anew that was given up; Refusal `unknown_delivery`."""
    with transaction.atomic():
        row = Delivery.objects.select_for_update().filter(pk=number, state=State.DEAD).first()
        if row is None:
            raise Refusal("unknown_delivery", "")
        row.state, row.attempts, row.next_at, row.reason = State.WAITING, 0, at, ""
        row.save()
        jobs.defer("cases.deliver", delivery=row.pk)


def send_forgotten(*, at: datetime) -> int:
    """Defer the jobs of deliveries that should have been sent minutes ago; return how many."""
    rows = Delivery.objects.filter(state=State.WAITING, next_at__lt=at - FORGOTTEN)
    numbers = list(rows.values_list("pk", flat=True).order_by("pk")[:1000])
    for number in numbers:
        jobs.defer("cases.deliver", delivery=number)
    return len(numbers)


def _again(row: Delivery, later: Later, at: datetime) -> None:
    row.reason = later.reason
    if row.attempts >= MOST:
        _finish(row, State.DEAD, later.reason)
        return
    wait = later.after if later.after is not None else backoff(row.attempts)
    row.next_at = at + wait
    row.save()
    jobs.defer_at("cases.deliver", row.next_at, delivery=row.pk)


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: half a minute, doubled each time, six hours at most."""
    return min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)


def _finish(row: Delivery, state: str, reason: str) -> None:
    row.state, row.reason = state, reason
    row.save()
    if state != State.SENT:
        logger.warning("delivery %s by %s: %s (%s)", row.pk, row.channel, state, reason)
