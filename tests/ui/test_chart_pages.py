"""Charts in a real browser: drawn again under the policy, explored, saved and printed."""

import csv
import io
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.maps.test_page import WATCH
from tests.ui.chart_pages import DAYS, charts


@pytest.fixture(autouse=True)
def _pages(settings: Any, transactional_db: None) -> None:
    settings.ROOT_URLCONF = "tests.ui.chart_pages"


def drawn(page: Page) -> list[Locator]:
    figures = page.locator("[data-shaar-chart]").all()
    for figure in figures:
        figure.scroll_into_view_if_needed()
        figure.locator("canvas").first.wait_for()
    return figures


def colours(png: bytes) -> int:
    return len(Image.open(io.BytesIO(png)).convert("RGB").getcolors(1_000_000) or ())


def test_every_kind_of_chart_is_drawn_under_the_policy_and_accessible(
    page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    page.goto("/every-chart/")
    figures = drawn(page)
    assert len(figures) == len(charts())
    for figure in figures:
        assert colours(figure.locator("canvas").first.screenshot()) > 20, "the canvas is blank"
    assert page.evaluate("window.violations") == []
    root = page.url.removesuffix("/every-chart/")
    assert [one for one in asked if not one.startswith((root, "data:", "blob:"))] == []
    assert_accessible(page)


def test_nothing_moves_when_the_script_draws_a_chart(page: Page) -> None:
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach("
        "(one) => { window.moved += one.value; })).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto("/every-chart/")
    drawn(page)
    assert page.evaluate("window.moved") < 0.02


def test_the_table_of_every_chart_is_its_data(page: Page) -> None:
    page.goto("/every-chart/")
    for figure, chart in zip(page.locator("[data-shaar-chart]").all(), charts().values(), strict=True):
        cells = [row.locator("th, td").all_text_contents() for row in figure.locator("tr").all()]
        assert cells == chart.table


def test_a_pointed_value_is_told(page: Page) -> None:
    page.goto("/every-chart/")
    figure = drawn(page)[0]
    before = figure.locator("canvas").first.screenshot()
    box = figure.locator("canvas").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + box["height"] / 8)
    page.wait_for_timeout(400)
    assert figure.locator("canvas").first.screenshot() != before


def test_the_picture_of_a_chart_is_saved_with_its_title(page: Page) -> None:
    page.goto("/every-chart/")
    figure = drawn(page)[1]
    with page.expect_download() as waiting:
        figure.locator("[data-png]").click()
    saved = waiting.value.path().read_bytes()
    assert Image.open(io.BytesIO(saved)).width > 800
    assert colours(saved) > 20


def test_the_printer_gets_the_drawing_of_the_server(page: Page) -> None:
    page.goto("/every-chart/")
    drawn(page)
    svg = page.locator(".shaar-chart__drawing > svg").first
    assert svg.evaluate("one => getComputedStyle(one).visibility") == "hidden"
    page.emulate_media(media="print")
    assert svg.is_visible()
    assert not page.locator(".shaar-chart__live").first.is_visible()


def test_charts_and_maps_fit_a_telephone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/every-chart/")
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_every_kind_of_layer_is_drawn_and_told(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    page.add_init_script(WATCH)
    page.goto("/every-layer/")
    page.wait_for_selector("[data-shaar-map][data-ready]", timeout=60_000)
    page.wait_for_timeout(1000)
    assert colours(page.locator(".maplibregl-canvas").screenshot()) > 150
    assert page.evaluate("window.violations") == []
    assert page.locator(".shaar-map tbody tr").count() == 46
    assert "Колодец <b>, демо" in page.locator(".shaar-map tbody").text_content()  # type: ignore[operator]
    page.locator(".shaar-map .govuk-details__summary").click()
    assert page.get_by_role("link", name="Колодец <b>, демо").get_attribute("href") == "/map/"
    assert_accessible(page)


def test_a_csv_needs_no_script_and_opens_in_excel(client: Any) -> None:
    page = client.get("/every-chart/").content.decode()
    address = page.split('href="data:text/csv;charset=utf-8;base64,')[1].split('"')[0]
    content = b64decode(address)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["Район", "камер"]
    assert ["Ленинский район", "851"] in rows
    assert ["Свердловский район", ""] in rows


def test_the_days_of_a_calendar_are_all_in_its_file_and_the_months_in_its_table() -> None:
    chart = charts()["calendar"]
    assert chart.data
    rows = chart.data.rows("day")
    assert len(rows) == 366
    assert len(chart.table) == 13
    assert sum(int(row[1] or 0) for row in rows[1:]) == sum(DAYS.values())
