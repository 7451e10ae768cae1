"""The city of the pack with people who work on its programme, for errands in a real browser."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from shaar.kernel import jobs
from tests.programme.conftest import bishkek, pack, people, report

__all__ = ["bishkek", "pack", "people", "report"]
PASSWORD = "long-enough-2023"


@pytest.fixture
def city(bishkek: Path, transactional_db: None) -> None:
    """Bring the figures of the pack up to date."""
    jobs.run_pending()


@pytest.fixture
def be(page: Page) -> Callable[[str], None]:
    """Return a function that signs a person in, whoever was signed in before."""

    def sign_in(name: str) -> None:
        page.context.clear_cookies()
        page.goto("/sign-in/")
        page.get_by_label("Имя пользователя").fill(name)
        page.get_by_label("Пароль").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Войти").click()
        page.wait_for_url("http://*/staff/")

    return sign_in


@pytest.fixture
def assert_fits(page: Page) -> Callable[[], None]:
    """Return a check that nothing is wider than a telephone's screen."""

    def check() -> None:
        size = page.viewport_size or {"width": 1280, "height": 900}
        page.set_viewport_size({"width": 390, "height": 844})
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{page.url} is {width} wide"
        page.set_viewport_size(size)

    return check
