"""Approvers: a notice leads to the report with its deadline; one approves, another returns it with words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from shaar.access.api import Actor
from shaar.cases.desk import assigning
from shaar.kernel import clock
from shaar.programme import reporting, services
from tests.journeys.test_a_clerk import come
from tests.programme.conftest import AT, People

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]
WORDS = {
    "ru": {
        "given": "Вам передано:",
        "approve": "Утвердить",
        "return": "Вернуть",
        "done": "Готово: отчёт передан дальше.",
        "returned": "Возвращён с замечанием:",
        "approved": "утверждён подразделением",
        "told": "Возвращено с замечанием:",
        "unread": "1 непрочитанное",
    },
    "ky": {
        "given": "Сизге тапшырылды:",
        "approve": "Бекитүү",
        "return": "Кайтаруу",
        "done": "Даяр: отчёт кийинки кадамга өттү.",
        "returned": "Эскертүү менен кайтарылды:",
        "approved": "бөлүм бекитти",
        "told": "Эскертүү менен кайтарылды:",
        "unread": "1 окулбаган",
    },
}
REMARK = "Уточните число лифтов (демо)"


@pytest.fixture
def submitted(report: int, people: People) -> int:
    """Return a report that is handed in and given to the head of its unit."""
    for code in reporting.unit_report(report).measures:
        services.state_progress(report, code, status="in_progress", actor=people.reporter)
    services.submit(report, actor=people.reporter, at=AT)
    give(report, people.head, people.office)
    return report


def give(report: int, whom: Actor, by: Actor) -> None:
    case = reporting.unit_report(report).case_id
    assert whom.id is not None
    assigning.give(case, whom.id, actor=by, at=clock.now())


def open_from_notice(page: Page, words: dict[str, str], look: Callable[[], None]) -> None:
    """Go from the bell to the notice, and from it to the report, which states its deadline."""
    page.goto("/staff/")
    page.get_by_role("link", name=words["unread"]).click()
    look()
    page.get_by_role("button", name=words["given"]).click()
    page.wait_for_url("http://*/staff/reports/*/")
    expect(page.locator("main time").first).to_have_text("20.01.2023 18:00")
    look()


def send_back(page: Page, words: dict[str, str], look: Callable[[], None]) -> None:
    """Return the report: first without a remark, then with one of blanks alone, then rightly."""
    page.locator("summary", has_text=words["return"]).click()
    remark = page.locator("#id_remark")
    for typed in ("", "   "):
        remark.fill(typed)
        page.locator("form[action$='office_return/'] button").click()
        page.locator(".govuk-error-summary a[href='#id_remark']").wait_for()
        expect(page.locator("#id_remark-error")).to_be_visible()
        expect(remark).to_have_value(typed)
        look()
    remark.fill(REMARK)
    page.locator("form[action$='office_return/'] button").click()
    expect(page.get_by_text(words["done"])).to_be_visible()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_a_head_approves_a_report_and_the_office_sends_it_back_with_a_reason(
    page: Page,
    submitted: int,
    people: People,
    live_server: object,
    language: str,
    width: int,
    assert_accessible: Callable[[Page], None],
) -> None:
    words = WORDS[language]
    page.set_viewport_size({"width": width, "height": 900})

    def look() -> None:
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert_accessible(page)

    come(page, str(live_server), people.head, language)
    open_from_notice(page, words, look)
    page.get_by_role("button", name=words["approve"], exact=True).click()
    expect(page.get_by_text(words["done"])).to_be_visible()
    expect(page.get_by_role("button", name=words["approve"], exact=True)).to_have_count(0)
    expect(page.get_by_text(words["approved"], exact=True).first).to_be_visible()

    come(page, str(live_server), people.office, language)
    page.goto(f"/staff/reports/{submitted}/")
    send_back(page, words, look)
    assert reporting.unit_report(submitted).state == "returned"

    come(page, str(live_server), people.reporter, language)
    page.goto("/staff/notices/")
    page.get_by_role("button", name=words["told"]).click()
    expect(page.get_by_text(words["returned"]).first).to_contain_text(REMARK)
    look()
