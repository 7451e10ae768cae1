"""A clerk's morning: forty items, a filter that is kept, ten taken at once, a notice, by mouse and keys."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from shaar.access.api import Actor, register_verbs
from shaar.access.models import User
from shaar.cases import workflows
from shaar.cases.api import register
from shaar.cases.desk import assigning
from shaar.cases.models import Case
from tests.cases.conftest import PAPER, person, units
from tests.cases.test_cases import paper

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
