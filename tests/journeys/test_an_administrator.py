"""An administrator's errand: adds a person, gives a role, moves a day off; then the person comes."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from shaar.access import api as access
from shaar.access.models import User
from tests.journeys.test_a_clerk import come

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
        "added": "Добавлено.",
        "altered": "Изменение сохранено.",
        "passport": "Паспорт изменён",
        "rules": "Правила изменены",
        "reckon": "Записать новую версию",
        "write": "Записать правила",
        "search": "Найти",
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
        "added": "Кошулду.",
        "altered": "Өзгөртүү сакталды.",
        "passport": "Паспорт өзгөртүлдү",
        "rules": "Эрежелер өзгөртүлдү",
        "reckon": "Жаңы версияны жазуу",
        "write": "Эрежелерди жазуу",
        "search": "Табуу",
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
    page.wait_for_url("http://*/staff/")

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
    page.wait_for_url("http://*/staff/password/")
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_an_administrator_looks_after_units_passports_and_rules_and_finds_it_in_the_audit(
    page: Page,
    language: str,
    width: int,
    live_server: object,
    assert_accessible: Callable[[Page], None],
) -> None:
    word = WORDS[language]
    page.set_viewport_size({"width": width, "height": 900})
    User.objects.filter(username="admin").update(language=language)
    come(page, str(live_server), access.user_actor("admin"), language)
    for errand in (found_a_unit, change_a_passport, change_a_rule, find_it_in_the_audit, look_at_the_works):
        errand(page, word)
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)


def found_a_unit(page: Page, word: dict[str, str]) -> None:
    """Add a unit from a day on, first with a code that cannot be, then rename it from a later day."""
    page.goto("/staff/city/units/new/")
    for control, typed in (("code", "Парк №1"), ("first", "2026-01-01"), ("name_ru", "Парки (демо)")):
        page.locator(f"#id_{control}").fill(typed)
    page.locator("#id_kind").select_option("enterprise")
    page.locator("#id_parent").select_option("city-hall")
    press(page, word["add it"])
    page.locator("#id_code-error").wait_for()
    assert page.locator("#id_code").input_value() == "Парк №1"
    assert page.locator("#id_parent").input_value() == "city-hall"
    page.locator("#id_code").fill("demo-parks")
    press(page, word["add it"])
    page.get_by_text(word["added"]).wait_for()
    form = page.locator("form[action$='/units/demo-parks/']")
    form.locator("#id_first").fill("2026-07-01")
    form.locator("#id_name_ru").fill("Парки и скверы (демо)")
    form.locator("button").click()
    page.get_by_text(word["altered"]).wait_for()
    expect(page.locator("main dl dt").first).to_contain_text("2026")
    expect(page.locator("main dl dt")).to_have_count(2)


def change_a_passport(page: Page, word: dict[str, str]) -> None:
    """Change the name of an indicator, first without saying why."""
    page.goto("/staff/passports/lighting.led_total/")
    name = page.locator("#id_name_ru")
    name.fill("Светильники (демо)")
    press(page, word["reckon"])
    page.locator("#id_reason-error").wait_for()
    expect(name).to_have_value("Светильники (демо)")
    page.locator("#id_reason").fill("Проверка (демо)")
    press(page, word["reckon"])
    page.get_by_text(word["passport"]).wait_for()
    expect(page.locator("ins", has_text="Светильники (демо)").first).to_be_visible()


def change_a_rule(page: Page, word: dict[str, str]) -> None:
    """Let a rule leave an indicator alone, first one that there is none of."""
    page.goto("/staff/rules/")
    control = page.locator("textarea[name^=except_]").first
    page.locator("#id_reason").fill("Проверка (демо)")
    for typed, told in (("no.such_indicator", ".govuk-error-summary"), ("lighting.led_total", "")):
        control.fill(typed)
        press(page, word["write"])
        if told:
            page.locator(told).wait_for()
            expect(control).to_have_value(typed)
            expect(page.locator("#id_reason")).to_have_value("Проверка (демо)")
    page.get_by_text(word["rules"]).wait_for()


def find_it_in_the_audit(page: Page, word: dict[str, str]) -> None:
    """Find by one's own name what was changed."""
    page.goto("/staff/audit/")
    page.locator("#id_q").fill("admin")
    press(page, word["search"])
    for changed in ("Парки и скверы (демо)", "demo-parks"):
        expect(page.locator("main ins", has_text=changed).first).to_be_visible()


def look_at_the_works(page: Page, _word: dict[str, str]) -> None:
    """See that the jobs ran, and that the installation is well."""
    page.goto("/staff/jobs/?status=succeeded")
    assert page.locator("main tbody tr").count() > 0
    page.goto("/staff/health/")
    assert page.locator("main tbody tr").count() > 3
