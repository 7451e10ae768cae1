"""A clerk's morning: forty items, a filter that is kept, ten taken at once, a notice, by mouse and keys."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from shaar.access.api import Actor, register_verbs
from shaar.access.models import User
from shaar.cases import workflows
from shaar.cases.api import register
from shaar.cases.desk import assigning
from shaar.cases.models import Case
from shaar.programme import reporting
from tests.cases.conftest import PAPER, person, units
from tests.cases.test_cases import paper
from tests.programme.conftest import People

__all__ = ["units"]
WORDS = {
    "ru": {
        "filters": "Фильтр и порядок",
        "words": "Слова",
        "show": "Показать",
        "saved": "Сохранённые фильтры",
        "name": "Название фильтра",
        "save": "Сохранить фильтр",
        "take": "Взять",
        "done": "Сделано для 10 дел.",
        "hands": "У меня 10",
        "notices": "Уведомления: 1 непрочитанное",
        "given": "Вам передано: Бумага 40",
        "mine": "У меня 1",
        "draft": "Сохранить черновик",
        "hand in": "Сохранить и сдать",
        "kept": "Черновик сохранён.",
        "handed": "Отчёт сдан.",
        "calm": "Сейчас вас ничего не ждёт.",
    },
    "ky": {
        "filters": "Чыпка жана тартип",
        "words": "Сөздөр",
        "show": "Көрсөтүү",
        "saved": "Сакталган чыпкалар",
        "name": "Чыпканын аты",
        "save": "Чыпканы сактоо",
        "take": "Алуу",
        "done": "10 иш үчүн аткарылды.",
        "hands": "Менде 10",
        "notices": "Билдирмелер: 1 окулбаган",
        "given": "Сизге тапшырылды: Кагаз 40",
        "mine": "Менде 1",
        "draft": "Долбоорду сактоо",
        "hand in": "Сактап, тапшыруу",
        "kept": "Долбоор сакталды.",
        "handed": "Отчёт тапшырылды.",
        "calm": "Азыр сизди күткөн иш жок.",
    },
}


@pytest.fixture
def clerk(transactional_db: None, units: None) -> Iterator[Actor]:
    """Return a clerk with forty cases due today and a colleague's case that is given to them."""
    register_verbs({f"tests.{verb}": verb for verb in ("write", "judge", "rule")})
    register(PAPER)
    held = person("clerk", "lights", "tests.write")
    at = datetime.now(tz=UTC)
    for number in range(1, 41):
        paper(number=str(number), due_at=at + timedelta(minutes=number))
    yield held
    workflows._workflows.pop(PAPER.code, None)


def come(page: Page, root: str, who: Actor, language: str) -> None:
    client = Client()
    user = User.objects.get(pk=who.id)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    cookies = {
        settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value,
        settings.LANGUAGE_COOKIE_NAME: language,
    }
    page.context.add_cookies([{"name": name, "value": value, "url": root} for name, value in cookies.items()])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_a_clerk_takes_ten_of_forty_and_is_told_of_another(
    page: Page,
    clerk: Actor,
    live_server: object,
    language: str,
    width: int,
    assert_accessible: Callable[[Page], None],
) -> None:
    words = WORDS[language]
    page.set_viewport_size({"width": width, "height": 900})
    come(page, str(live_server), clerk, language)
    page.goto("/staff/")
    expect(page.locator("[data-row]")).to_have_count(40)

    page.get_by_text(words["filters"], exact=True).click()
    page.get_by_label(words["words"], exact=True).fill("3")
    page.get_by_role("search").get_by_role("button", name=words["show"]).click()
    expect(page.locator("[data-row]")).to_have_count(13)

    page.get_by_text(words["saved"], exact=True).click()
    page.get_by_label(words["name"]).fill("3")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("link", name="3", exact=True)).to_have_attribute("aria-current", "page")

    for number in range(10):
        page.locator("[data-row] input").nth(number).check()
    expect(page.locator("[data-inbox-count] output")).to_have_text("10")
    page.get_by_role("button", name=words["take"], exact=True).click()
    expect(page.get_by_text(words["done"])).to_be_visible()
    expect(page.get_by_role("link", name=words["hands"])).to_be_visible()
    assert Case.objects.filter(assignee_id=clerk.id).count() == 10
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    judge = person("judge", "city-hall", "tests.judge", "cases.assign")
    last = Case.objects.get(subject_id="40")
    assigning.give(last.pk, clerk.id or 0, actor=judge, at=datetime.now(tz=UTC))
    page.reload()
    page.get_by_role("link", name=words["notices"]).click()
    expect(page.get_by_role("button", name=words["given"])).to_be_visible()
    assert_accessible(page)


