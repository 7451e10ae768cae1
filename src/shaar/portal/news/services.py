"""Changes of news: written, published, withdrawn; each by who may write for the article's unit."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor, check
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.kernel.texts import Text
from shaar.portal.models import Article, ArticleFile, ArticleState
from shaar.portal.permissions import WRITE
from shaar.portal.push.sending import announce
from shaar.search.api import changed

NEWS = "portal.news"
TYPES = (cases.PNG, cases.JPEG, cases.PDF, cases.DOCX, cases.XLSX)
LIMITS = cases.FileLimits(size=20 * 1024 * 1024, types=TYPES)
MOST_FILES = 12


@dataclass(frozen=True, slots=True)
class Written:
    """What an article says; `unit` and `districts` are codes, no district means the whole city."""

    kind: str
    title: Text
    body: Text
    day: date
    unit: str
    districts: tuple[str, ...] = ()
    is_urgent: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def write(written: Written, *, actor: Actor, at: datetime) -> int:
    """Keep a draft and return its number; Refusals `forbidden`, `text_missing`, `term_missing` and others."""
    check(actor, WRITE, unit=written.unit)
    _check(written)
    row = Article(changed_at=at, changed_by=actor.name)
    _fill(row, written)
    row.save()
    return row.pk


@transaction.atomic
def rewrite(number: int, written: Written, *, revision: int, actor: Actor, at: datetime) -> None:
    """Change what an article says, at once for the public if it is published.

    Refusals as of `write`, and `changed_meanwhile` where another person was quicker.
    """
    row = _locked(number, actor)
    check(actor, WRITE, unit=written.unit)
    if row.revision != revision:
        message = _(
            "Somebody else has changed this meanwhile. Copy your text, open the page anew and add it."
        )
        raise Refusal("changed_meanwhile", message)
    _check(written)
    was_urgent = row.is_urgent
    _fill(row, written)
    row.revision, row.changed_at, row.changed_by = revision + 1, at, actor.name
    row.save()
    if row.is_urgent and not was_urgent:
        announce(row, at=at)
    changed(NEWS)


@transaction.atomic
def publish(number: int, *, actor: Actor, at: datetime) -> None:
    """Show an article to the public; doing it twice changes nothing."""
    row = _locked(number, actor)
    if row.state == ArticleState.PUBLISHED:
        return
    if row.is_urgent and row.ends_at is not None and row.ends_at <= at:
        raise Refusal("term_is_over", _("The time of this urgent notice is over: change its end first."))
    row.state, row.published_at, row.published_by, row.reason = ArticleState.PUBLISHED, at, actor.name, ""
    _touch(row, actor, at)
    announce(row, at=at)
    changed(NEWS)


@transaction.atomic
def withdraw(number: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take a published article back; Refusals `not_published`, `reason_missing`."""
    row = _locked(number, actor)
    if row.state != ArticleState.PUBLISHED:
        raise Refusal("not_published", _("Only what is published can be withdrawn."))
    if not reason.strip():
        raise Refusal("reason_missing", _("Write why it is withdrawn."), place=Place(field="reason"))
    row.state, row.reason = ArticleState.WITHDRAWN, reason.strip()[:500]
    _touch(row, actor, at)
    changed(NEWS)


@transaction.atomic
def add_file(number: int, stream: BinaryIO, *, file: str, name: Text, actor: Actor, at: datetime) -> None:
    """Give an article a file; Refusals of `cases.store_file`, `name_missing`, `too_many_files`."""
    row = _locked(number, actor)
    if not name.ru.strip() or not name.ky.strip():
        raise Refusal("name_missing", _("Say in both languages what it is."), place=Place(field="name_ru"))
    if row.files.count() >= MOST_FILES:
        raise Refusal("too_many_files", _("An article has at most 12 files."), place=Place(field="file"))
    stored = cases.store_file(stream, name=file, actor=actor, at=at, limits=LIMITS)
    ArticleFile.objects.create(
        article=row,
        file=stored.id,
        media_type=stored.media_type,
        size=stored.size,
        name_ru=name.ru.strip(),
        name_ky=name.ky.strip(),
    )
    _touch(row, actor, at)


@transaction.atomic
def remove_file(number: int, file: int, *, actor: Actor, at: datetime) -> None:
    """Take a file from an article."""
    row = _locked(number, actor)
    if row.files.filter(file=file).delete()[0]:
        _touch(row, actor, at)


def _locked(number: int, actor: Actor) -> Article:
    """Return an article for changing; Refusals `unknown_article`, `forbidden`."""
    row = Article.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=number).first()
    if row is None:
        raise Refusal("unknown_article", _("There is no such article."))
    check(actor, WRITE, unit=row.unit.code)
    return row


def _touch(row: Article, actor: Actor, at: datetime) -> None:
    row.revision, row.changed_at, row.changed_by = row.revision + 1, at, actor.name
    row.save()


def _check(written: Written) -> None:
    missing = [
        Refusal(
            "text_missing", _("Write this in Russian and in Kyrgyz."), place=Place(field=f"{name}_{code}")
        )
        for name, text in (("title", written.title), ("body", written.body))
        for code in ("ru", "ky")
        if not getattr(text, code).strip()
    ]
    if written.is_urgent and (written.starts_at is None or written.ends_at is None):
        message = _("An urgent notice needs a beginning and an end.")
        missing.append(Refusal("term_missing", message, place=Place(field="starts_at")))
    elif written.is_urgent and written.starts_at and written.ends_at and written.ends_at <= written.starts_at:
        message = _("The end must come after the beginning.")
        missing.append(Refusal("term_reversed", message, place=Place(field="ends_at")))
    refuse_all(missing)


def _fill(row: Article, written: Written) -> None:
    row.kind, row.day, row.is_urgent = written.kind, written.day, written.is_urgent
    for code in ("ru", "ky", "en"):
        setattr(row, f"title_{code}", getattr(written.title, code).strip())
        setattr(row, f"body_{code}", getattr(written.body, code).strip())
    row.unit_id = city.unit_ids([written.unit])[written.unit]
    city.territory_ids(written.districts)
    row.districts = sorted(written.districts)
    row.starts_at = written.starts_at if written.is_urgent else None
    row.ends_at = written.ends_at if written.is_urgent else None
