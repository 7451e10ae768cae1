"""The first page speaks the citizen's words, which the pack gives, and leads to where each thing is done."""

from pathlib import Path

import pytest
from django.test import Client

from shaar.portal import pack as portal
from tests.programme.conftest import bishkek, pack

__all__ = ["bishkek", "pack"]
pytestmark = pytest.mark.django_db
WRONG = """name: {ru: Шаар}
tasks:
  - page: lottery
    title: {ru: Выиграть}
    about: {ru: Всё}
"""


@pytest.mark.parametrize(
    ("language", "asked"), [("ru", "Узнать, что делает город"), ("ky", "билүү"), ("en", "Find")]
)
def test_each_task_of_the_pack_leads_to_its_page(
    client: Client, bishkek: Path, language: str, asked: str
) -> None:
    portal.load_pack(bishkek, actor="pack:bishkek")
    page = client.get("/", HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert asked in page
    for address in ("/map/", "/indicators/", "/findings/", "/programmes/bishkek-2026/measures/?year=2022"):
        assert f'href="{address}"' in page


def test_an_empty_installation_asks_for_a_pack_and_offers_no_task(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Программы ещё не загружены" in page
    assert 'class="shaar-card shaar-card--link' not in page


def test_a_mistake_in_the_words_is_told_by_file_line_and_field(tmp_path: Path) -> None:
    (tmp_path / "portal.yaml").write_text(WRONG, encoding="utf-8")
    (told,) = portal.check(tmp_path)
    assert "portal.yaml:3 tasks[0].page" in told


def test_a_pack_may_leave_the_words_out(tmp_path: Path) -> None:
    assert list(portal.check(tmp_path)) == []


def test_loading_the_words_twice_changes_nothing(bishkek: Path) -> None:
    portal.load_pack(bishkek, actor="first")
    portal.load_pack(bishkek, actor="second")
    assert portal.Face.objects.get().loaded_by == "first"
