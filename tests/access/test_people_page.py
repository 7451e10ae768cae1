"""The page of people: for administrators only, and quick however many there are."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.access.conftest import PASSWORD, People


def test_an_administrator_sees_people_with_the_roles_they_hold(client: Client, person: People) -> None:
    person("aigul", "reporter", unit="lifts")
    person("bakyt", "administrator")
    client.post("/sign-in/", {"username": "bakyt", "password": PASSWORD})
    page = client.get("/staff/people/").content.decode()
    assert "reporter: lifts" in page
    assert "administrator: все подразделения" in page
    assert "Name bakyt" not in client.get("/staff/people/?q=aigul").content.decode().split("<table", 1)[1]


def test_others_do_not_see_it(client: Client, person: People) -> None:
    person("aigul", "auditor")
    client.post("/sign-in/", {"username": "aigul", "password": PASSWORD})
    assert client.get("/staff/people/").status_code == 403


def test_the_page_asks_the_same_few_questions_for_many_people(
    client: Client, person: People, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    person("bakyt", "administrator")
    for number in range(15):
        person(f"user{number}", "reporter", unit="lifts")
    client.post("/sign-in/", {"username": "bakyt", "password": PASSWORD})
    client.get("/staff/people/")
    with django_assert_max_num_queries(12):
        client.get("/staff/people/")
