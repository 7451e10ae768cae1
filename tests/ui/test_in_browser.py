"""The design system in a real browser: components in both themes, controls by keyboard, the shell."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from shaar.ui import registry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_every_component_is_accessible_in_light_and_dark_and_fits_a_telephone(
    page: Page, language: str, assert_accessible: Callable[[Page], None]
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/shortcuts/")
    page.locator(f"button[value={language}]").click()
    for component in registry.components():
        page.goto(f"/ui/components/{component.name}/")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, component.name


def test_a_refused_form_in_the_browser_keeps_every_word_and_leads_to_the_controls(
    page: Page, assert_accessible: Callable[[Page], None], tmp_path: Path
) -> None:
    picture = tmp_path / "фото.png"
    picture.write_bytes(b"\x89PNG")
    page.goto("/ui/form/")
    page.get_by_label("Тема").fill("Не горит фонарь")
    page.get_by_label("Что случилось").fill("о" * 201)
    expect(page.locator(".shaar-left")).to_have_text("Лишних символов: 1")
    page.locator("#id_born_0").fill("31")
    page.locator("#id_born_1").fill("2")
    page.get_by_role("combobox", name="Улица").fill("улица 7")
    page.keyboard.press("Tab")
    page.get_by_label("Фотография или документ").set_input_files(picture)
    expect(page.get_by_text("Выбрано: фото.png")).to_be_visible()
    page.get_by_role("button", name="Проверить").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert_accessible(page)
    expect(page.locator("#id_born-error")).to_contain_text("Напишите день, месяц и год.")
    assert page.locator("#id_name").input_value() == "Не горит фонарь"
    assert page.locator("#id_born_0").input_value() == "31"
    assert page.get_by_role("combobox", name="Улица").input_value() == "улица 7"
    summary.get_by_role("link", name="Напишите день, месяц и год.").click()
    expect(page.locator("#id_born_0")).to_be_focused()
    # The scripts work on the page that took the place of the first.
    page.get_by_role("button", name="Показать пароль").click()
    expect(page.locator("#id_password")).to_have_attribute("type", "text")


def test_one_of_many_is_chosen_by_keyboard(page: Page, assert_accessible: Callable[[Page], None]) -> None:
    page.goto("/ui/form/")
    unit = page.get_by_role("combobox", name="Подразделение")
    unit.press_sequentially("№ 17")
    expect(page.locator("li[role=option]:visible")).to_have_count(1)
    assert_accessible(page)
    unit.press("ArrowDown")
    unit.press("Enter")
    expect(unit).to_have_value("Управление № 17 (демо)")
    expect(unit).to_have_attribute("aria-expanded", "false")
    assert page.locator("select[name=unit]").input_value() == "unit-17"
    street = page.get_by_role("combobox", name="Улица")
    street.press_sequentially("улица 99")
    expect(page.locator("li[role=option]:visible").first).to_have_text("Улица 99 (демо)")
    street.press("Escape")
    expect(page.locator("li[role=option]:visible")).to_have_count(0)


def test_a_question_opens_over_the_page_and_escape_leads_back(page: Page) -> None:
    page.goto("/ui/components/confirm/")
    link = page.locator("[data-confirm]").first
    link.click()
    dialog = page.get_by_role("dialog", name="Отозвать заявление?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()
    link.click()
    dialog.get_by_role("button", name="Отозвать").click()
    expect(page.get_by_text("это был только пример")).to_be_visible()


def test_tabs_are_chosen_with_arrows(page: Page) -> None:
    page.goto("/ui/components/tabs/")
    first = page.get_by_role("tab", name="Сведения").first
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Файлы").first).to_have_attribute("aria-selected", "true")
    expect(page.locator("#tab-files")).to_be_visible()
    expect(page.locator("#tab-facts")).to_be_hidden()


def test_keys_show_their_list_and_can_be_turned_off(page: Page) -> None:
    page.goto("/ui/")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Клавиши")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Выключить клавиши").click()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()


def test_the_navigation_folds_on_a_telephone_without_a_script(browser: Browser, live_server: object) -> None:
    context = browser.new_context(
        base_url=str(live_server),
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        locale="ru",
    )
    tab = context.new_page()
    tab.goto("/ui/")
    link = tab.get_by_role("link", name="Показатели", exact=True)
    expect(link).to_be_hidden()
    tab.get_by_role("button", name="Меню").click()
    expect(link).to_be_visible()
    tab.keyboard.press("Escape")
    expect(link).to_be_hidden()
    tab.get_by_role("button", name="Тёмное").click()
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()


def test_rows_are_chosen_by_keyboard_and_something_is_done_with_them(
    page: Page, assert_accessible: Callable[[Page], None]
) -> None:
    page.goto("/ui/table/?sort=-cost")
    boxes = page.locator("tbody input[name=chosen]")
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(boxes.nth(2)).to_be_focused()
    expect(page.get_by_text("Выбрано строк: 2")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Закрыть").click()
    expect(page.get_by_text("Сделано для строк (2): close.")).to_be_visible()
    page.get_by_label("Выбрать все строки страницы").check()
    expect(page.get_by_text("Выбрано строк: 20")).to_be_visible()


def test_the_head_of_a_long_table_stays_in_sight_and_rows_are_cards_on_a_telephone(page: Page) -> None:
    page.goto("/ui/table/")
    page.locator(".shaar-grid").evaluate("one => one.scrollTo(0, 300)")
    first = page.locator(".shaar-grid").bounding_box()
    assert first is not None
    top = page.locator("thead th").first.evaluate("one => one.getBoundingClientRect().top")
    assert abs(top - first["y"]) < 3
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("tbody tr").first.evaluate("one => getComputedStyle(one).display") == "block"
