"""A mayor moves through the periods of a tile: by the slider, without scripts, and with wrong words."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shaar.access import api as access
from shaar.kernel import clock
from shaar.monitor import keeping
from tests.monitor.conftest import Record, mayor, monitored, record
from tests.monitor.test_live import cookie_of

__all__ = ["mayor", "monitored", "record"]
TILE = "lighting.requests_executed"
ADDRESS = f"/staff/monitor/tiles/{TILE}/"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture
def city(transactional_db: None, record: Record, mayor: access.Actor) -> None:
    """Give the city five days of requests in two districts."""
    for back, quantity in enumerate(("3", "17", "21", "18", "25")):
        for district in ("leninsky", "pervomaysky"):
            day = clock.today() - timedelta(days=back)
            newest = record(
                TILE, quantity, measure="request", day=day, territory=district, unit="bishkeksvet"
            )
    keeping.keep_up(newest, now=clock.now())
    keeping.keep_all(now=clock.now())


def opened(browser: Browser, root: str, language: str, **more: Any) -> Iterator[Page]:
    context = browser.new_context(base_url=root, **more)
    name, _sign, value = cookie_of("mayor").partition("=")
    context.add_cookies([
        {"name": name, "value": value, "url": root},
        {"name": "django_language", "value": language, "url": root},
    ])  # fmt: skip
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, f"the browser reported: {errors}"


@pytest.fixture(params=[("ru", PHONE), ("ru", DESK), ("ky", PHONE), ("ky", DESK)], ids=str)
def tab(city: None, browser: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open a page as the mayor, in a language, on a telephone or at a desk."""
    language, size = request.param
    yield from opened(browser, live_server.url, language, viewport=size)


@pytest.fixture
def bare(city: None, browser: Browser, live_server: Any) -> Iterator[Page]:
    """Open a page as the mayor in a browser that runs no scripts."""
    yield from opened(browser, live_server.url, "ru", java_script_enabled=False, viewport=PHONE)


def test_the_slider_brings_another_day_without_loading_the_page(
    tab: Page, assert_accessible: Callable[[Page], None]
) -> None:
    tab.goto(ADDRESS)
    tab.evaluate("window.isTheSamePage = true")
    expect(tab.locator(".monitor-period__value")).to_have_text("6")
    slider = tab.get_by_role("slider")
    slider.focus()
    slider.press("ArrowLeft")
    expect(tab.locator(".monitor-period__value")).to_have_text("34")
    slider.press("ArrowLeft")
    expect(tab.locator(".monitor-period__value")).to_have_text("42")
    expect(slider).to_be_focused()
    assert tab.evaluate("window.isTheSamePage")
    assert slider.get_attribute("aria-valuetext") == tab.locator("[data-period-part]").get_attribute(
        "data-name"
    )
    assert "step=57" in tab.url
    assert tab.evaluate("document.documentElement.scrollWidth") <= (tab.viewport_size or {})["width"]
    assert_accessible(tab)
    tab.reload()
    expect(tab.locator(".monitor-period__value")).to_have_text("42")


def test_without_scripts_links_lead_through_the_days_and_lengths(bare: Page) -> None:
    bare.goto(ADDRESS)
    bare.get_by_role("link", name="Раньше").click()
    expect(bare.locator(".monitor-period__value")).to_have_text("34")
    bare.get_by_role("link", name="Позже").click()
    expect(bare.locator(".monitor-period__value")).to_have_text("6")
    bare.get_by_role("link", name="по годам").click()
    expect(bare.locator(".monitor-period__value")).to_have_text("168")
    expect(bare.get_by_text("В реестре города пока нет МТУ")).to_be_visible()


def test_wrong_words_are_told_at_their_place_and_stay(bare: Page) -> None:
    bare.goto(ADDRESS)
    bare.get_by_label("Сравнить также с").fill("31.02.2026")
    bare.get_by_role("button", name="Показать").click()
    field = bare.get_by_label("Сравнить также с")
    expect(field).to_have_value("31.02.2026")
    told = "Напишите период в виде 2025, 2025-07 или 2025-07-14 либо день из него: 14.07.2025."
    expect(field).to_have_accessible_description(re.compile(re.escape(told)))
    day = clock.today() - timedelta(days=2)
    field.fill(f"{day:%d.%m.%Y}")
    bare.get_by_role("button", name="Показать").click()
    row = bare.get_by_role("row").filter(has_text="выбранный период")
    expect(row).to_contain_text("42")
    expect(row).to_contain_text("−36")
    bare.goto(f"{ADDRESS}?kind=week&step=999")
    expect(bare.get_by_text("У этой плитки нет периодов такой длины")).to_be_visible()
    expect(bare.get_by_text("Такого периода среди доступных нет")).to_be_visible()
