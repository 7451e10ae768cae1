"""Roles and demonstration people from a pack."""

from pathlib import Path
from typing import Any

import pytest

from shaar.access import api as access
from shaar.access import demo
from shaar.access.models import Grant, Role, RoleAssignment, User
from shaar.access.pack import check
from shaar.city import api as city
from shaar.config.environment import ROOT
from shaar.kernel.errors import Refusal

BISHKEK = ROOT / "packs" / "bishkek"
ROLES = """
roles:
  - {code: auditor, name: {ru: Аудитор, ky: Аудитор}, verbs: [audit.read]}
  - {code: administrator, name: {ru: Администратор}, verbs: [access.admin, audit.read]}
"""


def write(directory: Path, text: str) -> Path:
    (directory / "roles.yaml").write_text(text)
    return directory


@pytest.mark.django_db
def test_a_second_load_takes_and_gives_what_changed(tmp_path: Path) -> None:
    access.load_roles(write(tmp_path, ROLES), actor="pack:test")
    before = set(Grant.objects.values_list("pk", flat=True))
    access.load_roles(tmp_path, actor="pack:test")
    assert set(Grant.objects.values_list("pk", flat=True)) == before
    access.load_roles(write(tmp_path, ROLES.replace("access.admin, audit.read", "access.admin")), actor="x")
    assert list(Grant.objects.filter(role__code="administrator").values_list("verb", flat=True)) == [
        "access.admin"
    ]


@pytest.mark.django_db
def test_a_role_that_left_the_pack_grants_nothing_and_is_kept(tmp_path: Path) -> None:
    access.load_roles(write(tmp_path, ROLES), actor="x")
    access.load_roles(write(tmp_path, ROLES.split("  - {code: administrator", maxsplit=1)[0]), actor="x")
    assert not Grant.objects.filter(role__code="administrator").exists()
    assert Role.objects.filter(code="administrator").exists()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (ROLES.replace("audit.read]", "audit.raed]", 1), "roles.yaml:3 roles[0].verbs[0]: "),
        (ROLES.replace("administrator,", "auditor,"), "roles.yaml:4 roles[1].code: "),
        (ROLES.replace("audit.read", "castle.open", 1), "roles.yaml:3 roles[0].verbs[0]: "),
        (ROLES.replace("audit.read", "everything", 1), "roles.yaml:3 roles[0].verbs[0]: "),
    ],
)
def test_a_mistake_in_roles_is_told_with_its_place(tmp_path: Path, broken: str, said: str) -> None:
    (line,) = check(write(tmp_path, broken))
    assert said in line


@pytest.mark.django_db
def test_the_people_of_the_demonstration_are_made_once_and_listed() -> None:
    city.load_pack(BISHKEK, actor="pack:bishkek")
    lines = demo.load(BISHKEK)
    assert any("reporter" in line and "demo-reporter-2026" in line for line in lines)
    people, held = User.objects.count(), RoleAssignment.objects.count()
    demo.load(BISHKEK)
    assert (User.objects.count(), RoleAssignment.objects.count()) == (people, held)
    assert User.objects.filter(is_demo=False).count() == 0
    assert access.can(access.user_actor("auditor"), "audit.read")


@pytest.mark.django_db
def test_the_demonstration_is_refused_in_production(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(Refusal) as refused:
        demo.load(BISHKEK)
    assert refused.value.code == "demo_refused"
    assert not User.objects.exists()
