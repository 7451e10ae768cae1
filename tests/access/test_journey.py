"""Errands in a real browser: sign in, change language and password, look into the audit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.access.conftest import PASSWORD, People


@pytest.fixture
def _a_person(transactional_db: None, person: People) -> None:
    person(role="auditor")


@pytest.mark.usefixtures("_a_person")
def test_an_auditor_signs_in_and_finds_a_change(
    page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto("/staff/audit/")
    assert_accessible(page)
    page.get_by_label("Имя пользователя").fill("aigul")
    page.get_by_label("Пароль").fill("wrong wrong wrong")
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    expect(page.get_by_label("Имя пользователя")).to_have_value("aigul")
    assert_accessible(page)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Аудит: кто что изменил")
    page.get_by_label("Вид записи").select_option("access.User")
    page.locator("main form button").click()
    expect(page.get_by_role("cell", name="Name aigul")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Кыргызча").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Аудит: ким эмнени өзгөрттү")
    assert "model=access.User" in page.url


@pytest.mark.usefixtures("_a_person")
def test_a_person_changes_their_password(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    page.goto("/staff/password/")
    page.get_by_label("Имя пользователя").fill("aigul")
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Войти").click()
    page.get_by_label("Нынешний пароль").fill(PASSWORD)
    page.get_by_label("Новый пароль", exact=True).fill("another horse battery")
    page.get_by_label("Новый пароль ещё раз").fill("another horse battery")
    page.get_by_role("button", name="Изменить пароль").click()
    expect(page.get_by_text("Пароль изменён")).to_be_visible()
    assert_accessible(page)
