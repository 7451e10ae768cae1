"""A unit's report: filled in on a page, returned, mended, accepted, and seen in its figure's trace."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shaar.kernel import jobs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]
DELIVERED = "Поставленные лифты, лифтов"


def fill(page: Page, figure: str) -> None:
    for control in page.get_by_label("Состояние", exact=True).all():
        control.select_option("in_progress")
    page.get_by_label(DELIVERED).fill(figure)


def test_a_figure_goes_from_the_reporter_to_its_trace(
    page: Page,
    report: int,
    be: Callable[[str], None],
    assert_accessible: Callable[[Page], None],
    assert_fits: Callable[[], None],
) -> None:
    be("reporter")
    assert_accessible(page)
    page.get_by_role("link", name="IV квартал 2022").first.click()
    fill(page, "1 1684")
    page.get_by_role("button", name="Сохранить и сдать").click()
    expect(page.get_by_role("alert")).to_contain_text("1 1684")
    expect(page.get_by_label(DELIVERED)).to_have_value("1 1684")
    assert_accessible(page)
    assert_fits()
    fill(page, "7")
    page.get_by_role("button", name="Сохранить и сдать").click()
    expect(page.get_by_text("Отчёт сдан.")).to_be_visible()

    be("head")
    page.get_by_role("link", name="IV квартал 2022").first.click()
    page.get_by_role("button", name="Утвердить").click()

    be("office")
    page.get_by_role("link", name="IV квартал 2022").first.click()
    assert_accessible(page)
    page.locator("summary", has_text="Вернуть").click()
    page.get_by_label("Что нужно исправить").fill("Уточните число лифтов")
    page.get_by_role("button", name="Вернуть").click()
    expect(page.get_by_text("Готово: отчёт передан дальше.")).to_be_visible()

    mend_and_accept(page, report, be)
    jobs.run_pending()
    page.context.clear_cookies()
    page.goto("/indicators/lifts.delivered/?period=2022-Q4")
    expect(page.get_by_role("main")).to_contain_text("8")
    page.goto("/figures/lifts.delivered/2022-Q4/")
    expect(page.get_by_role("main")).to_contain_text("8 лифтов")
    expect(page.get_by_role("main")).to_contain_text("утверждено руководителем подразделения")
    assert_accessible(page)


def mend_and_accept(page: Page, report: int, be: Callable[[str], None]) -> None:
    be("reporter")
    page.get_by_role("link", name="IV квартал 2022").first.click()
    expect(page.get_by_text("Возвращён с замечанием:")).to_contain_text("Уточните число лифтов")
    page.get_by_label(DELIVERED).fill("8")
    page.get_by_role("button", name="Сохранить и сдать").click()
    be("head")
    page.goto(f"/staff/reports/{report}/")
    page.get_by_role("button", name="Утвердить").click()
    be("office")
    page.goto(f"/staff/reports/{report}/")
    page.get_by_role("button", name="Принять").click()
    expect(page.get_by_role("link", name="показатель и его записи")).to_be_visible()
