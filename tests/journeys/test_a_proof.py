"""A text with an error: given, read with its finding beside it, dismissed with a reason, remembered."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]
PICTURES = os.environ.get("SHAAR_JOURNEY_PICTURES")
TEXT = """Отчёт о работе за 2022 год

В 2022 году установлено 100 светильников. Из них 60 светильников в центре и 30 светильников в массивах.

Завершено строительство 15 школ, отремонтировано 222 камер.
"""


@pytest.fixture
def well_made(
    page: Page, assert_accessible: Callable[[Page], None], assert_fits: Callable[[], None]
) -> Callable[[str], None]:
    """Return a check of a page in both languages, which also takes its pictures."""

    def check(name: str) -> None:
        for language in ("ky", "ru"):
            page.locator(f"button[name=language][value={language}]").click()
            assert_accessible(page)
            assert_fits()
            for width in (390, 1440) if PICTURES else ():
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{PICTURES}/{name}-{language}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})

    return check


def give(page: Page, path: Path) -> None:
    page.goto("/staff/proofs/")
    page.get_by_label("Текст: DOCX").set_input_files(str(path))
    page.get_by_label("Сравнить с программой").select_option("bishkek-2026")
    page.get_by_label("Год отчёта").fill("2022")
    page.get_by_role("button", name="Проверить текст").click()


def test_an_error_is_found_dismissed_with_a_reason_and_remembered(
    page: Page,
    people: object,
    tmp_path: Path,
    be: Callable[[str], None],
    well_made: Callable[[str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "second.txt").write_text("Вступление.\n\n" + TEXT, encoding="utf-8")
    (tmp_path / "wrong.pdf").write_bytes(b"%PDF-1.7 nothing")
    be("office")
    page.get_by_role("link", name="Проверка текстов").click()
    give(page, tmp_path / "wrong.pdf")
    expect(page.get_by_role("alert")).to_contain_text("Файл повреждён")
    expect(page.get_by_label("Сравнить с программой")).to_have_value("bishkek-2026")
    assert_accessible(page)
    well_made("proof-none")

    give(page, tmp_path / "report.txt")
    finding = page.get_by_role("region", name="Находка 1", exact=True)
    expect(finding).to_contain_text("не хватает 10")
    expect(page.locator("#mark-1")).to_have_text("100 светильников")
    well_made("proof")
    finding.get_by_text("Решить").click()
    finding.get_by_role("button", name="Отклонить").click()
    expect(page.get_by_role("alert")).to_contain_text("Напишите причину")
    expect(page.get_by_label("Причина").first).to_be_visible()
    page.get_by_label("Причина").first.fill("Остальные 10 светильников стоят в парке")
    finding.get_by_role("button", name="Отклонить").click()
    expect(page.get_by_text("1. Отклонено: Остальные 10")).to_be_visible()
    expect(page.locator("#mark-1")).to_have_count(0)
    well_made("proof-dismissed")

    give(page, tmp_path / "second.txt")
    expect(page.get_by_text("1. Отклонено: Остальные 10")).to_be_visible()
    page.get_by_text("1. Отклонено: Остальные 10").click()
    expect(page.get_by_text("в другой версии текста")).to_be_visible()
    well_made("proof-remembered")
    page.get_by_role("link", name="Сравнение с реестром").click()
    row = page.get_by_role("row", name="15 школ")
    expect(row).to_contain_text("совпадает")
    well_made("proof-figures")
    row.get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile("/figures/education.schools_built/2022/$"))
    page.goto("/staff/proofs/")
    well_made("proof-list")
