"""A whole plan in Excel: downloaded, changed, looked at cell by cell, approved, in force."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from shaar.kernel import jobs
from shaar.programme.workbooks import plansheets as sheets

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]
PICTURES = os.environ.get("SHAAR_JOURNEY_PICTURES")


def changed(source: Path, target: Path, **cells: object) -> str:
    book = openpyxl.load_workbook(source)
    for cell, value in cells.items():
        book[sheets.MEASURES.title.ru][cell] = value
    book.save(target)
    return str(target)


def looked_at(page: Page, name: str) -> None:
    """Take pictures of a page in both languages and widths where a folder for them is named."""
    if not PICTURES:
        return
    for language in ("ky", "ru"):
        page.locator(f"button[name=language][value={language}]").click()
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{PICTURES}/{name}-{language}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def plan(page: Page, people: object, tmp_path: Path, be: Callable[[str], None]) -> Path:
    """Return the plan as the office downloads it."""
    be("office")
    page.goto("/staff/plans/bishkek-2026/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать план книгой Excel").click()
    download.value.save_as(tmp_path / "plan.xlsx")
    return tmp_path / "plan.xlsx"


def uploaded(page: Page, path: str) -> None:
    page.goto("/staff/imports/new/?programme=bishkek-2026")
    page.get_by_label("Правовой акт").select_option("plan-2022")
    page.get_by_label("Действует с").fill("2023-02-01")
    page.get_by_label("Книга плана (XLSX)").set_input_files(path)
    page.get_by_role("button", name="Показать, что изменится").click()


@pytest.fixture
def well_made(page: Page, assert_accessible: Callable[[Page], None], assert_fits: Callable[[], None]) -> Any:
    """Return a check of a page as it stands, which also takes its pictures."""

    def check(name: str) -> None:
        assert_accessible(page)
        assert_fits()
        looked_at(page, name)

    return check


def test_a_plan_goes_out_as_a_workbook_and_comes_back_as_a_revision(
    page: Page, plan: Path, tmp_path: Path, well_made: Callable[[str], None]
) -> None:
    page.get_by_role("link", name="Загрузить книгу плана").click()
    expect(page.get_by_label("Программа", exact=True)).to_have_value("bishkek-2026")
    well_made("new")
    (tmp_path / "none.xlsx").write_bytes(b"nothing")
    uploaded(page, str(tmp_path / "none.xlsx"))
    expect(page.get_by_role("alert")).to_contain_text("Это не книга Excel")
    expect(page.get_by_label("Действует с")).to_have_value("2023-02-01")

    uploaded(page, changed(plan, tmp_path / "wrong.xlsx", G3="2031", C4="nowhere"))
    mistakes = page.get_by_role("table", name="Ошибки по ячейкам").get_by_role("rowheader")
    expect(mistakes).to_have_text(["Мероприятия!G3", "Мероприятия!C4"])
    expect(page.get_by_role("button", name="Утвердить")).to_have_count(0)
    well_made("mistakes")

    uploaded(page, changed(plan, tmp_path / "right.xlsx", D3="Другими словами"))
    changes = page.get_by_role("table", name="Что меняет книга")
    expect(changes.get_by_role("row").nth(1)).to_contain_text("Другими словами")
    well_made("differences")
    page.get_by_role("button", name="Утвердить и записать редакцию").click()
    expect(page.get_by_text("утверждён, ждёт очереди")).to_be_visible()
    expect(page.get_by_role("link", name="Обновить")).to_be_visible()
    well_made("waiting")

    jobs.run_pending()
    expect(page.get_by_role("link", name="Редакция 2 действует")).to_be_visible()
    well_made("applied")
    page.get_by_role("link", name="Редакция 2 действует").click()
    expect(page.get_by_role("table").first).to_contain_text("Другими словами")
    expect(page.get_by_text("Редакция 2, действует с 01.02.2023")).to_be_visible()
    well_made("plan")
    page.goto("/staff/imports/")
    expect(page.get_by_role("table").get_by_role("row").nth(1)).to_contain_text("применён")
    well_made("imports")
