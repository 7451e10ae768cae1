from datetime import UTC, datetime

import pytest
from django.test import Client

from shaar.access.api import system_actor
from shaar.reports.api import edition_file, publish
from tests.reports.examples import snapshot

pytestmark = pytest.mark.django_db
BASE = "/programmes/town-2026/reports/2022/"


@pytest.fixture
def published() -> None:
    publish(
        snapshot(),
        actor=system_actor("tests"),
        at=datetime(2023, 3, 2, tzinfo=UTC),
        public_url="http://x.example",
    )


@pytest.mark.usefixtures("published")
def test_the_report_page_shows_the_newest_edition_with_links_to_traces(client: Client) -> None:
    page = client.get(BASE, HTTP_ACCEPT_LANGUAGE="ru").content.decode()
    assert "Отчёт о программе за 2022 год" in page
    assert '<a class="govuk-link shaar-figure" href="/figures/light.led/2022/?edition=1">' in page
    assert "Опубликовать" not in page


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("form", ["docx", "pdf", "html", "json"])
def test_each_file_is_sent_byte_for_byte(client: Client, form: str) -> None:
    answer = client.get(f"{BASE}report.{form}?edition=1&language=ky")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="report-2022.ky.{form}"'
    content = edition_file("town-2026", 2022, language="ky", form=form, number=1)
    assert answer.getvalue() == content


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("address", ["editions/", "editions/1/", "?language=ky"])
def test_the_other_pages_answer(client: Client, address: str) -> None:
    assert client.get(BASE + address).status_code == 200


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "address", ["report.exe", "editions/2/", "?edition=7", "?edition=x", "report.pdf?edition=9"]
)
def test_what_was_never_published_is_not_found(client: Client, address: str) -> None:
    assert client.get(BASE + address).status_code == 404


def test_a_year_without_a_report_says_so(client: Client) -> None:
    page = client.get(BASE, HTTP_ACCEPT_LANGUAGE="ru")
    assert page.status_code == 200
    assert "ещё не опубликован" in page.content.decode()


@pytest.mark.usefixtures("published")
def test_a_stranger_cannot_publish(client: Client) -> None:
    answer = client.post(f"{BASE}editions/publish/")
    assert answer.status_code in {302, 403}
    assert answer.status_code == 403 or "sign-in" in answer["Location"] or "login" in answer["Location"]
