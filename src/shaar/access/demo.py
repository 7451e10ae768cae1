"""The people of the demonstration, from the pack's demo/users.yaml; refused in a working installation."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shaar.access.actors import Actor, pack_actor
from shaar.access.models import RoleAssignment, User
from shaar.access.pack import load_roles
from shaar.access.services import assign_role, create_user
from shaar.kernel import yamlfile
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.yamlfile import Code, Names, PackModel


class HeldItem(PackModel):
    """A role over units and territories; none named means all."""

    role: Code
    units: Sequence[Code] = ()
    territories: Sequence[Code] = ()


class PersonItem(PackModel):
    """One invented person."""

    login: str
    name: Names
    password: str
    unit: Code | None = None
    language: str = "ru"
    roles: Sequence[HeldItem] = ()


class PeopleFile(PackModel):
    """demo/users.yaml."""

    demonstration: bool
    users: Sequence[PersonItem]


def load(pack: Path) -> Sequence[str]:
    """Load roles and invented people; return lines that name each with password, roles and unit."""
    if settings.PRODUCTION:
        raise Refusal("demo_refused", _("Demonstration people are refused in production."))
    load_roles(pack, actor=f"pack:{pack.name}")
    path = pack / "demo" / "users.yaml"
    if not path.exists():
        return []
    file = yamlfile.load(path, PeopleFile)
    if not file.demonstration:
        place = Place(file=str(path), field="demonstration")
        raise Refusal("demo_refused", _("This file is not marked as a demonstration."), place=place)
    actor = pack_actor(pack.name)
    for person in file.users:
        _ensure(person, actor)
    title = f"  {'user':<14} {'password':<24} {'roles':<22} unit"
    return ["People of the demonstration (sign in at /sign-in/):", title, *map(_line, file.users)]


def _ensure(person: PersonItem, actor: Actor) -> None:
    if not User.objects.filter(username=person.login).exists():
        create_user(
            person.login,
            name=person.name.ru,
            password=person.password,
            unit=person.unit,
            language=person.language,
            is_demo=True,
            actor=actor,
        )
    for held in person.roles:
        for unit in held.units or (None,):
            for territory in held.territories or (None,):
                _ensure_role(person.login, held.role, unit, territory, actor)


def _ensure_role(login: str, role: str, unit: str | None, territory: str | None, actor: Actor) -> None:
    held = RoleAssignment.objects.filter(user__username=login, role__code=role)
    held = held.filter(unit__code=unit) if unit else held.filter(unit__isnull=True)
    held = held.filter(territory__code=territory) if territory else held.filter(territory__isnull=True)
    if not held.exists():
        assign_role(login, role, unit=unit, territory=territory, actor=actor)


def _line(person: PersonItem) -> str:
    roles = ", ".join(held.role for held in person.roles)
    return f"  {person.login:<14} {person.password:<24} {roles:<22} {person.unit or ''}"
