"""Deputies during an absence: what they may, for how long, and what is written beside their work."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from shaar.access import api as access
from shaar.access.deputies import end_deputy, name_deputy, named_for, roles_to_hand_over
from shaar.access.models import Deputy, Grant, Role, User
from shaar.access.permissions import standing_in
from shaar.kernel.clock import today
from shaar.kernel.errors import Refusal
from shaar.kernel.once import one_look
from tests.access.conftest import PACK, People

DAY = timedelta(days=1)


@pytest.fixture
def absent(person: People) -> access.Actor:
    """Return a person who reports for `lifts`."""
    return person("absent", "reporter", unit="lifts")


@pytest.fixture
def deputy(person: People) -> access.Actor:
    """Return a person without a role of their own."""
    return person("deputy")


def name(absent: access.Actor, deputy: access.Actor, **changes: Any) -> int:
    given: dict[str, Any] = {
        "first": today(),
        "last": today() + 9 * DAY,
        "roles": ["reporter"],
        "reason": "Leave",
        "actor": absent,
        "on": today(),
    }
    assert absent.id
    assert deputy.id
    return name_deputy(absent.id, deputy.id, **given | changes)


def test_a_deputy_may_what_the_absent_person_may_there_and_on_these_days_only(
    absent: access.Actor, deputy: access.Actor
) -> None:
    name(absent, deputy)
    assert access.can(deputy, "programme.report", unit="workshop")
    assert not access.can(deputy, "programme.report", unit="parks")
    assert not access.can(deputy, "programme.report", on=today() - DAY)
    assert access.can(deputy, "programme.report", on=today() + 9 * DAY)
    assert not access.can(deputy, "programme.report", on=today() + 10 * DAY)
    assert access.can(absent, "programme.report", unit="lifts")


def test_the_door_tells_the_deputies_of_a_day(absent: access.Actor, deputy: access.Actor) -> None:
    name(absent, deputy, first=today() + DAY)
    assert absent.id
    assert deputy.id
    assert access.deputies(absent.id, on=today()) == []
    (found,) = access.deputies(absent.id, on=today() + DAY)
    assert (found.deputy, found.roles, found.reason) == (deputy.id, ("reporter",), "Leave")
    (stands,) = access.stands_in(deputy.id, on=today() + DAY)
    assert stands.absent_name == "Name absent"


def test_a_deputy_is_found_among_those_who_may(absent: access.Actor, deputy: access.Actor) -> None:
    name(absent, deputy)
    found = [one.id for one in access.users_with("programme.report", unit="lifts")]
    assert found == [absent.id, deputy.id]
    assert deputy.id not in [one.id for one in access.users_with("programme.report", unit="parks")]


def test_nobody_becomes_an_administrator_by_standing_in(person: People, deputy: access.Actor) -> None:
    head = person("head", "administrator")
    access.assign_role("head", "reporter", actor=PACK)
    assert head.id
    assert [code for code, *_names in roles_to_hand_over(head.id, on=today())] == ["reporter"]
    with pytest.raises(Refusal) as refused:
        name(head, deputy, roles=["administrator"])
    assert refused.value.code == "role_not_handed_over"
    # a role that came to administer after it was handed over gives the deputy no administration either
    name(head, deputy)
    Grant.objects.create(role=Role.objects.get(code="reporter"), verb="access.admin")
    assert access.can(deputy, "programme.report")
    assert not access.can(deputy, "access.admin")
    assert deputy.id not in [one.id for one in access.users_with("access.admin")]


def test_there_is_no_chain_of_deputies(absent: access.Actor, deputy: access.Actor, person: People) -> None:
    third = person("third", "auditor")
    access.assign_role("deputy", "auditor", actor=PACK)
    name(absent, deputy)
    for one, other, roles in ((deputy, third, ["auditor"]), (third, absent, ["auditor"])):
        with pytest.raises(Refusal) as refused:
            name(one, other, roles=roles)
        assert refused.value.code == "deputy_is_absent"
    Deputy.objects.create(
        absent_id=deputy.id,
        deputy_id=third.id,
        roles=["auditor", "reporter"],
        reason="past the service",
        valid=DateRange(today(), today() + DAY),
    )
    assert not access.can(third, "programme.report")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"first": today(), "last": today() - DAY}, "days_reversed"),
        ({"first": today() - 9 * DAY, "last": today() - DAY}, "days_over"),
        ({"last": today() + timedelta(days=500)}, "days_too_long"),
        ({"reason": "  "}, "reason_missing"),
        ({"roles": []}, "role_not_handed_over"),
        ({"roles": ["auditor"]}, "role_not_handed_over"),
    ],
)
def test_what_makes_no_sense_is_refused(
    absent: access.Actor, deputy: access.Actor, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        name(absent, deputy, **changes)
    assert refused.value.code == code


def test_oneself_a_person_who_left_and_the_same_days_twice_are_refused(
    absent: access.Actor, deputy: access.Actor
) -> None:
    with pytest.raises(Refusal) as refused:
        name(absent, absent)
    assert refused.value.code == "not_yourself"
    name(absent, deputy)
    with pytest.raises(Refusal) as refused:
        name(absent, deputy, first=today() + DAY)
    assert refused.value.code == "already_named"
    access.set_active("deputy", is_active=False, actor=PACK)
    assert not access.can(deputy, "programme.report")
    with pytest.raises(Refusal) as refused:
        name(absent, deputy, first=today() + 20 * DAY, last=today() + 21 * DAY)
    assert refused.value.code == "unknown_user"


def test_days_that_are_ended_early_stay_in_the_record(absent: access.Actor, deputy: access.Actor) -> None:
    running = name(absent, deputy, first=today() - 3 * DAY)
    coming = name(absent, deputy, first=today() + 20 * DAY, last=today() + 21 * DAY)
    for number in (running, coming):
        end_deputy(number, actor=absent, on=today())
    assert absent.id
    assert named_for(absent.id, since=today()) == []
    (kept,) = Deputy.objects.all()
    assert kept.valid.upper == today()
    with pytest.raises(Refusal) as refused:
        end_deputy(running, actor=absent, on=today())
    assert refused.value.code == "unknown_deputy"


@pytest.mark.parametrize(
    "changes",
    [
        {"valid": DateRange(date(2023, 1, 1), None)},
        {"reason": ""},
        {"roles": []},
        {"same": True},
    ],
)
def test_the_database_refuses_it_too(
    absent: access.Actor, deputy: access.Actor, changes: dict[str, Any]
) -> None:
    given = {"valid": DateRange(date(2023, 1, 1), date(2023, 1, 2)), "reason": "x", "roles": ["reporter"]}
    stands = absent.id if changes.pop("same", False) else deputy.id
    with pytest.raises(IntegrityError), transaction.atomic():
        Deputy.objects.create(absent_id=absent.id, deputy_id=stands, **given | changes)


def test_all_of_it_costs_one_question_a_request(
    absent: access.Actor, deputy: access.Actor, django_assert_num_queries: Callable[[int], Any]
) -> None:
    name(absent, deputy)
    access.can(deputy, "programme.report")
    with one_look(), django_assert_num_queries(2):  # who may what, and whether the city has changed
        assert access.can(deputy, "programme.report", unit="lifts")
        assert access.scope(deputy, "programme.report").behalf(unit="lifts") == absent.id
        assert standing_in(deputy) == [(absent.id, "Name absent", today() + 9 * DAY)]


def test_ones_own_role_outweighs_standing_in(absent: access.Actor, deputy: access.Actor) -> None:
    name(absent, deputy)
    access.assign_role("deputy", "reporter", unit="hall", actor=PACK)
    assert access.scope(deputy, "programme.report").behalf(unit="lifts") is None


def test_the_settings_of_a_person_are_read_at_the_door(deputy: access.Actor) -> None:
    assert deputy.id
    User.objects.filter(pk=deputy.id).update(email="d@city.example", email_pending="x@city.example")
    found = access.settings_of(deputy.id)
    assert (found.email, found.phone, found.language, found.theme) == ("d@city.example", "", "ru", "auto")
    with pytest.raises(Refusal) as refused:
        access.settings_of(0)
    assert refused.value.code == "unknown_user"
