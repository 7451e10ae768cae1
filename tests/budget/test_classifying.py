"""Codes of the classification: a version from a day, an end, and files that name a code out of its days."""

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from shaar.access import api as access
from shaar.access.models import User
from shaar.budget import classifying, treasury
from shaar.budget.classifying import Version
from shaar.budget.models import Heading
from shaar.budget.pack import load_pack
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from tests.budget.conftest import sent, taken_in

pytestmark = pytest.mark.django_db


def version(code: str = "D02", *, valid_from: date = date(2026, 7, 1), parent: str = "") -> Version:
    return Version("functional", code, parent, Text("Новое имя (пример)"), False, valid_from)


def test_a_new_version_ends_the_one_before_and_the_pack_leaves_it_alone(
    clerk: access.Actor, budget: Path
) -> None:
    classifying.add(version(), actor=clerk)
    load_pack(budget, actor="test")
    rows = classifying.versions_of("functional", "D02").values_list("valid_from", "valid_to", "name_ru")
    assert list(rows) == [
        (date(2022, 1, 1), date(2026, 6, 30), "Благоустройство (пример)"),
        (date(2026, 7, 1), None, "Новое имя (пример)"),
    ]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        (version("D 02"), "malformed_code", "code"),
        (version(valid_from=date(2022, 1, 1)), "stands_already", "valid_from"),
        (version("D05", parent="D99"), "unknown_parent", "parent"),
        (version("D05", parent="D05"), "unknown_parent", "parent"),
    ],
)
def test_a_wrong_version_is_told_at_its_control(
    clerk: access.Actor, given: Version, code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        classifying.add(given, actor=clerk)
    assert refused.value.place is not None
    assert (refused.value.code, refused.value.place.field) == (code, field)


def test_a_code_is_closed_unless_parts_or_money_stand_under_it(clerk: access.Actor) -> None:
    held = Heading.objects.get(classification="functional", code="D02")
    part = classifying.add(version("D02.1", parent="D02"), actor=clerk)

    def refused(last: date) -> str:
        with pytest.raises(Refusal) as found:
            classifying.close(held.pk, last=last, actor=clerk)
        return found.value.code

    assert refused(date(2021, 12, 31)) == "ends_before_start"
    assert refused(date(2026, 12, 31)) == "has_parts"
    classifying.close(part, last=date(2026, 8, 1), actor=clerk)
    file = taken_in(sent(), clerk)
    treasury.write(file.pk, actor=clerk, at=clock.now())
    assert refused(date(2026, 1, 31)) == "has_parts"
    classifying.close(part, last=date(2026, 7, 1), actor=clerk)
    Heading.objects.filter(pk=part).delete()
    assert refused(date(2026, 1, 31)) == "still_used"
    classifying.close(held.pk, last=date(2026, 3, 31), actor=clerk)
    late = sent(["tazalyk;30.04.2026;5;;D02;D22", "tazalyk;31.03.2026;5;;D02;D22"], total="10", name="b.csv")
    assert [(one["code"], one["line"], one["cell"]) for one in taken_in(late, clerk).problems] == [
        ("closed_code", 2, "E2")
    ]


def test_the_pages_add_and_close_a_version_and_are_denied_to_others(clerk: access.Actor) -> None:
    client = Client()
    client.force_login(User.objects.get(username="clerk"), "django.contrib.auth.backends.ModelBackend")
    typed = {"classification": "functional", "code": "D02", "name_ru": "Иначе (пример)",
             "valid_from_0": "1", "valid_from_1": "7", "valid_from_2": "2026"}  # fmt: skip
    wrong = client.post("/staff/budget/codes/new/", typed | {"parent": "D99"}).content.decode()
    assert 'id="id_parent-error"' in wrong
    assert "Иначе (пример)" in wrong
    answer = client.post("/staff/budget/codes/new/", typed)
    assert answer.status_code == 302
    assert "Иначе (пример)" in client.get(answer["Location"]).content.decode()
    end = {"valid_to_0": "1", "valid_to_1": "1", "valid_to_2": "2020"}
    refused = client.post(f"{answer['Location']}close/", end).content.decode()
    assert 'id="id_valid_to-error"' in refused
    by = access.system_actor("test")
    access.create_user("audit", name="audit", password="long-enough-2023", actor=by)
    access.assign_role("audit", "auditor", actor=by)
    client.force_login(User.objects.get(username="audit"), "django.contrib.auth.backends.ModelBackend")
    assert client.get("/staff/budget/codes/").status_code == 200
    assert client.get("/staff/budget/codes/new/").status_code == 403
    assert client.post(f"{answer['Location']}close/", end).status_code == 403
