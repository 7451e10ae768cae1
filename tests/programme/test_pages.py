"""The public pages of programmes, and what each kind of visitor may see."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db
HOME = "/programmes/bishkek-2026/"
PUBLIC = ["", "directions/4/", "measures/", "measures/social-schools/"]


@pytest.fixture
def city(bishkek: object, client: Client, run_jobs: Callable[[], int]) -> Client:
    run_jobs()
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    return client


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("language", ["ru", "ky", "en"])
def test_every_public_page_answers_in_each_language_with_one_heading(city: Client, language: str) -> None:
    for address in ("/", "/programmes/", *(HOME + part for part in PUBLIC)):
        page = city.get(address, HTTP_ACCEPT_LANGUAGE=language).content.decode()
        assert page.count("<h1") == 1, address
        assert f'<html lang="{language}"' in page


def test_the_home_page_of_an_empty_installation_says_what_to_do(client: Client, db: None) -> None:
    assert "Программы ещё не загружены" in text_of(client, "/")
    assert "Программы ещё не загружены" in text_of(client, "/programmes/")


def test_the_first_page_shows_the_way_to_the_staff_only_when_signed_in(city: Client, people: object) -> None:
    from shaar.access.models import User

    assert "Перейти к моей работе" not in text_of(city, "/")
    city.force_login(
        User.objects.get(username="reporter"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert "Перейти к моей работе" in text_of(city, "/")


def test_the_programme_shows_the_stated_totals_beside_the_itemised_ones(city: Client) -> None:
    page = text_of(city, HOME)
    for number in ("167", "55", "112", "66"):
        assert f'<span class="shaar-number">{number}</span>' in page
    assert "разница — 101" in page
    assert '<a class="govuk-link" href="/figures/plan.measures_total/2022/">' in page
    assert f'href="{HOME}reports/2022/"' in page


def test_the_plan_of_a_day_before_the_first_revision_is_empty(city: Client) -> None:
    page = text_of(city, f"{HOME}?on=2022-08-13")
    assert "План на 13.08.2022." in page
    assert "На этот год в плане нет мероприятий" in page
    assert "20 мероприятий" in text_of(city, f"{HOME}?on=2022-08-14")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("status=in_progress", lambda rows: {row["status"] for row in rows} == {"in_progress"}),
        ("direction=4", lambda rows: {row["direction"] for row in rows} == {"4"}),
        ("unit=bishkekgorlift", lambda rows: all("bishkekgorlift" in row["responsible"] for row in rows)),
        ("q=ЛИФТ", lambda rows: all("лифт" in row["text_ru"].lower() for row in rows)),
    ],
)
def test_a_filter_holds_on_the_page_and_in_both_downloads(city: Client, asked: str, expected: object) -> None:
    content = city.get(f"{HOME}measures/measures.csv?{asked}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert rows
    assert len(rows) < 66
    assert expected(rows)
    listed = json.loads(city.get(f"{HOME}measures/measures.json?{asked}").content)["measures"]
    assert [one["code"] for one in listed] == [row["code"] for row in rows]
    page = text_of(city, f"{HOME}measures/?{asked}")
    assert all(f"/measures/{row['code']}/" in page for row in rows)


def test_the_list_of_measures_has_pages_that_keep_the_filters(city: Client) -> None:
    first = text_of(city, f"{HOME}measures/?status=executed")
    assert 'href="?status=executed&amp;page=2"' in first
    assert 'href="?status=executed&amp;page=1"' in text_of(city, f"{HOME}measures/?status=executed&page=2")


def test_a_measure_links_its_figures_to_their_traces(city: Client) -> None:
    page = text_of(city, f"{HOME}measures/social-schools/")
    assert '<a class="govuk-link" href="/figures/education.schools_built/2022/">' in page
    assert "строка 17" in page


@pytest.mark.parametrize(
    "address",
    [
        "/programmes/none/",
        f"{HOME}directions/9/",
        f"{HOME}measures/none/",
        f"{HOME}?on=yesterday",
        "/programmes/none/measures/measures.csv",
    ],
)
def test_what_does_not_exist_is_not_found(city: Client, address: str) -> None:
    assert city.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "most"), [(HOME, 60), (f"{HOME}measures/", 40), (f"{HOME}directions/1/", 40)]
)
def test_a_list_page_asks_the_database_a_bounded_number_of_times(
    city: Client, address: str, most: int
) -> None:
    city.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        city.get(address)
    assert len(queries) <= most
