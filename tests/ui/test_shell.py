"""The shell of every page: appearance, fonts, groups of links, tools and keys."""

import pytest
from django.test import RequestFactory

from shaar.ui import navigation
from shaar.ui.fonts import BUILT, fonts_for
from shaar.ui.navigation import Entry, Tool
from tests.conftest import StrictClient

pytestmark = pytest.mark.django_db


def page(client: StrictClient, address: str = "/shortcuts/") -> str:
    return str(client.get(address).content.decode())


def test_without_a_choice_the_device_decides_between_light_and_dark(client: StrictClient) -> None:
    assert "data-theme" not in page(client)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_choice_of_appearance_holds_and_leads_back_to_the_page(client: StrictClient, theme: str) -> None:
    answer = client.post("/theme/", {"theme": theme, "next": "/shortcuts/?a=1"})
    assert answer["Location"] == "/shortcuts/?a=1"
    assert f'<html lang="ru" class="govuk-template" data-theme="{theme}">' in page(client)
    client.post("/theme/", {"theme": "", "next": "/"})
    assert "data-theme" not in page(client)


def test_the_choice_of_appearance_leads_to_no_other_site(client: StrictClient) -> None:
    assert client.post("/theme/", {"theme": "dark", "next": "https://example.org/"})["Location"] == "/"
    assert client.post("/theme/", {"theme": "pink", "next": "//example.org"})["Location"] == "/"
    assert client.get("/theme/").status_code == 405


def test_a_forged_cookie_is_not_written_into_the_page(client: StrictClient) -> None:
    client.cookies["theme"] = '"><script>'
    assert "data-theme" not in page(client)


@pytest.mark.parametrize(("language", "has"), [("ru", False), ("ky", True), ("en", False)])
def test_kyrgyz_pages_fetch_early_the_font_with_their_letters(language: str, has: bool) -> None:
    paths = fonts_for(language)
    assert any("cyrillic-ext" in path for path in paths) is has
    assert paths
    assert all((BUILT.parents[1] / path).exists() for path in paths)


def test_a_page_without_a_form_of_its_own_sets_no_cookie(client: StrictClient) -> None:
    assert not client.get("/shortcuts/").cookies


def test_staff_links_stand_in_groups_and_empty_groups_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.register(Entry("Проверка", "ui:shortcuts", 2, is_staff=True, group="check", keys="g c"))
    navigation.register(Entry("Вход", "sign-in", 1, is_staff=True))
    found = navigation.groups(RequestFactory().get("/shortcuts/"))
    assert [(group.code, [link.text for link in group.links]) for group in found] == [
        ("work", ["Вход"]),
        ("check", ["Проверка"]),
    ]
    assert found[1].links[0].is_current


def test_tools_of_the_header_are_shown_by_rank(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_tools", {})
    navigation.register_tool(Tool("bell", "b.html", 20, lambda _request: {"count": 3}))
    navigation.register_tool(Tool("search", "s.html", 10, lambda _request: {}))
    found = navigation.tools(RequestFactory().get("/"))
    assert [tool.template for tool in found] == ["s.html", "b.html"]
    assert found[1].values == {"count": 3}
