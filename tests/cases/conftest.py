"""A unit with people of different roles, and a small workflow."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from shaar.access.api import Actor, register_verbs
from shaar.access.models import Grant, Role, RoleAssignment, User
from shaar.cases import workflows
from shaar.cases.api import Escalation, State, Transition, Workflow, register
from shaar.city import models as city

PAPER = Workflow(
    "tests.paper",
    "Paper",
    (State("draft", "Draft"), State("sent", "Sent"), State("done", "Done", is_final=True)),
    (
        Transition("send", "Send", ("draft",), "sent", "tests.write"),
        Transition("accept", "Accept", ("sent",), "done", "tests.judge"),
        Transition("return", "Return", ("sent",), "draft", "tests.judge", needs_reason=True),
        Transition("reopen", "Reopen", ("done",), "draft", "tests.judge", needs_reason=True, reopens=True),
    ),
    (Escalation(1, "tests.judge"), Escalation(3, "tests.rule")),
)


@pytest.fixture(autouse=True)
def _paper() -> Iterator[None]:
    register_verbs({f"tests.{verb}": verb for verb in ("write", "judge", "rule")})
    register(PAPER)
    yield
    workflows._workflows.pop(PAPER.code)


@pytest.fixture
def units(db: None) -> None:
    always = DateRange(None, None)
    hall = city.Unit.objects.create(code="city-hall")
    city.UnitVersion.objects.create(unit=hall, kind="city_hall", name_ru="Мэрия", valid=always)
    for weekday in range(1, 6):
        city.WorkingHours.objects.create(weekday=weekday, minutes=NumericRange(540, 1080), valid=always)
    for code in ("lights", "lifts"):
        unit = city.Unit.objects.create(code=code)
        city.UnitVersion.objects.create(unit=unit, kind="enterprise", name_ru=code, parent=hall, valid=always)


def person(name: str, unit: str, *verbs: str) -> Actor:
    """Make a person who may some verbs in a unit and what is under it."""
    user = User.objects.create(username=name, display_name=name, created_at=datetime(2022, 1, 1, tzinfo=UTC))
    role = Role.objects.create(code=f"role-{name}", name_ru=name)
    for verb in verbs:
        Grant.objects.create(role=role, verb=verb)
    RoleAssignment.objects.create(
        user=user, role=role, unit=city.Unit.objects.get(code=unit), valid=DateRange(None, None)
    )
    return Actor(user.pk, name, "user")


@pytest.fixture
def writer(units: None) -> Actor:
    return person("writer", "lights", "tests.write")


@pytest.fixture
def judge(units: None) -> Actor:
    return person("judge", "city-hall", "tests.judge", "cases.assign")


@pytest.fixture
def store(tmp_path: Path, settings: object) -> Path:
    settings.FILE_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path
