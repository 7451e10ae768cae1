"""The page of the map."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from playwright.sync_api import Page

from shaar.city.api import load_pack as load_city
from shaar.maps.pack import load_pack
from tests.maps.conftest import PACK

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


@pytest.fixture
def drawn(transactional_db: None) -> None:
    """Load the base map where the server of the browser sees it."""
    load_city(PACK, actor="pack:bishkek")
    load_pack(PACK, actor="pack:bishkek")


def show(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("[data-shaar-map][data-ready]", timeout=60_000)


def colours(page: Page) -> int:
    shot = page.locator(".maplibregl-canvas").screenshot()
    found = Image.open(io.BytesIO(shot)).convert("RGB").getcolors(1_000_000)
    return len(found or range(1_000_000))


def test_a_street_is_found_by_a_part_of_its_name_in_either_language(client: Client, base_map: Path) -> None:
    for words in ("чуй", "Чүй", "проспектиси чуй"):
        text = client.get("/map/", {"q": words}).content.decode()
        assert "проспект Чуй" in text
    assert "улица Киевская" not in text


def test_what_is_not_found_is_told_and_stays_in_the_field(client: Client, base_map: Path) -> None:
    text = client.get("/map/", {"q": "<Атлантида>"}).content.decode()
    assert "&lt;Атлантида&gt;" in text
    assert "<Атлантида>" not in text


@pytest.mark.parametrize("view", ["", "1,2,3", "a,b,c,d", "nan,nan,nan,nan", "9,9,1,1", "0,0,1e999,1"])
def test_a_view_that_is_no_bounds_is_left_aside(client: Client, base_map: Path, view: str) -> None:
    whole = client.get("/map/").context["panel"].bounds
    assert client.get("/map/", {"at": view}).context["panel"].bounds == whole


def test_a_view_of_the_address_is_shown(client: Client, base_map: Path) -> None:
    answer = client.get("/map/", {"at": "74.5,42.8,74.6,42.9"})
    assert answer.context["panel"].bounds == (74.5, 42.8, 74.6, 42.9)


def test_the_page_shows_the_sources_and_says_that_it_is_generalised(client: Client, base_map: Path) -> None:
    text = client.get("/map/").content.decode()
    assert "OpenStreetMap contributors" in text
    assert "не для навигации" in text


def test_the_page_without_any_base_map_still_answers(client: Client, db: None) -> None:
    assert client.get("/map/").status_code == 200


def test_the_number_of_queries_does_not_grow_with_what_is_found(client: Client, base_map: Path) -> None:
    client.get("/map/")
    with CaptureQueriesContext(connection) as few:
        client.get("/map/", {"q": "чуй"})
    with CaptureQueriesContext(connection) as many:
        client.get("/map/", {"q": "а"})
    assert len(few) == len(many)


def test_the_map_is_drawn_under_the_policy_and_asks_no_other_host(
    page: Page, drawn: None, assert_accessible: Callable[[Page], None]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    show(page, "/map/")
    assert colours(page) > 200, "the canvas is blank"
    assert page.evaluate("window.violations") == []
    root = page.url.split("/map/")[0]
    assert [one for one in asked if not one.startswith((root, "blob:", "data:"))] == []
    assert_accessible(page)


def test_the_table_holds_what_the_map_was_given(page: Page, drawn: None) -> None:
    show(page, "/map/")
    given = page.evaluate(
        """() => JSON.parse(document.querySelector("script[type='application/json']").textContent)
        .layers.flatMap((layer) => layer.data.features.map((one) => one.properties.name))"""
    )
    page.locator(".shaar-map .govuk-details__summary").click()
    assert page.locator(".shaar-map tbody th").all_inner_texts() == given
    assert len(given) == 4


def test_a_place_is_shown_from_the_keyboard_and_a_layer_is_switched_off(page: Page, drawn: None) -> None:
    show(page, "/map/?q=Асанбай")
    before = page.locator(".maplibregl-canvas").screenshot()
    page.locator("a[data-view]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(2500)
    assert page.locator(".maplibregl-canvas").screenshot() != before
    assert page.url.endswith("%D0%B9")
    box = page.locator("[data-layer]")
    box.focus()
    page.keyboard.press("Space")
    assert not box.is_checked()
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("+")


def test_the_picture_of_the_map_is_saved_with_its_sources(page: Page, drawn: None) -> None:
    show(page, "/map/")
    with page.expect_download() as waiting:
        page.locator("[data-png]").click()
    picture = Image.open(io.BytesIO(waiting.value.path().read_bytes())).convert("RGB")
    assert picture.width > 300
    assert len(picture.getcolors(1_000_000) or ()) > 200


def test_a_browser_without_webgl_is_told_where_the_values_are(page: Page, drawn: None) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto("/map/")
    page.wait_for_selector("[data-failed]:not([hidden])")
    assert "таблиц" in page.locator("[data-failed]").inner_text()


def test_the_page_fits_a_telephone(page: Page, drawn: None) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, "/map/?q=а")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
