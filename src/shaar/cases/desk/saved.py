"""Questions to the inbox that a person keeps under names of their own."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor
from shaar.cases.desk.filters import Filter
from shaar.cases.models import SavedFilter
from shaar.kernel.errors import Place, Refusal

MOST = 30


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept question; `is_default` opens with the page."""

    id: int
    name: str
    query: str
    is_default: bool


def saved_filters(actor: Actor) -> list[Saved]:
    """Return the questions that a person keeps, by name."""
    rows = SavedFilter.objects.filter(user_id=_owner(actor)).order_by("name")
    return [Saved(row.pk, row.name, row.query, row.is_default) for row in rows]


@transaction.atomic
def save(name: str, asked: Filter, *, actor: Actor, is_default: bool = False) -> int:
    """Keep a question under a name; the same name again keeps the new question in place of the old.

    Refusals `name_missing`, `too_many`.
    """
    known = name.strip()[:80]
    if not known:
        raise Refusal("name_missing", _("Write a name for the filter."), place=Place(field="name"))
    mine = SavedFilter.objects.select_for_update().filter(user_id=_owner(actor))
    if not mine.filter(name=known).exists() and mine.count() >= MOST:
        raise Refusal("too_many", _("Remove a saved filter first: there are too many."))
    if is_default:
        mine.update(is_default=False)
    row, _is_new = SavedFilter.objects.update_or_create(
        user_id=_owner(actor), name=known, defaults={"query": asked.query(), "is_default": is_default}
    )
    return row.pk


@transaction.atomic
def make_default(number: int, *, actor: Actor, is_default: bool = True) -> None:
    """Let a kept question open with the page, or none; Refusal `unknown_filter`."""
    row = _mine(number, actor)
    SavedFilter.objects.filter(user_id=_owner(actor)).update(is_default=False)
    row.is_default = is_default
    row.save(update_fields=["is_default"])


@transaction.atomic
def remove(number: int, *, actor: Actor) -> None:
    """Forget a kept question; Refusal `unknown_filter`."""
    _mine(number, actor).delete()


def _mine(number: int, actor: Actor) -> SavedFilter:
    row = SavedFilter.objects.select_for_update().filter(user_id=_owner(actor), pk=number).first()
    if row is None:
        raise Refusal("unknown_filter", _("There is no such saved filter."))
    return row


def _owner(actor: Actor) -> int:
    """Return the person's id; only a person keeps filters."""
    if actor.id is None:
        raise Refusal("forbidden", _("Sign in first."))
    return actor.id
