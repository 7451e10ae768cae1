"""A citizen on a telephone: finds a measure, opens its figure, sees where it comes from, reads the report."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shaar.access.api import system_actor
from shaar.kernel import clock
from shaar.reports import api as reports
from shaar.search import api as search

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]
HOME = "/programmes/bishkek-2026/"
RU = (
    "Что вы ищете?",
    "Найти",
    "школ",
    "Строительство общеобразовательных школ",
    "Программы",
)
KY = (
    "Эмнени издеп жатасыз?",
    "Табуу",
    "мектеп",
    "Жалпы билим берүүчү мектептерди куруу",
    "Программалар",
)


@pytest.fixture
def published(bishkek: Path, city: None) -> None:
    actor, at = system_actor("tests"), clock.now()
    reports.load_pack(bishkek, actor=actor.key)
    form = reports.kept_form()
    snapshot = reports.gather("bishkek-2026", 2022, form=form, at=at)
    reports.publish(snapshot, actor=actor, at=at, public_url="http://127.0.0.1:8000")
    search.refresh_all()


@pytest.mark.parametrize(("language", "words"), [("ru", RU), ("ky", KY)])
@pytest.mark.usefixtures("published")
def test_a_citizen_finds_a_measure_its_figure_and_the_report(
    page: Page,
    language: str,
    words: tuple[str, ...],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[], None],
) -> None:
    label, find, word, measure, programmes = words
    page.set_viewport_size({"width": 390, "height": 844})

    def look() -> None:
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert_accessible(page)
        assert_fits()

    page.goto("/")
    if language == "ky":
        page.get_by_role("button", name="Кыргызча").click()
    look()
    page.get_by_label(label).fill(word)
    page.get_by_role("main").get_by_role("button", name=find, exact=True).click()
    page.get_by_role("link", name=measure, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(measure)
    look()
    page.locator('a[href^="/figures/education.schools_built/"]').click()
    expect(page.get_by_role("main")).to_contain_text("15")
    expect(page.get_by_role("main")).to_contain_text("17")
    assert_fits()
    page.locator("button[popovertarget]").click()
    page.get_by_role("link", name=programmes, exact=True).first.click()
    look()
    page.locator(f'a[href="{HOME}"]').click()
    look()
    page.locator(f'a[href="{HOME}reports/2022/"]').click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_fits()


@pytest.mark.parametrize("address", ["measures/", "directions/1/", "measures/lifts-replacement/"])
def test_the_pages_of_a_programme_are_accessible_and_fit_a_telephone(
    page: Page,
    address: str,
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[], None],
) -> None:
    page.goto(HOME + address)
    assert_accessible(page)
    assert_fits()
