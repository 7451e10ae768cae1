"""Reads for the pages of people and roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from shaar.access.models import Role, RoleAssignment, User
from shaar.access.verbs import verbs
from shaar.city import api as city
from shaar.kernel.clock import today
from shaar.kernel.texts import Text


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the page of people."""

    name: str
    username: str
    unit: str
    roles: tuple[str, ...]
    is_active: bool
    is_demo: bool


def people_list(wanted: str, *, units: frozenset[str] | None) -> QuerySet[User]:
    """Return people of the units (None: all) whose name or user name holds the text, with today's roles."""
    held = RoleAssignment.objects.filter(valid__contains=today()).select_related("role", "unit", "territory")
    found = User.objects.select_related("unit").prefetch_related(Prefetch("assignments", queryset=held))
    if units is not None:
        found = found.filter(unit__code__in=units)
    if wanted:
        found = found.filter(Q(display_name__icontains=wanted) | Q(username__icontains=wanted))
    return found.order_by("display_name", "pk")


def rows_of(people: Iterable[User]) -> list[PersonRow]:
    """Return people as the page shows them."""
    names = {unit.code: str(unit.short) for unit in city.units(on=today())}
    return [
        PersonRow(
            name=person.display_name,
            username=person.username,
            unit=names.get(person.unit.code, person.unit.code) if person.unit else "",
            roles=tuple(_role(held, names) for held in person.assignments.all()),
            is_active=person.is_active,
            is_demo=person.is_demo,
        )
        for person in people
    ]


def _role(held: RoleAssignment, names: dict[str, str]) -> str:
    role = str(Text(held.role.name_ru, held.role.name_ky, held.role.name_en))
    where = names.get(held.unit.code, held.unit.code) if held.unit else _("every unit")
    return f"{role}: {where}, {held.territory.code}" if held.territory else f"{role}: {where}"


def unit_name(code: str, *, on: date) -> str:
    """Return what a unit is called on a day; its code when there is none any more."""
    return next((str(unit.name) for unit in city.units(on=on) if unit.code == code), code)


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of a person that has not ended: what it is called, where it holds and on which days."""

    id: int
    name: Text
    unit: str
    territory: str
    first: date | None
    last: date | None


def held_roles(user_id: int, *, on: date) -> list[HeldRole]:
    """Return the roles of a person that have not ended by a day, also those to come."""
    rows = RoleAssignment.objects.filter(user_id=user_id).select_related("role", "unit", "territory")
    units = {unit.code: str(unit.short) for unit in city.units(on=on)}
    places = {place.code: str(place.name) for place in city.territories(on=on)}
    found = []
    for row in rows:
        first, last = days_of(row.valid)
        if last is None or last >= on:
            unit = units.get(row.unit.code, row.unit.code) if row.unit else ""
            territory = places.get(row.territory.code, row.territory.code) if row.territory else ""
            name = Text(row.role.name_ru, row.role.name_ky, row.role.name_en)
            found.append(HeldRole(row.pk, name, unit, territory, first, last))
    return sorted(found, key=lambda held: (held.first or date.min, held.id))


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One line of the page of roles."""

    code: str
    name: Text
    is_local: bool
    verbs: tuple[tuple[str, object], ...]
    holders: int


def role_rows() -> list[RoleRow]:
    """Return every role with what it may and how many people hold it today, by code."""
    known = verbs()
    holders = Count("assignments__user", filter=Q(assignments__valid__contains=today()), distinct=True)
    rows = Role.objects.annotate(holders=holders).prefetch_related("grants").order_by("code")
    return [
        RoleRow(
            code=row.code,
            name=Text(row.name_ru, row.name_ky, row.name_en),
            is_local=row.is_local,
            verbs=tuple(
                (verb, known.get(verb, verb)) for verb in sorted(grant.verb for grant in row.grants.all())
            ),
            holders=row.holders,
        )
        for row in rows
    ]


def days_of(valid: object) -> tuple[date | None, date | None]:
    """Return the first and the last day of a range of the database."""
    lower, upper = getattr(valid, "lower", None), getattr(valid, "upper", None)
    return lower, upper - timedelta(days=1) if upper else None
