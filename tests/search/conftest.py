"""People who may look at the records of one unit, of all, and of none."""

from datetime import UTC, datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from shaar.access.api import Actor
from shaar.access.models import Grant, Role, RoleAssignment, User
from shaar.city.models import Unit, UnitVersion

ALWAYS = DateRange(None, None)


@pytest.fixture
def staff(db: None) -> dict[str, Actor]:
    """Return people by what they see: `none`, `of_a` (one unit), `all`."""
    hall = Unit.objects.create(code="hall")
    UnitVersion.objects.create(unit=hall, kind="department", name_ru="hall", valid=ALWAYS)
    units = {code: Unit.objects.create(code=code) for code in ("unit_a", "unit_b")}
    for code, unit in units.items():
        UnitVersion.objects.create(unit=unit, kind="department", name_ru=code, parent=hall, valid=ALWAYS)
    role = Role.objects.create(code="viewer", name_ru="viewer")
    Grant.objects.create(role=role, verb="programme.view_staff")
    found = {}
    for name in ("none", "of_a", "all"):
        user = User.objects.create(
            username=name, display_name=name, created_at=datetime(2022, 1, 1, tzinfo=UTC)
        )
        found[name] = Actor(user.pk, name, "user")
    RoleAssignment.objects.create(user_id=found["of_a"].id, role=role, unit=units["unit_a"], valid=ALWAYS)
    RoleAssignment.objects.create(user_id=found["all"].id, role=role, valid=ALWAYS)
    return found
