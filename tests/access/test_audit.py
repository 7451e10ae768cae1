"""The history of changes: kept by the database, searched by those who may read it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client

from shaar.access.audit import AuditQuery, audited_models, search
from shaar.access.models import User
from shaar.kernel.clock import today
from tests.access.conftest import PASSWORD, People


def update(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)


def test_a_raw_update_is_written_down(person: People) -> None:
    actor = person()
    update("UPDATE access_user SET display_name = 'Somebody else'")
    entry = search(AuditQuery(model="access.User"))[0]
    assert (entry.label, entry.row) == ("update", str(actor.id))
    (change,) = entry.changes
    assert (change.field, change.before, change.after) == ("display_name", "Name aigul", "Somebody else")


def test_a_raw_delete_is_written_down(person: People) -> None:
    person(role="reporter")
    update("DELETE FROM access_roleassignment")
    entry = search(AuditQuery(model="access.RoleAssignment"))[0]
    assert entry.label == "delete"
    assert all(change.after is None for change in entry.changes)


def test_history_itself_cannot_be_changed(person: People) -> None:
    person()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"):
        update("UPDATE access_userevent SET display_name = 'x'")


def test_a_password_never_enters_the_history(person: People) -> None:
    person()
    user = User.objects.get()
    user.set_password("another horse battery")
    user.save()
    fields = {change.field for entry in search(AuditQuery()) for change in entry.changes}
    assert "display_name" in fields
    assert "password" not in fields


def test_who_did_it_and_through_which_page_is_written_down(client: Client, person: People) -> None:
    actor = person()
    client.post("/sign-in/", {"username": "aigul", "password": PASSWORD})
    client.post("/language/", {"language": "ky", "next": "/"})
    entry = search(AuditQuery(q="/language/"))[0]
    assert entry.actor == f"user:{actor.id}"
    assert entry.changes[0].field == "language"
    assert search(AuditQuery(q="pack:test", model="access.User"))[-1].label == "insert"


def test_search_is_narrowed_by_days_and_goes_on_from_a_moment(person: People) -> None:
    person()
    update("UPDATE access_user SET display_name = 'Somebody else'")
    everything = search(AuditQuery())
    assert search(AuditQuery(last=date(2020, 1, 1))) == []
    assert search(AuditQuery(first=today())) == everything
    assert search(AuditQuery(before=everything[-1].at)) == []
    assert search(AuditQuery(), limit=1) == everything[:1]


@pytest.mark.parametrize("text", ["' OR true --", "%(x)s %s", "{}", "\\"])
def test_what_is_typed_into_the_search_is_only_ever_text(person: People, text: str) -> None:
    person()
    assert search(AuditQuery(q=text)) == []


def test_the_page_shows_the_change_to_an_auditor_only(client: Client, person: People) -> None:
    person("aigul", "reporter")
    person("bakyt", "auditor")
    client.post("/sign-in/", {"username": "aigul", "password": PASSWORD})
    assert client.get("/staff/audit/").status_code == 403
    client.post("/sign-out/")
    client.post("/sign-in/", {"username": "bakyt", "password": PASSWORD})
    page = client.get("/staff/audit/?model=access.User").content.decode()
    assert "Name aigul" in page
    assert "pack:test" in page
    assert "argon2" not in page
    assert "Выберите корректный вариант" in client.get("/staff/audit/?model=x").content.decode()


def test_the_page_asks_the_same_few_questions_however_much_happened(
    client: Client, person: People, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    person("bakyt", "auditor")
    for number in range(20):
        person(f"user{number}")
    client.post("/sign-in/", {"username": "bakyt", "password": PASSWORD})
    with django_assert_max_num_queries(6):  # session, person, roles, events, names, notices
        client.get("/staff/audit/")


def test_people_roles_and_the_city_are_audited() -> None:
    assert {"access.User", "access.Grant", "access.RoleAssignment", "city.UnitVersion"} <= set(
        audited_models()
    )
