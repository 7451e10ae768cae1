"""What WCAG 2.2 AA asks that axe cannot see, looked at in a browser; see docs/accessibility.md."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_a_citizen import HOME, published

__all__ = ["published"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("published", "people")]
PUBLIC = (
    "/",
    "/news/",
    f"{HOME}measures/",
    f"{HOME}measures/lifts-replacement/",
    "/indicators/",
    "/figures/lifts.delivered/2022/",
    "/findings/",
    "/search/?q=школ",
    "/data/",
    "/data/measures/",
    "/contacts/",
    "/accessibility/",
    "/map/",
    "/sign-in/",
)
STAFF = ("/staff/", "/staff/news/new/", "/staff/notices/", "/staff/settings/", "/staff/statistics/")
# 1.4.12: what a reader may set without losing anything.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
CUT = """() => [...document.querySelectorAll("h1, h2, h3, p, a, button, label, td, th, li, dd, dt")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !one.closest(".govuk-visually-hidden, .govuk-skip-link, .maplibregl-map, svg"))
  .filter((one) => ["hidden", "clip"].includes(getComputedStyle(one).overflowY))
  .filter((one) => one.scrollHeight > one.clientHeight + 2)
  .map((one) => one.outerHTML.slice(0, 120))"""
# 2.5.8: 24 px, but for links within a sentence, what the browser draws, and what has room around it.
SMALL = """() => {
  const found = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.type !== "hidden")
    .filter((one) => !one.closest(".govuk-visually-hidden, .maplibregl-map"))
    .map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.height > 1);
  const isInText = (one) => one.matches("a") && getComputedStyle(one).display === "inline";
  const small = found.filter(({ one, box }) => (box.width < 23.5 || box.height < 23.5) && !isInText(one));
  const isNear = (a, b) => {
    const x = Math.abs(a.left + a.width / 2 - b.left - b.width / 2);
    const y = Math.abs(a.top + a.height / 2 - b.top - b.height / 2);
    return Math.hypot(x, y) < 24;
  };
  return small.filter((a) => found.some((b) => b.one !== a.one && isNear(a.box, b.box)))
    .map(({ one, box }) => `${one.outerHTML.slice(0, 100)} ${box.width}x${box.height}`);
}"""
# 2.4.11: something of what has the focus is seen, and it is not under anything else.
HIDDEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (one === document.body || !box.width) return "";
  const [left, top] = [Math.max(box.left, 0), Math.max(box.top, 0)];
  const wide = Math.min(box.right, innerWidth) - left, high = Math.min(box.bottom, innerHeight) - top;
  const at = (x, y) => [left + wide * x, top + high * y];
  const points = [0.1, 0.5, 0.9].flatMap((x) => [0.2, 0.5, 0.8].map((y) => at(x, y)));
  const seen = points.some(([x, y]) => {
    const over = document.elementFromPoint(x, y);
    return over && (one.contains(over) || over.closest("label")?.control === one);
  });
  return seen ? "" : one.outerHTML.slice(0, 120);
}"""
RING = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const near = getComputedStyle(one.parentElement || one);
  const has = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none";
  const label = one.labels?.[0] && getComputedStyle(one.labels[0], "::before");
  return has(style) || has(near) || (label && has(label)) || style.backgroundColor !== "rgba(0, 0, 0, 0)"
    ? "" : one.outerHTML.slice(0, 120);
}"""


def wide(page: Page) -> str:
    """Return what is wider than the window, by name."""
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return f"{page.url} is {width} px too wide" if width > 0 else ""


def visited(page: Page, addresses: tuple[str, ...], look: Callable[[], Any]) -> list[str]:
    """Return what a look at each page found, each fault with its page."""
    faults = []
    for address in addresses:
        page.goto(address)
        found = look()
        faults += [f"{address}: {one}" for one in ([found] if isinstance(found, str) else found) if one]
    return faults


def test_pages_reflow_at_320_points_and_text_grows_to_200_percent(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert visited(page, PUBLIC, lambda: wide(page)) == []

    def doubled() -> list[str]:
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        return [wide(page), *page.evaluate(CUT)]

    page.set_viewport_size({"width": 1280, "height": 900})
    assert visited(page, PUBLIC, doubled) == []


def test_wider_spacing_of_text_cuts_nothing_off(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    def spaced() -> list[str]:
        page.evaluate(SPACED)
        return [wide(page), *page.evaluate(CUT)]

    assert visited(page, PUBLIC, spaced) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_targets_are_24_points_or_have_room(page: Page, be: Callable[[str], None], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    faults = visited(page, PUBLIC, lambda: page.evaluate(SMALL))
    be("office")
    faults += visited(page, STAFF, lambda: page.evaluate(SMALL))
    assert faults == []


@pytest.mark.parametrize("width", [390, 1280])
def test_what_has_the_focus_is_seen_and_the_keyboard_is_never_trapped(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    faults = []
    for address in ("/", f"{HOME}measures/", "/indicators/", "/data/", "/accessibility/", "/sign-in/"):
        page.goto(address)
        passed = set()
        for _step in range(40):
            page.keyboard.press("Tab")
            faults += [f"{address}: covered: {one}" for one in [page.evaluate(HIDDEN)] if one]
            faults += [f"{address}: no ring: {one}" for one in [page.evaluate(RING)] if one]
            passed.add(page.evaluate("document.activeElement.outerHTML.slice(0, 300)"))
        assert len(passed) > 8, address
    assert not faults, "\n".join(faults)


def test_help_stands_at_the_same_place_on_every_public_page(page: Page) -> None:
    orders = set()
    for address in PUBLIC:
        page.goto(address)
        orders.add(tuple(page.locator("footer a").evaluate_all("links => links.map(one => one.pathname)")))
    assert len(orders) == 1
    assert "/contacts/" in next(iter(orders))


def test_a_sign_in_asks_for_no_puzzle_and_takes_a_pasted_password(page: Page) -> None:
    page.goto("/sign-in/")
    password = page.get_by_label("Пароль", exact=True)
    expect(password).to_have_attribute("autocomplete", "current-password")
    password.evaluate("""one => {
        const data = new DataTransfer();
        data.setData("text", "pasted");
        const pasted = new ClipboardEvent("paste", {clipboardData: data, cancelable: true});
        one.dataset.taken = one.dispatchEvent(pasted);
    }""")
    expect(password).to_have_attribute("data-taken", "true")
    assert page.locator("img[src*=captcha], iframe").count() == 0


def test_the_map_is_moved_without_dragging(page: Page) -> None:
    page.goto("/map/")
    zoom = page.locator(".maplibregl-ctrl-zoom-in, .maplibregl-ctrl button").first
    expect(zoom).to_be_visible(timeout=20_000)
    assert page.locator("main table, main ul").count() > 0
