"""Ctrl-K opens the search from anywhere: words in any form, chosen with the keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shaar.search import api as search

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]


@pytest.mark.usefixtures("bishkek")
def test_a_measure_is_found_and_opened_without_a_mouse(
    page: Page, assert_accessible: Callable[[Page], None], assert_fits: Callable[[], None]
) -> None:
    search.refresh_all()
    search.count_words()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/programmes/")
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="Поиск")
    expect(box).to_be_focused()
    box.press_sequentially("замена лифто")
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(options.first).to_contain_text("лифт")
    assert_accessible(page)
    assert_fits()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("лифт")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Поиск")).to_have_count(0)


@pytest.mark.usefixtures("bishkek")
def test_without_a_script_the_box_leads_to_the_page(page: Page) -> None:
    search.refresh_all()
    page.goto("/search/?q=мектептердин")
    expect(page.get_by_role("status").first).to_contain_text("результат")
    expect(page.locator(".shaar-found li").first).to_be_visible()
