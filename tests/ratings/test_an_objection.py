"""A rating in a real browser: a judgement refused and mended, an objection that changes a score."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from shaar.ratings import freezing, rounds
from tests.monitor.test_live import cookie_of
from tests.ratings.conftest import LENINSKY, Rated

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
WORDS = {
    "ru": {
        "points": "Баллы, от 0 до 100", "why": "Почему такая оценка", "judge": "Записать оценку",
        "range": "Оцените от 0 до 100 баллов.", "hear": "Открыть для возражений", "object": "Возразить",
        "wanted": "Какое число верное", "text": "Что неверно и откуда это известно",
        "proof": "Чем это подтверждается",
        "send": "Подать возражение", "uphold": "Принять: число исправляется", "number": "Верное число",
        "reason": "Почему решено так", "decide": "Записать решение", "needed": "Напишите верное число.",
        "corrected": "исправлено по возражению",
    },
    "ky": {
        "points": "Баллдар, 0дөн 100гө чейин", "why": "Эмне үчүн мындай баа", "judge": "Бааны жазуу",
        "range": "0дөн 100 баллга чейин баалаңыз.", "hear": "Каршы пикирлер үчүн ачуу",
        "object": "Каршы пикир айтуу", "wanted": "Кайсы сан туура",
        "text": "Эмнеси туура эмес жана аны кайдан билесиз", "proof": "Аны эмне далилдейт",
        "send": "Каршы пикирди берүү", "uphold": "Кабыл алуу: сан оңдолот", "number": "Туура сан",
        "reason": "Эмне үчүн ушундай чечилди", "decide": "Чечимди жазуу", "needed": "Туура санды жазыңыз.",
        "corrected": "каршы пикир боюнча оңдолду",
    },
}  # fmt: skip


@pytest.fixture
def open_as(browser: Browser, live_server: Any, transactional_db: None) -> Callable[..., Any]:
    """Return a way to open a page as a person; what the browser objects to fails the test."""

    @contextmanager
    def opened(name: str, language: str, size: dict[str, int]) -> Iterator[Page]:
        context = browser.new_context(base_url=live_server.url, locale=language, viewport=size)  # type: ignore[arg-type]
        key, _sign, value = cookie_of(name).partition("=")
        context.add_cookies([{"name": key, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
        context.close()
        assert not errors, f"the browser reported: {errors}"

    return opened


@pytest.mark.parametrize(("language", "size"), [("ru", DESK), ("ky", PHONE)])
def test_an_objection_of_a_unit_changes_its_score_by_a_reversal(
    rated: Rated,
    open_as: Callable[..., Any],
    assert_accessible: Callable[[Page], None],
    language: str,
    size: dict[str, int],
    tmp_path: Path,
) -> None:
    words, unit = WORDS[language], f"/staff/ratings/rounds/{rated.number}/units/{LENINSKY}/"
    before = freezing.result_of(rounds.get(rated.number), LENINSKY, runs=0)[2].score
    with open_as("mayor", language, size) as page:
        judges(page, unit, words)
    with open_as("office", language, size) as page:
        page.goto(f"/staff/ratings/rounds/{rated.number}/")
        page.get_by_role("button", name=words["hear"]).click()
        expect(page.get_by_role("button", name=words["hear"])).to_have_count(0)
    proof = tmp_path / "акт.txt"
    proof.write_text("Демо: акт о двух мероприятиях", encoding="utf-8")
    with open_as("head", language, size) as page:
        objects(page, unit, words, proof)
    with open_as("office", language, size) as page:
        decides(page, words)
    with open_as("head", language, size) as page:
        page.goto(unit)
        expect(page.get_by_role("main")).to_contain_text(words["corrected"])
        expect(page.get_by_role("main")).to_contain_text("10 / 10 = 1")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    after = freezing.result_of(rounds.get(rated.number), LENINSKY, runs=0)[2].score
    assert before is not None
    assert after is not None
    assert after > before


def judges(page: Page, unit: str, words: dict[str, str]) -> None:
    page.goto(unit)
    page.get_by_label(words["points"]).fill("800")
    page.get_by_label(words["why"]).fill("Хорошая работа, демо")
    page.get_by_role("button", name=words["judge"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["range"])
    expect(page.get_by_label(words["why"])).to_have_value("Хорошая работа, демо")
    page.get_by_label(words["points"]).fill("80")
    page.get_by_role("button", name=words["judge"]).click()
    expect(page).to_have_url(re.compile(f"{unit}$"))
    expect(page.get_by_role("main")).to_contain_text("Хорошая работа, демо")


def objects(page: Page, unit: str, words: dict[str, str], proof: Path) -> None:
    page.goto(unit)
    row = page.get_by_role("row").filter(has_text="8 / 10 = 0,8")
    row.get_by_role("link", name=words["object"]).click()
    page.get_by_label(words["wanted"]).fill("10")
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label(words["wanted"])).to_have_value("10")
    page.get_by_label(words["text"]).fill("Двух мероприятий нет в отчёте, демо")
    page.get_by_label(words["proof"]).set_input_files(proof)
    page.get_by_role("button", name=words["send"]).click()
    expect(page).to_have_url(re.compile(r"/staff/ratings/objections/\d+/$"))
    expect(page.get_by_role("main")).to_contain_text("акт.txt")


def decides(page: Page, words: dict[str, str]) -> None:
    page.goto("/staff/")
    page.locator("a[href*='/staff/ratings/objections/']").first.click()
    page.get_by_label(words["uphold"]).check()
    page.get_by_label(words["reason"]).fill("Акт показан, демо")
    page.get_by_label(words["number"], exact=True).fill("")
    page.get_by_role("button", name=words["decide"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["needed"])
    expect(page.get_by_label(words["reason"])).to_have_value("Акт показан, демо")
    page.get_by_label(words["number"], exact=True).fill("10")
    page.get_by_role("button", name=words["decide"]).click()
    expect(page.get_by_label(words["reason"])).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("Акт показан, демо")
