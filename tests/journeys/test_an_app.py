"""A citizen installs the app and reads it without a network."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shaar.portal import pack as portal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]
SHOWN = """navigator.serviceWorker.ready.then((one) => one.getNotifications())
    .then((all) => all.map((one) => one.title))"""
READY = "navigator.serviceWorker.ready.then(() => true)"


@pytest.fixture(autouse=True)
def _words(bishkek: Path) -> None:
    portal.load_pack(bishkek, actor="tests")


def test_the_app_can_be_installed(page: Page) -> None:
    page.goto("/")
    page.evaluate(READY)
    tools = page.context.new_cdp_session(page)
    found = tools.send("Page.getAppManifest")
    assert found["url"].endswith("/manifest.ru.webmanifest")
    assert found["errors"] == []
    told = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in told if one["errorId"] != "in-incognito"] == []


def test_pages_read_lately_open_without_a_network(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    page.evaluate(READY)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.goto("/programmes/")
    heading = page.get_by_role("heading", level=1).inner_text()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.goto("/findings/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Нет связи")
    page.context.set_offline(False)


def test_a_push_message_becomes_a_notice(page: Page) -> None:
    context = page.context
    page.goto("/")
    page.evaluate(READY)
    root = page.url.rstrip("/")
    context.grant_permissions(["notifications"], origin=root)
    tools = context.new_cdp_session(page)
    seen: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: seen.extend(one["registrationId"] for one in told["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    told = json.dumps({"title": "Готово", "body": "Отчёт принят", "url": "/programmes/", "tag": "a"})
    for number in seen[:1]:
        given = {"origin": root, "registrationId": number, "data": told}
        tools.send("ServiceWorker.deliverPushMessage", given)
    page.wait_for_timeout(500)
    assert page.evaluate(SHOWN) == ["Готово"]


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (1440, "dark")])
def test_the_first_page_fits_and_is_accessible(
    page: Page, width: int, theme: str, assert_accessible: Callable[[Page], None]
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if where := os.environ.get("SHOTS"):
        page.screenshot(path=f"{where}/home-{width}-{theme}.png", full_page=True)
    assert_accessible(page)
