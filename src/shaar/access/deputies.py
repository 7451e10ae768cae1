"""Who stands in for whom during an absence: named with days and roles, ending by itself, never in a chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shaar.access.actors import Actor, acting
from shaar.access.models import Deputy, Role, RoleAssignment, User
from shaar.access.permissions import ADMINISTRATIVE
from shaar.access.services import meanings
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class DeputyView:
    """A deputy's days, both included, with the codes of the roles handed over."""

    id: int
    absent: int
    absent_name: str
    deputy: int
    deputy_name: str
    first: date
    last: date
    roles: tuple[str, ...]
    reason: str


def deputies(user_id: int, *, on: date) -> list[DeputyView]:
    """Return who stands in for a person on a day, by name."""
    return _views(Deputy.objects.filter(absent_id=user_id, valid__contains=on))


def stands_in(user_id: int, *, on: date) -> list[DeputyView]:
    """Return for whom a person stands in on a day, by name."""
    return _views(Deputy.objects.filter(deputy_id=user_id, valid__contains=on))


def named_for(user_id: int, *, since: date) -> list[DeputyView]:
    """Return the deputies of a person whose days are not over, the earliest first."""
    found = Deputy.objects.filter(absent_id=user_id, valid__endswith__gt=since)
    return sorted(_views(found), key=lambda view: (view.first, view.id))


def roles_to_hand_over(user_id: int, *, on: date) -> list[tuple[str, str, str, str]]:
    """Return code and names of the roles that a person holds and may hand over: none that administers."""
    held = RoleAssignment.objects.filter(user_id=user_id, valid__endswith__isnull=True) | (
        RoleAssignment.objects.filter(user_id=user_id, valid__endswith__gt=on)
    )
    administers = Q()
    for prefix in ADMINISTRATIVE:
        administers |= Q(role__grants__verb__startswith=prefix)
    without = held.exclude(role__in=held.filter(administers).values("role"))
    rows = without.values_list("role__code", "role__name_ru", "role__name_ky", "role__name_en")
    return sorted(set(rows))


def role_names() -> dict[str, Text]:
    """Return the names of all roles by code."""
    rows = Role.objects.values_list("code", "name_ru", "name_ky", "name_en")
    return {code: Text(*names) for code, *names in rows}


def name_deputy(
    absent: int,
    deputy: int,
    *,
    first: date,
    last: date,
    roles: Sequence[str],
    reason: str,
    actor: Actor,
    on: date,
) -> int:
    """Name a deputy for some days; the days, the person and the roles must make sense.

    Refusals `not_yourself`, `days_reversed`, `days_over`, `days_too_long`, `reason_missing`, `unknown_user`,
    `role_not_handed_over`, `deputy_is_absent`, `already_named`.
    """
    _check_days(first, last, on)
    if absent == deputy:
        raise Refusal("not_yourself", _("A person cannot stand in for themselves."))
    if not reason.strip():
        raise Refusal("reason_missing", _("Write the reason, such as a leave."))
    allowed = {code for code, *_names in roles_to_hand_over(absent, on=first)}
    if not roles or not set(roles) <= allowed:
        raise Refusal("role_not_handed_over", _("Choose roles that the person holds and may hand over."))
    valid = DateRange(first, last + timedelta(days=1))
    row = Deputy(absent_id=absent, deputy_id=deputy, valid=valid, roles=sorted(roles), reason=reason.strip())
    with transaction.atomic(), acting(actor), meanings():
        locked = User.objects.select_for_update(of=("self",)).filter(pk__in=[absent, deputy])
        if len([user for user in locked.order_by("pk") if user.is_active]) != 2:
            raise Refusal("unknown_user", _("There is no such person."))
        _check_is_there(absent, deputy, valid)
        row.save(force_insert=True)
    return row.pk


def end_deputy(number: int, *, actor: Actor, on: date) -> None:
    """End a deputy's days now: those before stay in the record; Refusal `unknown_deputy`."""
    with transaction.atomic(), acting(actor):
        row = Deputy.objects.select_for_update().filter(pk=number, valid__endswith__gt=on).first()
        if row is None:
            raise Refusal("unknown_deputy", _("These days are over already."))
        if row.valid.lower >= on:
            row.delete()
        else:
            row.valid = DateRange(row.valid.lower, on)
            row.save(update_fields=["valid"])


def _check_days(first: date, last: date, on: date) -> None:
    if last < first:
        raise Refusal("days_reversed", _("The last day lies before the first."))
    if last < on:
        raise Refusal("days_over", _("These days are over already."))
    if last - first > LONGEST:
        raise Refusal("days_too_long", _("A deputy is named for a year at the longest."))


def _check_is_there(absent: int, deputy: int, valid: DateRange) -> None:
    """Refuse a deputy who is absent on some of the days, and an absent person who stands in on them."""
    overlapping = Deputy.objects.filter(valid__overlap=valid)
    if overlapping.filter(absent_id=deputy).exists():
        raise Refusal("deputy_is_absent", _("This person is absent on some of these days."))
    if overlapping.filter(deputy_id=absent).exists():
        raise Refusal("deputy_is_absent", _("Who stands in for somebody on these days names no deputy."))


def _views(found: QuerySet[Deputy]) -> list[DeputyView]:
    views = [
        DeputyView(
            id=row.pk,
            absent=row.absent_id,
            absent_name=row.absent.display_name,
            deputy=row.deputy_id,
            deputy_name=row.deputy.display_name,
            first=row.valid.lower,
            last=row.valid.upper - timedelta(days=1),
            roles=tuple(row.roles),
            reason=row.reason,
        )
        for row in found.select_related("absent", "deputy")
    ]
    return sorted(views, key=lambda view: (view.deputy_name, view.absent_name, view.id))
