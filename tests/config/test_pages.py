"""What the settings and the fixtures promise of every page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher
from django.test import Client
from playwright.sync_api import Browser, Page

from shaar.config.templates import UnknownVariable

pytestmark = [pytest.mark.urls("tests.config.pages"), pytest.mark.django_db]


def test_pages_carry_a_policy_without_inline_code(client: Client) -> None:
    policy = client.get("/pages/good/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'self'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


def test_pages_carry_the_security_headers(client: Client) -> None:
    headers = client.get("/pages/good/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ["inline-script", "inline-style", "inline-event", "unrendered"])
def test_the_strict_client_fails_on_what_a_browser_would_not_show(client: Client, name: str) -> None:
    with pytest.raises(AssertionError, match="the page holds"):
        client.get(f"/pages/{name}/")


def test_a_template_that_names_an_unknown_variable_fails(client: Client) -> None:
    with pytest.raises(UnknownVariable, match="unknown"):
        client.get("/unknown/")


def test_passwords_are_hashed_by_argon2_outside_the_tests() -> None:
    assert get_hasher("argon2").algorithm == "argon2"


def test_the_browser_shows_a_page_with_its_font_and_scripts(
    page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto("/pages/good/")
    page.wait_for_selector("body.js-enabled")
    assert page.evaluate("document.fonts.load('16px \"Golos Text\"', 'ңөү').then(found => found.length)") == 1
    assert_accessible(page)


def test_an_inaccessible_page_is_found(
    browser: Browser, live_server: Any, assert_accessible: Callable[[Page], None]
) -> None:
    tab = browser.new_page(base_url=live_server.url)
    tab.goto("/pages/inaccessible/")
    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(tab)
    tab.close()


def test_the_browser_refuses_inline_code(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page(base_url=live_server.url)
    tab.goto("/pages/inline-script/")
    assert tab.evaluate("window.ran") is None
    tab.close()
