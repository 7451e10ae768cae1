"""People with roles over a small city."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from shaar.access import api as access
from shaar.access.models import Grant, Role
from shaar.city import models as city

PASSWORD = "correct horse battery"
ALWAYS = DateRange(None, None)
PACK = access.pack_actor("test")
People = Callable[..., access.Actor]


@pytest.fixture
def town(db: None) -> None:
    """Make hall > (lifts > workshop, parks) and town > (north, south)."""
    parents = {"hall": None, "lifts": "hall", "workshop": "lifts", "parks": "hall"}
    units = {code: city.Unit.objects.create(code=code) for code in parents}
    for code, parent in parents.items():
        city.UnitVersion.objects.create(
            unit=units[code],
            kind="department",
            name_ru=code,
            parent=units[parent] if parent else None,
            valid=ALWAYS,
        )
    territories = {code: city.Territory.objects.create(code=code) for code in ("town", "north", "south")}
    for code, territory in territories.items():
        parent_row = None if code == "town" else territories["town"]
        city.TerritoryVersion.objects.create(
            territory=territory, kind="district", name_ru=code, parent=parent_row, valid=ALWAYS
        )


@pytest.fixture
def roles(town: None) -> None:
    """Make the roles reporter, auditor and administrator."""
    verbs = {"reporter": "programme.report", "auditor": "audit.read", "administrator": "access.admin"}
    for code, verb in verbs.items():
        Grant.objects.create(role=Role.objects.create(code=code, name_ru=code), verb=verb)


@pytest.fixture
def person(roles: None) -> People:
    """Return a function that makes a person, with a role where one is named."""

    def make(username: str = "aigul", role: str | None = None, **where: Any) -> access.Actor:
        access.create_user(username, name=f"Name {username}", password=PASSWORD, actor=PACK)
        if role:
            access.assign_role(username, role, actor=PACK, **where)
        return access.user_actor(username)

    return make
