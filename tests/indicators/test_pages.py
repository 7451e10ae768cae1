"""The pages of indicators, figures and findings show what they should, in a fixed number of queries."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from shaar.access.api import system_actor
from shaar.indicators import api, catalogue
from shaar.indicators.drawings import scheme
from shaar.indicators.rules import registry
from shaar.indicators.sources import standing_on
from shaar.kernel.periods import Period
from tests.indicators.grounds import PACK, figures_of_2022

pytestmark = pytest.mark.django_db
MOST_QUERIES = 4  # the ground is in memory: the catalogue, answers, urgent notices, a signed-out person
YEAR = Period.year(2022)


@pytest.fixture(autouse=True)
def _city(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    catalogue.forget()
    monkeypatch.setitem(registry._rules, "itemised_total", lambda _context: ())
    api.load_pack(PACK, actor="pack")
    api.passports()
    with standing_on(figures_of_2022()), override("ru"):
        yield
    catalogue.forget()


def text_of(client: Client, address: str) -> str:
    response = client.get(address, headers={"accept-language": "ru"})
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_every_indicator_with_its_value(client: Client) -> None:
    page = text_of(client, "/indicators/")
    assert "10\u00a0531" in page
    assert "более 80" in page.replace("\u00a0", " ")
    assert page.count("/figures/") >= 100


def test_the_list_is_searched(client: Client) -> None:
    page = text_of(client, "/indicators/?q=камеры+ленинск")
    assert "851" in page
    assert "10\u00a0531" not in page
    assert "O01" in text_of(client, "/indicators/indicators.csv?q=O01")
    assert "govuk-table" not in text_of(client, "/indicators/?q=нетничего")


def test_a_period_without_data_shows_no_data_and_no_zero(client: Client) -> None:
    page = text_of(client, "/indicators/?period=2021&q=O01")
    assert "нет данных" in page
    assert ">0<" not in page


def test_the_downloads_hold_every_indicator(client: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(client, "/indicators/indicators.csv").lstrip("\ufeff"))))
    assert len({row["row"] for row in rows if row["row"]}) == 108
    by_row = {row["row"]: row for row in rows}
    assert (by_row["O01"]["value"], by_row["Z07"]["upper"], by_row["O06"]["as_written"]) == (
        "10531",
        "50",
        "1 1684",
    )
    listed = json.loads(text_of(client, "/indicators/indicators.json"))["indicators"]
    assert len(listed) == len(rows)


def test_an_indicator_shows_its_trend_and_its_parts(client: Client) -> None:
    page = text_of(client, "/indicators/safety.cameras_total/?period=2022")
    for words in ("1\u00a0506", "851", "2018", "B01"):
        assert words in page, words


def test_an_indicator_with_districts_shows_their_scheme(client: Client) -> None:
    code = next(one.code for one in api.passports() if one.where == {"figure": "safety.cameras"})
    page = text_of(client, f"/indicators/{code}/?period=2022")
    assert page.partition("<main")[2].count("<svg") == 1
    assert "317" in page


def test_districts_stand_in_the_scheme_as_they_lie() -> None:
    places = {"ne": (2.0, 2.0), "nw": (1.0, 2.1), "se": (2.1, 1.0), "sw": (1.1, 1.1)}
    assert scheme(["se", "ne", "sw", "nw"], places) == {
        "nw": (0, 0),
        "ne": (1, 0),
        "sw": (0, 1),
        "se": (1, 1),
    }
    assert scheme(["a", "b", "c"], {}) == {"a": (0, 0), "b": (1, 0), "c": (0, 1)}


def test_a_figure_leads_to_its_facts_papers_and_findings(client: Client) -> None:
    code = next(one.code for one in api.passports() if one.row == "O01")
    page = text_of(client, f"/figures/{code}/2022/?edition=1")
    for words in ("10\u00a0531", "Отчёт за 2022 год", "абзац 36, строка 36", "1\u00a0389", "abababab"):
        assert words in page, words
    found = json.loads(text_of(client, f"/figures/{code}/2022/trace.json"))
    assert found["schema"] == "shaar.trace/1"
    assert found["value"]["quantity"]["value"] == "10531"
    assert found["facts"][0]["evidence"][0]["place"] == "абзац 36, строка 36"
    assert found["findings"][0]["rule"] == "parts_total"


@pytest.mark.parametrize(
    "address",
    [
        "/indicators/no.such/",
        "/indicators/?period=soon",
        "/figures/no.such/2022/",
        "/figures/safety.cameras_total/soon/",
        "/findings/?programme=none",
    ],
)
def test_what_an_address_names_wrongly_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_findings_are_listed_filtered_and_given_as_data(client: Client) -> None:
    page = text_of(client, "/findings/?year=2022")
    assert "1\u00a01684" in page or "1 1684" in page
    assert "нет данных" not in page
    only = json.loads(text_of(client, "/findings/findings.json?year=2022&rule=alike"))["findings"]
    assert [one["rule"] for one in only] == ["alike", "alike"]
    right = json.loads(text_of(client, "/findings/findings.json?year=2022&state=confirmed"))["findings"]
    assert len(right) == 9
    rows = list(
        csv.DictReader(io.StringIO(text_of(client, "/findings/findings.csv?year=2022").lstrip("\ufeff")))
    )
    assert {row["outcome"] for row in rows} == {"finding"}


def test_an_answer_stands_beside_its_finding_and_names_nobody(client: Client) -> None:
    key = next(one.key for one in api.findings(None, YEAR, rules=["malformed"]))
    author = system_actor("Айгүл Асанова")
    api.answer_finding(key, actor=author, at=datetime(2023, 2, 1, tzinfo=UTC), text="Верно 11 684")
    page = text_of(client, "/findings/?year=2022&state=answered")
    assert "Верно 11 684" in page
    assert "Асанова" not in page
    assert "Асанова" not in text_of(client, "/findings/findings.json?year=2022")


def test_nobody_unsigned_may_answer(client: Client) -> None:
    response = client.post("/findings/answer/", {"key": "k", "text": "Да"})
    assert response.status_code in {302, 403}
    assert "<textarea" not in text_of(client, "/findings/?year=2022")


@pytest.mark.parametrize("language", ["ky", "ru"])
@pytest.mark.parametrize(
    "address", ["/indicators/", "/findings/?year=2022", "/indicators/safety.cameras_total/"]
)
def test_pages_are_in_the_language_asked_for(client: Client, address: str, language: str) -> None:
    response = client.get(address, headers={"accept-language": language})
    words = {"ky": "Мезгил", "ru": "Период"}[language]
    assert words in response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/indicators/",
        "/indicators/indicators.csv",
        "/indicators/indicators.json",
        "/findings/?year=2022",
        "/findings/findings.csv?year=2022",
        "/findings/findings.json?year=2022",
        "/indicators/safety.cameras_total/",
        "/figures/safety.cameras_total/2022/",
    ],
)
def test_pages_take_few_queries(client: Client, address: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(MOST_QUERIES) as counted:
        text_of(client, address)
    assert len(counted) > 0
