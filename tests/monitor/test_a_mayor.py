"""A mayor's three minutes in a browser: a red tile down to its record, an alert closed, a living wall."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shaar.access import api as access
from shaar.kernel import clock
from shaar.monitor import alerts, keeping
from tests.monitor.conftest import Record, running_live
from tests.monitor.test_live import cookie_of

TILE = "lighting.requests_executed"
SIZES = ((1920, 1080), (3840, 2160))
WORDS = {
    "ru": {
        "tile": "Исполненные заявки",
        "formula": "0,150 = значение ÷ цель",
        "places": "Районы и территории",
        "district": "Ленинский",
        "facts": "Факты",
        "alert": "Заявок по освещению исполняется меньше нормы",
        "take": "Взять в работу",
        "taken": "в работе",
        "why": "Почему тревога закрывается",
        "close": "Закрыть",
        "closed": "закрыта",
    },
    "ky": {
        "tile": "Тышкы жарык боюнча аткарылган",
        "formula": "0,150 = ",
        "places": "Райондор жана аймактар",
        "district": "Ленин району",
        "facts": "Фактылар",
        "alert": "Жарыктандыруу боюнча өтүнмөлөр нормадан аз аткарылууда",
        "take": "Ишке алуу",
        "taken": "иште",
        "why": "Белги эмне үчүн жабылат",
        "close": "Жабуу",
        "closed": "жабылды",
    },
}


@pytest.fixture
def city(transactional_db: None, record: Record, mayor: access.Actor) -> Record:
    """Give the city some days, of which today is bad."""
    today = clock.today()
    for back, quantity in ((1, "19"), (2, "21"), (3, "17"), (4, "25"), (5, "22"), (6, "20")):
        record(TILE, quantity, measure="request", day=today - timedelta(days=back))
    record(TILE, "3", measure="request", territory="leninsky", unit="bishkeksvet")
    for figure, measure in (("lighting.emergencies_fixed", "case"), ("water.accidents_fixed", "accident")):
        keeping.keep_up(record(figure, "4", measure=measure), now=clock.now())
    keeping.keep_all(now=clock.now())
    alerts.watch(now=clock.now())
    return record


@pytest.fixture
def tab(city: Record, browser: Browser, live_server: Any, settings: Any) -> Iterator[Page]:
    """Open a page as the mayor, beside a live process; what the browser objects to fails the test."""
    with running_live(live_server.url) as live:
        settings.SHAAR_LIVE_URL = live.url.replace("127.0.0.1", "localhost")
        yield from opened(browser, live_server.url)


def opened(browser: Browser, root: str) -> Iterator[Page]:
    context = browser.new_context(base_url=root, locale="ru", viewport={"width": 1280, "height": 900})
    name, _sign, value = cookie_of("mayor").partition("=")
    context.add_cookies([{"name": name, "value": value, "url": root}])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert not errors, f"the browser reported: {errors}"


def test_a_fact_changes_the_open_page_without_loading_it_anew(
    tab: Page, city: Record, assert_accessible: Callable[[Page], None]
) -> None:
    tab.goto("/staff/monitor/")
    expect(tab.locator("[data-monitor-status]")).to_contain_text("В прямом эфире")
    tab.evaluate("window.isTheSamePage = true")
    place = tab.locator(f"[data-tile='{TILE}']")
    expect(place).to_contain_text("Хуже цели")
    keeping.keep_up(city(TILE, "17", measure="request"), now=clock.now())
    expect(place.locator("strong")).to_have_text("20", timeout=2000)
    expect(place).to_contain_text("В норме")
    expect(place).to_have_attribute("data-changed", "state")
    assert tab.evaluate("window.isTheSamePage")
    assert_accessible(tab)


@pytest.fixture
def come(tab: Page, live_server: Any) -> Callable[[str, int], dict[str, str]]:
    """Return a way to take a language and a screen, which gives the words of that language."""

    def taken(language: str, width: int) -> dict[str, str]:
        tab.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        tab.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        return WORDS[language]

    return taken


def looked_at(tab: Page, assert_accessible: Callable[[Page], None]) -> None:
    assert_accessible(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_a_red_tile_leads_to_a_record_in_a_district(
    tab: Page,
    come: Callable[[str, int], dict[str, str]],
    assert_accessible: Callable[[Page], None],
    language: str,
    width: int,
) -> None:
    words = come(language, width)
    tab.goto("/staff/monitor/")
    expect(tab.locator("html")).to_have_attribute("lang", language)
    looked_at(tab, assert_accessible)
    tab.locator(f"[data-tile='{TILE}'] a").click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text(words["tile"])
    expect(tab.locator("main")).to_contain_text(words["formula"])
    looked_at(tab, assert_accessible)
    tab.get_by_role("table", name=words["places"]).get_by_role("link", name=words["district"]).click()
    expect(tab.get_by_role("heading", name=words["facts"])).to_be_visible()
    looked_at(tab, assert_accessible)
    tab.get_by_role("main").get_by_role("link", name="демо").first.click()
    tab.wait_for_url("http://*/staff/")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_an_alert_is_taken_up_and_closed_from_the_inbox(
    tab: Page,
    come: Callable[[str, int], dict[str, str]],
    assert_accessible: Callable[[Page], None],
    language: str,
    width: int,
) -> None:
    words = come(language, width)
    tab.goto("/staff/")
    tab.get_by_role("link", name=words["alert"]).first.click()
    looked_at(tab, assert_accessible)
    tab.get_by_role("button", name=words["take"]).click()
    expect(tab.locator("main")).to_contain_text(words["taken"])
    tab.get_by_role("button", name=words["close"]).click()
    expect(tab.locator(".govuk-error-summary")).to_be_visible()
    looked_at(tab, assert_accessible)
    tab.get_by_label(words["why"]).fill("Бригада вышла на линию, демо")
    tab.get_by_role("button", name=words["close"]).click()
    expect(tab.locator("main")).to_contain_text(words["closed"])
    looked_at(tab, assert_accessible)
    tab.goto("/staff/monitor/")
    alerts.watch(now=clock.now())
    tab.goto("/staff/")
    expect(tab.get_by_role("link", name=words["alert"])).to_have_count(0)


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_nothing_is_cut_off_on_a_wall(tab: Page, language: str, city: Record, live_server: Any) -> None:
    tab.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for width, height in SIZES:
        tab.set_viewport_size({"width": width, "height": height})
        tab.goto("/staff/monitor/wall/")
        tab.wait_for_function("document.fonts.status === 'loaded'")
        assert tab.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        ) == [
            width,
            height,
        ]
        assert tab.evaluate(CUT_OFF) == []
    keeping.keep_up(city(TILE, "17", measure="request"), now=clock.now())
    expect(tab.locator(f"[data-tile='{TILE}'][data-changed]")).to_be_visible(timeout=2000)
    assert tab.evaluate(CUT_OFF) == []


SIZE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
# What is wider or higher than its place, or lies outside of the screen.
CUT_OFF = """[...document.querySelectorAll('.monitor-tile, .monitor-tile *, .wall__head *')]
    .filter(one => !(one instanceof SVGElement) && one.getClientRects().length)
    .filter(one => {
        const tile = (one.closest('.monitor-tile') ?? document.body).getBoundingClientRect();
        const box = one.getBoundingClientRect();
        return box.bottom > tile.bottom + 1 || box.right > tile.right + 1 || box.bottom > innerHeight + 1
            || one.scrollWidth > Math.ceil(box.width) + 1;
    }).map(one => `${one.className} ${one.textContent.trim().slice(0, 60)}`)"""
