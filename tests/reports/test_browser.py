"""The report in a real browser: accessible, and nothing wider than a telephone's screen."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from shaar.access.api import system_actor
from shaar.reports.api import edition_file, publish
from tests.reports.pack_example import pack_snapshot

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2023, 3, 2, tzinfo=UTC)
BASE = "/programmes/bishkek-2026/reports/2022/"


@pytest.fixture
def published(page: Page) -> Page:
    publish(pack_snapshot(), actor=system_actor("tests"), at=AT, public_url="http://127.0.0.1:8000")
    return page


def assert_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of the page where SHAAR_TEST_PICTURES names a directory."""
    if folder := os.environ.get("SHAAR_TEST_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True, timeout=60_000)


@pytest.mark.parametrize("address", ["?language=ky", "editions/", "editions/1/"])
def test_a_page_of_the_report_is_accessible_and_fits_a_telephone(
    published: Page, address: str, assert_accessible: Callable[[Page], None]
) -> None:
    published.goto(BASE + address)
    assert_accessible(published)
    name = address.strip("/?").replace("/", "-").replace("=", "-") or "report"
    keep_picture(published, f"{name}-1280")
    assert_fits(published, 390)
    keep_picture(published, f"{name}-390")


def test_the_standalone_file_is_accessible_and_fits_a_telephone(
    published: Page, assert_accessible: Callable[[Page], None]
) -> None:
    published.set_content(edition_file("bishkek-2026", 2022, language="ru", form="html").decode())
    assert_accessible(published)
    keep_picture(published, "file-1280")
    assert_fits(published, 390)
    keep_picture(published, "file-390")
