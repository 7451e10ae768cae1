"""A person's notices as their page and the bell show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from shaar.access.api import Actor
from shaar.cases.models import Notice
from shaar.cases.notices.kinds import kind_of
from shaar.cases.workflows import Name
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.once import look
from shaar.kernel.texts import Text

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A notice as the page shows it; `folded` counts those that one line stands for, `unit` is the work's."""

    id: int
    kind: Name
    text: Text
    told_at: datetime
    is_read: bool
    folded: int
    unit: Text


def unread(actor: Actor) -> int:
    """Return how many notices a person has not read; asked once in a request."""
    if actor.id is None:
        return 0
    return look(f"cases.unread.{actor.id}", lambda: _mine(actor).filter(read_at__isnull=True).count())


def lines(actor: Actor, *, number: str | None, unread_only: bool = False) -> tuple[Page[Any], list[Line]]:
    """Return a page of a person's notices, the newest first."""
    rows = (
        _mine(actor).annotate(count=Count("folded")).select_related("case__unit").order_by("-told_at", "-pk")
    )
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    page = Paginator(rows, PAGE).get_page(number)
    names = {one.code: one.short if one.short.ru else one.name for one in city.units(on=clock.today())}
    return page, [_line(row, names) for row in page.object_list]


def open_notice(number: int, *, actor: Actor, at: datetime) -> str | None:
    """Mark a notice as read and return where it leads; None when it is not the person's."""
    row = Notice.objects.filter(pk=number, user_id=actor.id or 0).first()
    if row is None:
        return None
    if row.read_at is None:
        row.read_at = at
        row.save(update_fields=["read_at"])
    return row.url or "/staff/notices/"


def mark_all(actor: Actor, *, at: datetime) -> int:
    """Mark every notice of a person as read and return how many there were."""
    return Notice.objects.filter(user_id=actor.id or 0, read_at__isnull=True).update(read_at=at)


def _mine(actor: Actor) -> QuerySet[Notice]:
    return Notice.objects.filter(user_id=actor.id or 0, folded_into__isnull=True)


def _line(row: Notice, names: Mapping[str, Text]) -> Line:
    return Line(
        row.pk,
        kind_of(row.kind).name,
        Text(row.text_ru, row.text_ky, row.text_en),
        row.told_at,
        row.read_at is not None,
        getattr(row, "count", 0),
        names.get(row.case.unit.code if row.case else "", Text("")),
    )