@pytest.mark.django_db(transaction=True)
def test_the_inbox_is_walked_through_by_keys(page: Page, clerk: Actor, live_server: object) -> None:
    come(page, str(live_server), clerk, "ru")
    page.goto("/staff/")
    for key in "jjxjxkx":
        page.keyboard.press(key)
    marked = page.locator("[data-row] input:checked")
    expect(marked).to_have_count(1)
    page.keyboard.press("j")
    expect(page.locator("[data-row].is-current a")).to_be_focused()
    expect(page.locator("[data-row]").nth(2)).to_have_class(
        "govuk-table__row shaar-inbox__row--today is-current"
    )


@pytest.mark.django_db(transaction=True)
def test_what_is_new_rings_while_the_page_is_looked_at(page: Page, clerk: Actor, live_server: object) -> None:
    come(page, str(live_server), clerk, "ru")
    page.goto("/staff/")
    judge = person("judge", "city-hall", "tests.judge", "cases.assign")
    number = Case.objects.order_by("pk").values_list("pk", flat=True)[0]
    assigning.give(number, clerk.id or 0, actor=judge, at=datetime.now(tz=UTC))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("link", name="Уведомления: 1 непрочитанное")).to_be_attached()


@pytest.mark.django_db(transaction=True)
def test_a_refusal_of_the_browser_is_not_told_before_it_is_asked(
    page: Page, clerk: Actor, live_server: object
) -> None:
    come(page, str(live_server), clerk, "ru")
    page.goto("/staff/settings/notices/")
    expect(page.locator("form[data-push] button")).to_be_visible()
    expect(page.locator("[data-push-refused]")).to_be_hidden()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("city")
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("language", ["ru", "ky"])
def test_a_clerk_finds_their_report_takes_it_states_progress_and_hands_it_in(
    page: Page,
    report: int,
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

    come(page, str(live_server), people.reporter, language)
    keep_a_filter_and_take(page, words)
    look()
    page.locator("[data-row] a").click()
    page.wait_for_url(f"**/staff/reports/{report}/")
    first, *others = reporting.unit_report(report).measures
    state_progress_with_two_mistakes(page, words, first, look)
    for one in others:
        control(page, f"status-{one}").select_option("in_progress")
    page.get_by_role("button", name=words["hand in"]).click()
    expect(page.get_by_text(words["handed"])).to_be_visible()
    assert reporting.unit_report(report).state == "submitted"
    page.goto("/staff/?sort=due")
    expect(page.get_by_text(words["calm"])).to_be_visible()
    look()


def control(page: Page, name: str) -> Locator:
    """Return a control by its name, in which a dot is no class."""
    return page.locator(f"[id='id_{name}']")


def keep_a_filter_and_take(page: Page, words: dict[str, str]) -> None:
    """Filter the inbox, keep the filter, which opens again from a tab, and take the report it finds."""
    page.goto("/staff/")
    page.get_by_text(words["filters"], exact=True).click()
    for typed, count in (("лифтов здесь нет", 0), ("2022", 1)):
        page.get_by_label(words["words"], exact=True).fill(typed)
        page.get_by_role("search").get_by_role("button", name=words["show"]).click()
        expect(page.locator("[data-row]")).to_have_count(count)
    page.get_by_text(words["saved"], exact=True).click()
    page.get_by_label(words["name"]).fill("2022 (демо)")
    page.get_by_role("button", name=words["save"]).click()
    page.goto("/staff/")
    page.get_by_role("link", name="2022 (демо)", exact=True).click()
    page.locator("[data-row] input").check()
    page.get_by_role("button", name=words["take"], exact=True).click()
    expect(page.get_by_role("link", name=words["mine"])).to_be_visible()


def state_progress_with_two_mistakes(
    page: Page, words: dict[str, str], measure: str, look: Callable[[], None]
) -> None:
    """Write a figure that is none and leave out a reason: both are told in place; what was typed stays."""
    figure, text = page.locator("input[id^=id_figure-]").first, control(page, f"text-{measure}")
    control(page, f"status-{measure}").select_option("overdue")
    figure.fill("очень много")
    text.fill("Ждём детали (демо)")
    page.get_by_role("button", name=words["draft"]).click()
    expect(page.locator(".govuk-error-summary li")).to_have_count(2)
    expect(control(page, f"reason-{measure}-error")).to_be_visible()
    expect(page.locator(f"[id='{figure.get_attribute('id')}-error']")).to_be_visible()
    expect(figure).to_have_value("очень много")
    expect(text).to_have_value("Ждём детали (демо)")
    look()
    figure.fill("1 684")
    control(page, f"reason-{measure}").fill("Поставка в феврале (демо)")
    page.get_by_role("button", name=words["draft"]).click()
    expect(page.get_by_text(words["kept"])).to_be_visible()
    expect(figure).to_have_value(re.compile(r"1\s?684"))
