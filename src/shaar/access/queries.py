"""Reads for the page of people."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from shaar.access.models import RoleAssignment, User
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


def people_list(wanted: str) -> QuerySet[User]:
    """Return people whose name or user name holds the text, by name, with the roles that they hold today."""
    held = RoleAssignment.objects.filter(valid__contains=today()).select_related("role", "unit", "territory")
    found = User.objects.select_related("unit").prefetch_related(Prefetch("assignments", queryset=held))
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
