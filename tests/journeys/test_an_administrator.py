"""An administrator's errand: adds a person, gives a role, moves a day off; then the person comes."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page

from shaar.access import api as access
from shaar.access.models import User

PASSWORD = "long-enough-2023"
WORDS = {
    "ru": {
        "add": "Добавить человека",
        "add it": "Добавить",
        "to": "К странице человека",
        "roles": "Дать и завершить роли",
        "give": "Дать роль",
        "given": "Роль дана",
        "sign in": "Войти",
        "change": "Изменить пароль",
        "changed": "Пароль изменён",
        "kept": "День сохранён",
        "missing": "Введите название",
    },
    "ky": {
        "add": "Адам кошуу",
        "add it": "Кошуу",
        "to": "Адамдын барагына",
        "roles": "Ролдорду берүү жана аяктоо",
        "give": "Роль берүү",
        "given": "Роль берилди",
        "sign in": "Кирүү",
        "change": "Сырсөздү өзгөртүү",
        "changed": "Сырсөз",
        "kept": "Күн сакталды",
        "missing": "Аталышын киргизиңиз",
    },
}


@pytest.fixture
def admin(city: None) -> None:
    """Make an administrator."""
    by = access.system_actor("tests")
    access.create_user("admin", name="Администратор (демо)", password=PASSWORD, actor=by)
    access.assign_role("admin", "administrator", actor=by)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).last.click()


def sign_in(page: Page, name: str, password: str, word: str) -> None:
    page.goto("/sign-in/")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill(password)
    press(page, word)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(("language", "width"), [("ru", 1440), ("ky", 390)])
def test_an_administrator_lets_a_person_in(
    page: Page,
    language: str,
    width: int,
    live_server: object,
    assert_accessible: Callable[[Page], None],
) -> None:
    word = WORDS[language]
    page.set_viewport_size({"width": width, "height": 900})
    User.objects.filter(username="admin").update(language=language)
    cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": str(live_server)}
    page.context.add_cookies([cookie])
    sign_in(page, "admin", PASSWORD, word["sign in"])
    page.wait_for_url("**/staff/")

    password = add_person(page, word, language)
    assert_accessible(page)
    press(page, word["to"])
    page.get_by_role("link", name=word["roles"]).click()
    page.locator("#id_role").select_option("reporter")
    page.locator("#id_unit").select_option("bishkekgorlift")
    press(page, word["give"])
    page.get_by_text(word["given"]).first.wait_for()
    assert_accessible(page)
    set_a_day_by_keyboard(page, word)

    page.context.clear_cookies()
    page.context.add_cookies([cookie])
    sign_in(page, "cholpon", password, word["sign in"])
    page.wait_for_url("**/staff/password/")
    page.locator("#id_old_password").fill(password)
    for field in ("#id_new_password1", "#id_new_password2"):
        page.locator(field).fill("another horse battery")
    press(page, word["change"])
    page.get_by_text(word["changed"]).first.wait_for()
    page.goto("/staff/")
    assert page.locator("h1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def add_person(page: Page, word: dict[str, str], language: str) -> str:
    """Add a person, first without what is needed, and return the password that holds once."""
    page.goto("/staff/people/")
    press(page, word["add"])
    page.locator("#id_username").fill("cholpon")
    press(page, word["add it"])
    page.locator("#id_name-error").wait_for()
    assert page.locator("#id_username").input_value() == "cholpon"
    page.locator("#id_name").fill("Чолпон (демо)")
    page.locator("#id_unit").select_option("bishkekgorlift")
    page.locator("#id_language").select_option(language)
    press(page, word["add it"])
    password = page.locator("dd code").last.inner_text()
    assert re.fullmatch(r"[a-z0-9-]{19}", password)
    return password


def set_a_day_by_keyboard(page: Page, word: dict[str, str]) -> None:
    """Move a day off without the mouse, first without its name."""
    page.goto("/staff/city/calendar/?year=2026")
    page.locator("#id_day").fill("2026-03-09")
    page.locator("#id_name_ru").focus()
    page.keyboard.press("Enter")
    page.locator("#id_name_ru-error").get_by_text(word["missing"]).wait_for()
    assert page.locator("#id_day").input_value() == "2026-03-09"
    page.locator("#id_name_ru").fill("Перенос (демо)")
    page.keyboard.press("Enter")
    page.get_by_text(word["kept"]).first.wait_for()
