"""A unit's report in Excel: downloaded, filled in wrong, mended, looked at cell by cell, written."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from shaar.programme.workbooks.forms import FIGURES

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]


def filled(source: Path, target: Path, figure: object) -> str:
    book = openpyxl.load_workbook(source)
    book[FIGURES]["D4"] = figure
    book.save(target)
    return str(target)


def test_a_workbook_is_checked_cell_by_cell_before_it_is_written(
    page: Page,
    report: int,
    tmp_path: Path,
    be: Callable[[str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[], None],
) -> None:
    be("reporter")
    page.goto(f"/staff/reports/{report}/")
    with page.expect_download() as download:
        page.get_by_role("link", name="скачайте книгу").click()
    form = tmp_path / "form.xlsx"
    download.value.save_as(form)

    page.get_by_role("link", name="загрузите заполненную").click()
    assert_accessible(page)
    page.get_by_label("Заполненная книга").set_input_files(filled(form, tmp_path / "a.xlsx", "1 1684"))
    page.get_by_role("button", name="Показать, что изменится").click()
    mistakes = page.get_by_role("table", name="Ошибки по ячейкам")
    expect(mistakes.get_by_role("rowheader")).to_have_text(f"{FIGURES}!D4")
    expect(page.get_by_role("button", name="Записать это в отчёт")).to_have_count(0)
    assert_accessible(page)
    assert_fits()

    page.get_by_label("Заполненная книга").set_input_files(filled(form, tmp_path / "b.xlsx", "более 80"))
    page.get_by_role("button", name="Показать, что изменится").click()
    changes = page.get_by_role("table", name="Что меняет книга")
    expect(changes.get_by_role("row").nth(1)).to_contain_text(f"{FIGURES}!D4")
    assert_accessible(page)
    page.get_by_role("button", name="Записать это в отчёт").click()
    expect(page.get_by_text("Книга записана в отчёт")).to_be_visible()
    expect(page.get_by_label("Лифты на обслуживании, всего")).to_have_value("более 80")
