"""A citizen's whole way: the first page, a figure and its records, the map, news, a file, the statement."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shaar.access import api as access
from shaar.kernel import clock
from shaar.portal.news import services as news
from shaar.search import api as search
from tests.journeys.test_a_citizen import published
from tests.portal.conftest import article

__all__ = ["published"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("told")]
FIGURE = "/figures/lifts.delivered/2022/"
WORDS = {
    "ru": {
        "news": "Открыт парк (демо)",
        "data": "Открытые данные",
        "statement": "Заявление о доступности",
    },
    "ky": {
        "news": "Парк ачылды (демо)",
        "data": "Ачык маалыматтар",
        "statement": "Жеткиликтүүлүк жөнүндө билдирүү",
    },
}


@pytest.fixture
def told(published: None, people: object) -> None:
    """Publish one article, and have everything found."""
    office, at = access.user_actor("office"), clock.now()
    news.publish(news.write(article(), actor=office, at=at), actor=office, at=at)
    search.refresh_all()


@pytest.fixture
def plain(browser: Browser, live_server: object) -> Iterator[Page]:
    """Open a page that runs no script."""
    context = browser.new_context(
        base_url=str(live_server),
        locale="ru",
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def by_mouse(page: Page, selector: str) -> None:
    page.locator(selector).first.click()


def by_keyboard(page: Page, selector: str) -> None:
    """Go to a link by Tab alone and open it."""
    page.evaluate("document.body.focus()")
    for _step in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{page.url}: Tab does not reach {selector}")


def stop(page: Page, language: str, path: str) -> None:
    """Look that the page is the one that was meant, and speaks the language."""
    page.wait_for_url(f"**{path}")
    expect(page.locator("html")).to_have_attribute("lang", language)


def walk(page: Page, language: str, *, go: Callable[[Page, str], None]) -> None:
    """Walk the whole way, looking at each stop that the page speaks the language."""
    page.goto("/")
    if language != "ru":
        go(page, f"button[value={language}]")
    stop(page, language, "/")
    page.locator("#hero-words").fill("лифт")
    page.locator("#hero-words").press("Enter")
    stop(page, language, "/search/?q=*")
    go(page, 'main a[href="/indicators/lifts.delivered/"]')
    stop(page, language, "/indicators/lifts.delivered/")
    go(page, f'main a[href^="{FIGURE.rsplit("/", 2)[0]}"]')
    stop(page, language, "/figures/lifts.delivered/**")
    expect(page.get_by_role("main")).to_contain_text("2022")
    open_from_head(page, "/map/", go)
    stop(page, language, "/map/")
    assert page.locator("main a, main td, main li").count() > 5
    look_at_news(page, language, go)
    take_data(page, language, go)


def look_at_news(page: Page, language: str, go: Callable[[Page, str], None]) -> None:
    """Read an article, and see that a choice of language keeps the page."""
    words = WORDS[language]
    open_from_head(page, "/news/", go)
    stop(page, language, "/news/")
    go(page, 'main a[href^="/news/"]:not([href*="."])')
    stop(page, language, "/news/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["news"])
    other = "ky" if language == "ru" else "ru"
    here = page.url
    go(page, f"button[value={other}]")
    expect(page.locator("html")).to_have_attribute("lang", other)
    assert page.url == here, "a choice of language keeps the page"
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[other]["news"])
    go(page, f"button[value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)


def take_data(page: Page, language: str, go: Callable[[Page, str], None]) -> None:
    """Take a file of open data, then read the statement on accessibility."""
    words = WORDS[language]
    open_from_head(page, "/data/", go)
    stop(page, language, "/data/")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["data"])
    with page.expect_download() as sent:
        go(page, 'a[href="/data/districts.geojson"]')
    assert json.loads(sent.value.path().read_text(encoding="utf-8"))["type"] == "FeatureCollection"
    go(page, 'footer a[href="/accessibility/"]')
    stop(page, language, "/accessibility/")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["statement"])


def open_from_head(page: Page, path: str, go: Callable[[Page, str], None]) -> None:
    """Open a page of the main navigation, which a telephone keeps behind a button."""
    menu = page.locator("button[popovertarget=shaar-menu]")
    if menu.is_visible() and not page.locator("#shaar-menu").is_visible():
        go(page, "button[popovertarget=shaar-menu]")
    go(page, f'#shaar-menu a[href="{path}"]')


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_a_reader_walks_the_whole_way_by_mouse(page: Page, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    walk(page, language, go=by_mouse)


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_a_reader_walks_the_whole_way_by_keyboard(page: Page, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    walk(page, language, go=by_keyboard)


def test_a_reader_walks_the_whole_way_without_a_script(plain: Page) -> None:
    walk(plain, "ky", go=by_mouse)
