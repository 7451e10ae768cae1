"""What a public page may weigh: bytes counted in the browser, nothing from elsewhere, nothing moves."""

import gzip
import time
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, Route

from tests.journeys.test_a_citizen import HOME, published

__all__ = ["published"]
BUDGET = 60 * 1024
COUNTED = ("text/html", "text/css", "text/javascript", "application/javascript")
# A chart and a map bring their own library; the budget is for everything else on their pages.
APART = ("build/charts", "build/map")
FONT_DELAY = 0.25
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    const moved = one.sources.map((source) => source.node?.outerHTML?.slice(0, 80));
    if (!one.hadRecentInput) window.shifts.push([one.value, moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
PAGES = (
    "/",
    "/programmes/",
    HOME,
    f"{HOME}measures/",
    f"{HOME}measures/lifts-replacement/",
    "/indicators/",
    "/indicators/lifts.delivered/",
    "/figures/lifts.delivered/2022/",
    "/findings/",
    f"{HOME}reports/2022/editions/1/",
    "/sign-in/",
    "/shortcuts/",
    "/ui/",
    "/ui/form/",
    "/ui/table/",
)


@pytest.fixture
def worker() -> Literal["allow", "block"]:
    """Count what a first visit brings: parts that a service worker answers have no bytes on the way."""
    return "block"


def weight(response: Response) -> int:
    """Return how many bytes a part of the page takes on the way, compressed as servers do it."""
    kind = response.headers.get("content-type", "").partition(";")[0]
    if kind not in COUNTED or any(name in response.url for name in APART):
        return 0
    return len(gzip.compress(response.body(), compresslevel=6))


def late(route: Route) -> None:
    """Let a font come after the text, as it does on a slow line."""
    time.sleep(FONT_DELAY)
    route.continue_()


@pytest.mark.parametrize("language", ["ru", "ky"])
@pytest.mark.usefixtures("published")
def test_public_pages_are_light_come_from_here_alone_and_do_not_move(page: Page, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/shortcuts/")
    page.locator(f"button[value={language}]").click()
    page.add_init_script(WATCH)
    page.route("**/*.woff2", late)
    here, answers = urlsplit(page.url).netloc, list[Response]()
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - marks the function
    faults, measured = [], {}
    for address in PAGES:
        answers.clear()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        size = sum(weight(one) for one in answers)
        elsewhere = {one.url for one in answers if urlsplit(one.url).netloc not in {here, ""}}
        moved = page.evaluate("window.shifts")
        measured[address] = size
        if size > BUDGET:
            faults.append(f"{address} takes {size} bytes of HTML, CSS and JavaScript")
        if elsewhere:
            faults.append(f"{address} asks elsewhere: {elsewhere}")
        if moved:
            faults.append(f"{address} moves: {moved}")
    assert not faults, "\n".join(faults)
    assert min(measured.values()) > 0
