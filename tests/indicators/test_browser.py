"""The pages of indicators, figures and findings in a real browser: readable by all, on any screen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import assert_fits, be, bishkek, city, pack, people

__all__ = ["assert_fits", "be", "bishkek", "city", "pack", "people"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]
PAGES = (
    "/indicators/?period=2022",
    "/indicators/safety.cameras_total/?period=2022",
    "/indicators/facilities.major_repairs/?period=2022",
    "/figures/safety.cameras_total/2022/",
    "/findings/?year=2022",
)
NAMES = {"ru": "Замечания к данным", "ky": "Маалыматтарга эскертүүлөр"}


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_the_pages_are_readable_by_all_on_any_screen(
    page: Page,
    bishkek: Path,
    language: str,
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[], None],
) -> None:
    page.goto("/indicators/")
    if language == "ky":
        page.get_by_role("button", name="Кыргызча").click()
    for address in PAGES:
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.get_by_role("link", name=NAMES[language], exact=True)).to_be_visible()
        assert_accessible(page)
        assert_fits()


def test_the_records_under_a_figure_need_no_sideways_scroll_on_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/figures/safety.cameras_total/2022/")
    cards = page.locator(".govuk-summary-card")
    expect(cards.first).to_be_visible()
    assert page.locator(".shaar-scroll").count() == 0
    assert all(one.evaluate("node => node.scrollWidth <= node.clientWidth") for one in cards.all())


def test_a_person_filters_findings_and_answers_one(
    page: Page, people: object, be: Callable[[str], None]
) -> None:
    be("office")
    page.goto("/findings/?year=2022")
    page.get_by_label("Правило").select_option("malformed")
    page.get_by_role("button", name="Показать").click()
    expect(page.locator(".govuk-summary-card")).to_have_count(1)
    page.get_by_text("Ответить", exact=True).click()
    page.get_by_label("Чем это объясняется").fill("Верно 11 684")
    page.get_by_role("button", name="Записать ответ").click()
    expect(page.get_by_text("Верно 11 684")).to_be_visible()
