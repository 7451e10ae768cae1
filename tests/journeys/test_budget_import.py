"""A treasury's file in a browser: a wrong control total, corrected, written, opened to its row, undone."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from shaar.access import api as access
from shaar.budget.models import Amount, Total, TreasuryFile
from shaar.budget.pack import load_pack
from tests.budget.conftest import COLUMNS, HEADS

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("SHAAR_JOURNEY_PICTURES")
ROWS = ("tazalyk;31.01.2026;1 200 000,50;;D02;D22", "bpatp;31.01.2026;800 000,25;;D03;D22")
WORDS = {
    "ru": {
        "check": "Проверить файл", "again": "Проверить снова", "write": "Записать файл",
        "undo": "Отменить файл", "wrong": "разница", "total": "Контрольная сумма", "ready": "проверен",
        "written": "записан", "undone": "отменён", "lines": "Все строки года",
    },
    "ky": {
        "check": "Файлды текшерүү", "again": "Кайра текшерүү", "write": "Файлды жазуу",
        "undo": "Файлды жокко чыгаруу", "wrong": "айырма", "total": "Көзөмөл суммасы", "ready": "текшерилди",
        "written": "жазылды", "undone": "жокко чыгарылды",
        "lines": "Жылдын бардык саптары",
    },
}  # fmt: skip


@pytest.fixture
def treasurer(bishkek: Path, people: object, city: None) -> None:
    """Let the programme's office of the pack take files of the treasury in."""
    load_pack(bishkek, actor="tests")
    assert access.can(access.user_actor("office"), "budget.import")


@pytest.mark.parametrize("language", ["ru", "ky"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_wrong_control_total_is_corrected_written_opened_and_undone(
    page: Page,
    be: Callable[[str], None],
    treasurer: None,
    tmp_path: Path,
    shots: Callable[[str], None],
    language: str,
    width: int,
) -> None:
    words = WORDS[language]
    file = tmp_path / "казначейство-демо.csv"
    file.write_text("\n".join([HEADS, *ROWS]), encoding="utf-8")
    be("office")
    page.set_viewport_size({"width": width, "height": 900})
    speak(page, language)
    page.goto("/staff/budget/files/new/")
    fill(page, file)
    page.get_by_role("button", name=words["check"]).click()

    # Refused at its place; what was typed stays, and so does the file.
    control = page.get_by_label(words["total"], exact=False)
    expect(control).to_have_value("2\u00a0000\u00a0000,76")
    expect(page.locator("#id_control_total-error")).to_contain_text(words["wrong"])
    expect(page.locator("#id_column_amount")).to_have_value("Сумма")
    shots("wrong-total")
    assert not Amount.objects.filter(file__isnull=False).exists()
    control.fill("2 000 000,75")
    page.get_by_role("button", name=words["again"]).click()

    # The dry run, then the writing.
    expect(page.locator("#progress")).to_contain_text(words["ready"])
    shots("dry-run")
    assert not Amount.objects.filter(file__isnull=False).exists()
    page.get_by_role("button", name=words["write"]).click()
    expect(page.locator("#progress")).to_contain_text(words["written"])
    shots("written")
    assert Amount.objects.filter(file__isnull=False).count() == len(ROWS)
    page.goto("/staff/budget/?year=2026")
    shots("execution")
    open_row(page, words)
    shots("row")
    undo(page, words)
    shots("undone")
    assert Amount.objects.filter(file__isnull=False).count() == 2 * len(ROWS)
    assert not Total.objects.filter(year=2026, held__gt=0).exists()


def open_row(page: Page, words: dict[str, str]) -> None:
    """Go from the year's figures to the row of the file that one came from."""
    page.goto("/staff/budget/?year=2026")
    page.get_by_role("link", name=words["lines"]).click()
    page.get_by_role("link", name="D02 · D22").click()
    page.get_by_role("link", name="казначейство-демо.csv").first.click()
    expect(page.locator("#row-2")).to_contain_text("200")
    expect(page.locator("#row-2 .govuk-tag")).to_be_visible()


def undo(page: Page, words: dict[str, str]) -> None:
    """Undo the file, once refused for want of a reason."""
    page.goto(f"/staff/budget/files/{TreasuryFile.objects.get().pk}/")
    page.get_by_role("button", name=words["undo"]).click()
    expect(page.locator("#id_reason-error")).to_be_visible()
    page.locator("#id_reason").fill("не тот месяц")
    page.get_by_role("button", name=words["undo"]).click()
    expect(page.locator("#progress")).to_contain_text(words["undone"])


def speak(page: Page, language: str) -> None:
    root = page.url.removesuffix("staff/")  # a cookie of a longer path would stand beside that of signing in
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": root}])


def fill(page: Page, file: Path) -> None:
    page.locator("#id_file").set_input_files(file)
    page.locator("#id_year").fill("2026")
    page.locator("#id_side").select_option("spending")
    page.locator("#id_kind").select_option("executed")
    page.locator("#id_control_total").fill("2 000 000,76")
    for name, head in COLUMNS.items():
        page.locator(f"#id_column_{name}").fill(head)


@pytest.fixture
def shots(page: Page, language: str, width: int, request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Return a check that a page fits its screen; it keeps a picture where a folder for these is named."""

    def take(name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{page.url} is {wide} wide"
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{language}-{width}.png", full_page=True)

    return take
