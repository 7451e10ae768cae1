"""What is published goes to the browsers that want it: each once, again if it could not be taken."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from shaar.cases import api as cases
from shaar.kernel import jobs
from shaar.kernel.errors import Refusal
from shaar.portal.models import Article, ArticleState, ReaderBrowser, ReaderMessage
from shaar.portal.push import keeping
from shaar.ui.markdown import plain

logger = logging.getLogger(__name__)
MOST, AT_ONCE, SHOWN = 10, 1000, 200
FORGOTTEN, KEPT = timedelta(minutes=10), timedelta(days=30)
State = ReaderMessage.State


def announce(row: Article, *, at: datetime) -> None:
    """Put the sending of a published article in the queue, of an urgent one for when its time begins."""
    if row.state != ArticleState.PUBLISHED or not cases.push_key():
        return
    moment = max(at, row.starts_at) if row.is_urgent and row.starts_at else at
    jobs.defer_at("portal.spread", moment, article=row.pk)


@transaction.atomic
def spread(article: int, *, at: datetime) -> int:
    """Make a message for each browser that wants an article and was not told of it; return how many."""
    row = Article.objects.filter(pk=article).first()
    if row is None or not _holds(row, at):
        return 0
    wanted = ReaderBrowser.objects.all()
    if not row.is_urgent:
        wanted = wanted.filter(urgent_only=False)
    if row.districts:
        wanted = wanted.filter(Q(district="") | Q(district__in=row.districts))
    told = ReaderMessage.objects.filter(article=row, is_urgent=row.is_urgent).values("browser")
    numbers = list(wanted.exclude(pk__in=told).values_list("pk", flat=True).order_by("pk"))
    made = ReaderMessage.objects.bulk_create(
        [
            ReaderMessage(article=row, browser_id=number, is_urgent=row.is_urgent, next_at=at)
            for number in numbers
        ],
        batch_size=AT_ONCE,
    )
    for one in made:
        jobs.defer("portal.push", message=one.pk)
    return len(made)


@transaction.atomic
def send(number: int, *, at: datetime) -> None:
    """Send a message that waits, unless it is under way, over, or what it tells no longer holds.

    The row is locked while the service is called: of two workers one sends. A gone browser is forgotten.
    """
    found = ReaderMessage.objects.select_for_update(skip_locked=True, of=("self",))
    row = found.select_related("article", "browser").filter(pk=number, next_at__lte=at).first()
    if row is None or row.state != State.WAITING:
        return
    if not _holds(row.article, at) or row.article.is_urgent != row.is_urgent:
        _finish(row, State.DEAD, "no longer holds")
        return
    row.attempts += 1
    try:
        cases.push_to(keeping.opened(row.browser), message_of(row))
    except cases.Later as later:
        _again(row, later, at)
    except cases.Gone:
        row.browser.delete()
    except cases.Refused as refused:
        _finish(row, State.DEAD, refused.reason)
    except Refusal as refusal:
        _finish(row, State.DEAD, refusal.code)
    else:
        _finish(row, State.SENT, "")


def message_of(row: ReaderMessage) -> cases.Message:
    """Return an article in the language of a browser."""
    language, article = row.browser.language, row.article
    text = plain(article.body.of(language), most=SHOWN)
    url = f"{str(settings.SHAAR_PUBLIC_URL).rstrip('/')}{reverse('portal:article', args=[article.pk])}"
    title = article.title.of(language)
    return cases.Message(title, text, text, url, f"news-{article.pk}", language, is_urgent=article.is_urgent)


def send_forgotten(*, at: datetime) -> int:
    """Defer messages that should have gone minutes ago, forget those long over; return how many went."""
    ReaderMessage.objects.filter(next_at__lt=at - KEPT).exclude(state=State.WAITING).delete()
    rows = ReaderMessage.objects.filter(state=State.WAITING, next_at__lt=at - FORGOTTEN)
    numbers = list(rows.values_list("pk", flat=True).order_by("pk")[:AT_ONCE])
    for number in numbers:
        jobs.defer("portal.push", message=number)
    return len(numbers)


def _holds(row: Article, at: datetime) -> bool:
    if row.state != ArticleState.PUBLISHED:
        return False
    if not row.is_urgent or row.starts_at is None or row.ends_at is None:
        return True
    return row.starts_at <= at < row.ends_at


def _again(row: ReaderMessage, later: cases.Later, at: datetime) -> None:
    if row.attempts >= MOST:
        _finish(row, State.DEAD, later.reason)
        return
    row.reason = later.reason
    row.next_at = at + (later.after if later.after is not None else cases.backoff(row.attempts))
    row.save()
    jobs.defer_at("portal.push", row.next_at, message=row.pk)


def _finish(row: ReaderMessage, state: str, reason: str) -> None:
    row.state, row.reason = state, reason
    row.save()
    if state == State.DEAD:
        logger.warning("message %s to a reader: %s", row.pk, reason)
