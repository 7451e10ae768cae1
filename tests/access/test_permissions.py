"""Who may what where."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from shaar.access import api as access
from shaar.access.models import Grant, RoleAssignment, User
from shaar.access.rules import Part, Scope
from shaar.kernel.clock import today
from shaar.kernel.errors import Refusal
from tests.access.conftest import PACK, PASSWORD, People

CODES = st.frozensets(st.sampled_from("abcde"))
PARTS = st.builds(Part, st.none() | CODES, st.none() | CODES)
SCOPES = st.builds(Scope, st.lists(PARTS, max_size=4).map(tuple))
ASKED = st.sampled_from("abcde")


def test_a_person_without_roles_may_nothing(person: People) -> None:
    actor = person()
    assert not access.can(actor, "programme.report")
    assert access.scope(actor, "programme.report").is_empty
    with pytest.raises(Refusal) as refused:
        access.check(actor, "programme.report")
    assert refused.value.code == "forbidden"


def test_nobody_may_nothing_and_the_system_may_everything(roles: None) -> None:
    assert not access.can(access.NOBODY, "programme.report")
    assert access.can(access.system_actor("escalation"), "programme.report", unit="parks")


def test_a_role_reaches_its_unit_and_all_under_it_and_no_other(person: People) -> None:
    actor = person(role="reporter", unit="lifts")
    assert access.can(actor, "programme.report", unit="lifts")
    assert access.can(actor, "programme.report", unit="workshop")
    assert not access.can(actor, "programme.report", unit="hall")
    assert not access.can(actor, "programme.report", unit="parks")
    assert not access.can(actor, "audit.read", unit="lifts")
    assert access.scope(actor, "programme.report").units == {"lifts", "workshop"}


def test_a_role_without_a_unit_reaches_every_unit(person: People) -> None:
    actor = person(role="reporter")
    assert access.scope(actor, "programme.report").units is None
    assert access.can(actor, "programme.report", unit="parks", territory="north")


def test_unit_and_territory_must_come_from_one_assignment(person: People) -> None:
    actor = person(role="reporter", unit="lifts", territory="north")
    access.assign_role("aigul", "reporter", unit="parks", territory="south", actor=PACK)
    assert access.can(actor, "programme.report", unit="lifts", territory="north")
    assert access.can(actor, "programme.report", unit="parks", territory="south")
    assert not access.can(actor, "programme.report", unit="lifts", territory="south")


def test_a_role_holds_on_its_days_only(person: People) -> None:
    actor = person(role="reporter", first=date(2022, 1, 1), last=date(2022, 12, 31))
    assert access.can(actor, "programme.report", on=date(2022, 12, 31))
    assert not access.can(actor, "programme.report", on=date(2023, 1, 1))
    assert not access.can(actor, "programme.report")


def test_a_role_that_was_ended_holds_to_its_last_day(person: People) -> None:
    actor = person()
    held = access.assign_role("aigul", "reporter", actor=PACK)
    access.end_role(held, last=today() - timedelta(days=1), actor=PACK)
    assert not access.can(actor, "programme.report")
    assert access.can(actor, "programme.report", on=today() - timedelta(days=1))


def test_a_person_who_left_may_nothing_more(person: People) -> None:
    actor = person(role="reporter")
    access.set_active("aigul", is_active=False, actor=PACK)
    assert not access.can(actor, "programme.report")
    assert access.users_with("programme.report") == []


def test_those_who_may_are_found_for_a_unit(person: People) -> None:
    whole = person("bakyt", "reporter")
    own = person("aida", "reporter", unit="lifts")
    person("chynara", "reporter", unit="parks")
    person("daniyar", "auditor")
    assert access.users_with("programme.report", unit="workshop") == [own, whole]


def test_the_same_role_twice_at_a_time_is_refused(person: People) -> None:
    person(role="reporter", unit="lifts")
    with pytest.raises(Refusal) as refused:
        access.assign_role("aigul", "reporter", unit="lifts", actor=PACK)
    assert refused.value.code == "already_assigned"
    person("bakyt", "reporter")
    with pytest.raises(Refusal):
        access.assign_role("bakyt", "reporter", actor=PACK)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"username": "aigul", "name": "X", "password": PASSWORD}, "user_exists"),
        ({"username": "b", "name": " ", "password": PASSWORD}, "name_missing"),
        ({"username": "b", "name": "B", "password": "12345678901234"}, "weak_password"),
        ({"username": "b c", "name": "B", "password": PASSWORD}, "bad_username"),
        ({"username": "b", "name": "B", "password": PASSWORD, "unit": "castle"}, "unknown_unit"),
    ],
)
def test_a_wrong_person_is_refused_with_a_code(person: People, arguments: dict[str, str], code: str) -> None:
    person()
    with pytest.raises(Refusal) as refused:
        access.create_user(actor=PACK, **arguments)  # type: ignore[arg-type]
    assert refused.value.code == code
    assert User.objects.count() == 1


def test_a_verb_without_a_module_is_refused_by_the_database(roles: None) -> None:
    role = Grant.objects.first()
    assert role is not None
    with pytest.raises(IntegrityError, match="grant_verb_names_module_and_action"):
        Grant.objects.create(role=role.role, verb="everything")


def test_an_assignment_for_no_day_is_refused_by_the_database(person: People) -> None:
    person(role="reporter")
    held = RoleAssignment.objects.get()
    held.valid = DateRange(date(2022, 1, 1), date(2022, 1, 1))
    with pytest.raises(IntegrityError, match="roleassignment_is_valid_some_day"):
        held.save()


@given(SCOPES, ASKED, ASKED)
def test_a_scope_never_covers_what_its_unions_leave_out(scope: Scope, unit: str, territory: str) -> None:
    if scope.covers(unit=unit, territory=territory):
        assert scope.units is None or unit in scope.units
        assert scope.territories is None or territory in scope.territories


@given(SCOPES, PARTS, ASKED, ASKED)
def test_another_part_only_ever_widens_a_scope(scope: Scope, part: Part, unit: str, territory: str) -> None:
    wider = Scope((*scope.parts, part))
    asked = {"unit": unit, "territory": territory}
    assert wider.covers(**asked) == (scope.covers(**asked) or part.covers(**asked))
