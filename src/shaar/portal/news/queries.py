"""What the public and the staff see of news, and which urgent notices stand over the pages now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from shaar.access.api import Actor, scope
from shaar.city import api as city
from shaar.kernel.texts import Text
from shaar.portal.models import Article, ArticleState
from shaar.portal.permissions import WRITE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader asks for; an empty text asks for everything."""

    kind: str = ""
    district: str = ""
    words: str = ""
    year: int | None = None


def published(wanted: Wanted = Wanted()) -> QuerySet[Article]:
    """Return what the public sees, the newest first."""
    rows = Article.objects.filter(state=ArticleState.PUBLISHED).select_related("unit")
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.district:
        rows = rows.filter(Q(districts=[]) | Q(districts__contains=[wanted.district]))
    if wanted.year:
        rows = rows.filter(day__year=wanted.year)
    for word in wanted.words.split()[:6]:
        rows = rows.filter(
            Q(title_ru__icontains=word) | Q(title_ky__icontains=word) | Q(title_en__icontains=word)
            | Q(body_ru__icontains=word) | Q(body_ky__icontains=word) | Q(body_en__icontains=word)
        )  # fmt: skip
    return rows.order_by("-day", "-pk")


def years() -> list[int]:
    """Return the years of published news, the last first."""
    days = Article.objects.filter(state=ArticleState.PUBLISHED).dates("day", "year", order="DESC")
    return [day.year for day in days]


def editable(actor: Actor) -> QuerySet[Article]:
    """Return the articles of the units for which a person writes, the last changed first."""
    rows = Article.objects.select_related("unit")
    if (allowed := _units(actor)) is not None:
        rows = rows.filter(unit__code__in=allowed)
    return rows.order_by("-changed_at", "-pk")


def units_of(actor: Actor, *, on: date) -> list[city.UnitView]:
    """Return the units for which a person writes."""
    allowed = _units(actor)
    return [one for one in city.units(on=on) if allowed is None or one.code in allowed]


def _units(actor: Actor) -> frozenset[str] | None:
    """Return the codes of the units for which a person writes, None for every one."""
    found: frozenset[str] = frozenset()
    for part in scope(actor, WRITE).parts:
        if part.units is None:
            return None
        found |= part.units
    return found


@dataclass(frozen=True, slots=True)
class Urgent:
    """An urgent notice as it stands over a page."""

    number: int
    title: Text
    codes: tuple[str, ...]
    places: tuple[Text, ...]
    ends_at: datetime


def urgent(at: datetime) -> list[Urgent]:
    """Return the urgent notices of a moment, those that end first before others."""
    rows = list(
        Article.objects.filter(
            state=ArticleState.PUBLISHED, is_urgent=True, starts_at__lte=at, ends_at__gt=at
        ).order_by("ends_at", "pk")[:5]
    )
    names = district_names(code for row in rows for code in row.districts) if rows else {}
    return [
        Urgent(
            row.pk,
            row.title,
            tuple(row.districts),
            tuple(names[code] for code in row.districts if code in names),
            row.ends_at,
        )
        for row in rows
        if row.ends_at is not None
    ]


def district_names(codes: Iterable[str]) -> dict[str, Text]:
    """Return how districts are called today by code; one that is gone is left out."""
    wanted = set(codes)
    return {one.code: one.name for one in districts() if one.code in wanted} if wanted else {}


def districts() -> list[city.TerritoryView]:
    """Return the districts of the city as of today."""
    from shaar.kernel import clock

    return city.territories(on=clock.today(), kind="district")
