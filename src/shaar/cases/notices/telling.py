"""Telling a person something once: in the page, and by the channels that they chose."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from shaar.cases.channels import registry
from shaar.cases.models import Case, Delivery, Notice
from shaar.cases.notices import choices
from shaar.cases.notices.kinds import TEST, Kind, kind_of
from shaar.cases.workflows import Name
from shaar.kernel import jobs
from shaar.kernel.texts import LANGUAGES, Text

STORM = 10
DIGEST = "digest:"
HOUR = timedelta(hours=1)
LONGEST = 500


@transaction.atomic
def notify(
    user_id: int,
    *,
    kind: str,
    text: Text,
    url: str,
    at: datetime,
    key: str,
    case: Case | None = None,
    level: int = 0,
) -> int | None:
    """Tell a person something and return the notice's number; None when they were told of the key already.

    In the page at once; by e-mail, push or Telegram as the person chose, outside their quiet time. After ten
    notices of a kind in an hour the rest of that hour becomes one line. Refusal `unknown_kind`.
    """
    declared = kind_of(kind)
    row, is_new = Notice.objects.get_or_create(
        user_id=user_id,
        key=key,
        defaults={
            **_words(text),
            "kind": kind,
            "url": url,
            "told_at": at,
            "case": case,
            "round": case.round if case else 0,
            "level": level,
        },
    )
    if not is_new:
        return None
    told = _folded(row, declared, at)
    if told is not None:
        _send(told, declared, at)
    return row.pk


def send_by(notice: Notice, channel: str, *, at: datetime) -> int:
    """Send a notice by one channel to every address of the person; return to how many."""
    targets = registry.channel(channel).targets(notice.user_id)
    for subscription in targets:
        made = Delivery.objects.create(
            notice=notice, channel=channel, subscription_id=subscription, next_at=at
        )
        jobs.defer_at("cases.deliver", at, delivery=made.pk)
    return len(targets)


@transaction.atomic
def tell_test(user_id: int, channel: str, *, at: datetime) -> int:
    """Tell a person that a channel works, in the page and by that channel; return to how many addresses."""
    number = notify(
        user_id,
        kind=TEST,
        text=_in_each(_("This channel works.")),
        url="/staff/notices/",
        at=at,
        key=f"test:{channel}:{at.isoformat()}",
    )
    return send_by(Notice.objects.get(pk=number), channel, at=at) if number else 0


def _folded(row: Notice, kind: Kind, at: datetime) -> Notice | None:
    """Return what is to be sent: the notice, in a storm its first digest, then nothing."""
    recent = Notice.objects.filter(user_id=row.user_id, kind=row.kind, told_at__gt=at - HOUR, told_at__lte=at)
    if recent.exclude(pk=row.pk).exclude(key__startswith=DIGEST).count() < STORM:
        return row
    hour = at.replace(minute=0, second=0, microsecond=0)
    digest, is_new = Notice.objects.get_or_create(
        user_id=row.user_id,
        key=f"{DIGEST}{kind.code}:{hour.isoformat()}",
        defaults={**_words(_storm(kind)), "kind": kind.code, "url": "/staff/notices/", "told_at": at},
    )
    row.folded_into = digest
    row.save(update_fields=["folded_into"])
    if not is_new and digest.read_at is not None:
        digest.read_at = None
        digest.save(update_fields=["read_at"])
    return digest if is_new else None


def _send(notice: Notice, kind: Kind, at: datetime) -> None:
    wanted = choices.channels_for(notice.user_id, kind)
    if not wanted:
        return
    moment = choices.opening(notice.user_id, at)
    for channel in wanted:
        send_by(notice, channel, at=moment)


def _storm(kind: Kind) -> Text:
    """Return what a digest says, in each language."""
    return _in_each(_("Many notices at once: %(kind)s"), kind=kind.name)


def _in_each(words: Promise, **values: Name) -> Text:
    found = {}
    for language in LANGUAGES:
        with override(language):
            found[language] = str(words) % {name: str(value) for name, value in values.items()}
    return Text(**found)


def _words(text: Text) -> dict[str, str]:
    return {f"text_{language}": getattr(text, language)[:LONGEST] for language in LANGUAGES}
