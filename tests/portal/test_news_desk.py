"""The staff's pages of news and text pages: a refusal stands beside its control, what was typed stays."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shaar.access.api import Actor
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.portal.models import Article, ArticleState, PageVersion
from shaar.portal.pages import texts
from tests.portal.conftest import AT

pytestmark = pytest.mark.django_db
SAID = {
    "kind": "notice",
    "title_ru": "Перекрыта улица (демо)",
    "title_ky": "Көчө жабылды (демо)",
    "body_ru": "До вечера.",
    "body_ky": "Кечке чейин.",
    "day_0": "3",
    "day_1": "10",
    "day_2": "2022",
    "unit": "city-hall",
    "districts": ["leninsky"],
}


def test_an_article_is_written_changed_published_and_withdrawn_by_forms(desk: Client) -> None:
    answer = desk.post("/staff/news/new/", SAID)
    row = Article.objects.get()
    assert answer["Location"] == f"/staff/news/{row.pk}/"
    assert (row.state, row.districts, row.changed_by) == ("draft", ["leninsky"], "writer")
    changed = SAID | {"title_ru": "Открыта улица (демо)", "revision": "1"}
    assert desk.post(f"/staff/news/{row.pk}/", changed).status_code == 302
    desk.post(f"/staff/news/{row.pk}/step/", {"publish": "1"})
    assert "Открыта улица" in desk.get(f"/news/{row.pk}/").content.decode()
    page = desk.post(f"/staff/news/{row.pk}/step/", {"withdraw": "1"}).content.decode()
    assert "govuk-error-summary" in page
    desk.post(f"/staff/news/{row.pk}/step/", {"withdraw": "1", "reason": "Ошибка"})
    row.refresh_from_db()
    assert (row.state, row.reason) == (ArticleState.WITHDRAWN, "Ошибка")
    assert "Открыта улица" in desk.get("/staff/news/").content.decode()


def test_what_is_refused_stands_beside_its_control_and_what_was_typed_stays(desk: Client) -> None:
    page = desk.post(
        "/staff/news/new/",
        SAID | {"body_ky": "", "is_urgent": "on", "starts_at": "2022-10-03T10:00", "day_1": "13"},
    ).content.decode()
    assert "Перекрыта улица (демо)" in page
    assert 'href="#id_body_ky"' in page
    assert 'href="#id_day_0"' in page
    page = desk.post("/staff/news/new/", SAID | {"is_urgent": "on"}).content.decode()
    assert 'href="#id_starts_at"' in page
    reversed_term = {"is_urgent": "on", "starts_at": "2022-10-03T10:00", "ends_at": "2022-10-03T09:00"}
    assert 'href="#id_ends_at"' in desk.post("/staff/news/new/", SAID | reversed_term).content.decode()
    assert Article.objects.count() == 0


def test_a_file_of_a_type_that_is_not_taken_is_refused_at_its_place(desk: Client) -> None:
    desk.post("/staff/news/new/", SAID)
    row = Article.objects.get()
    given = {"file": SimpleUploadedFile("a.zip", b"PK\x05\x06" + bytes(18)), "name_ru": "А", "name_ky": "А"}
    page = desk.post(f"/staff/news/{row.pk}/files/", given).content.decode()
    assert 'href="#id_file"' in page
    assert row.files.count() == 0


def test_who_may_not_write_is_refused_everywhere(client: Client, desk: Client) -> None:
    stranger = Client()
    for address in ("/staff/news/", "/staff/news/new/", "/staff/pages/", "/staff/pages/about/"):
        assert stranger.get(address).status_code == 302
        assert desk.get(address).status_code == 200


@pytest.mark.parametrize("code", texts.TITLES)
@pytest.mark.parametrize("language", ["ru", "ky", "en"])
def test_every_text_page_speaks_every_language_from_the_first_day(
    client: Client, town: None, code: str, language: str
) -> None:
    answer = client.get(f"/{code}/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert f'<div class="shaar-article" lang="{language}">' in answer.content.decode()


def test_a_page_gets_versions_and_none_is_lost(desk: Client, writer: Actor) -> None:
    said = {"after": "0", "body_ru": "## Первая", "body_ky": "## Биринчи", "body_en": ""}
    assert desk.post("/staff/pages/about/", said).status_code == 302
    assert "Первая" in desk.get("/about/").content.decode()
    page = desk.post("/staff/pages/about/", said | {"body_ru": "Вторая"}).content.decode()
    assert "Вторая" in page
    assert "govuk-error-summary" in page
    texts.write_page("about", Text("Вторая", "Экинчи"), after=1, actor=writer, at=AT)
    assert "Первая" in desk.get("/staff/pages/about/?version=1").content.decode()
    assert "Откуда цифры" in desk.get("/staff/pages/about/?version=0").content.decode()
    assert PageVersion.objects.count() == 2
    with pytest.raises(Refusal):
        texts.write_page("about", Text("Третья"), after=2, actor=writer, at=AT)
    assert desk.get("/staff/pages/nonsense/").status_code == 404


def test_contacts_that_no_source_states_are_said_to_be_missing(client: Client, town: None) -> None:
    page = client.get("/contacts/").content.decode()
    assert "не указано" in page
    assert "tel:" not in page
