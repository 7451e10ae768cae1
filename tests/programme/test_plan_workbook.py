"""A whole plan as a workbook: what goes out comes back the same, and every mistake is told by its cell."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shaar.kernel.texts import Text
from shaar.programme import models, planning, queries
from shaar.programme.outcomes import FundingData, IndicatorData, MeasureData, TargetData
from shaar.programme.workbooks import plansheets as sheets
from shaar.programme.workbooks.planchecks import Judged, judge
from shaar.programme.workbooks.plandata import NodeData, PlanData, plan_in_force, plan_of, rows_of, tidy
from shaar.programme.workbooks.planexport import Reference, Stamp, make_plan_workbook
from shaar.programme.workbooks.planreading import read_plan_workbook, read_stamp

PROGRAMME = "bishkek-2026"
STAMP = Stamp(PROGRAMME, 1)
NOTHING = Reference((), ())
CODES = st.from_regex(r"[a-z][a-z0-9-]{0,15}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60).map(tidy)
FORMULAS = st.sampled_from(["=1+1", "#N/A", "TRUE", "007", "1 1684", "+996", "2023-01-01", "«=»"])
WORDS = st.one_of(TEXTS, FORMULAS)
FILLED = WORDS.filter(bool)
PERIODS = st.sampled_from(["2022", "2023-H1", "2024-Q3", "2025-07", "2023-01-01/2025-12-31"])


def numbers(digits: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(0, 10**digits - 1).map(lambda one: Decimal(one).scaleb(-places))


LANGUAGES = st.builds(Text, WORDS, WORDS, WORDS)
TARGETS = st.builds(
    TargetData, PERIODS, numbers(24, 6).filter(lambda n: n < 10**17), st.builds(Text, WORDS, WORDS)
)
LINKS = st.builds(
    IndicatorData, CODES, st.none() | numbers(20, 6), st.just("") | PERIODS,
    st.lists(TARGETS, max_size=3, unique_by=lambda one: one.period)
    .map(lambda found: tuple(sorted(found, key=lambda one: one.period))),
)  # fmt: skip
MONEY = st.builds(
    FundingData, FILLED, st.integers(2000, 2099), numbers(19, 2), st.sampled_from(["KGS", "USD"])
)


def spent_on(money: FundingData) -> tuple[str, int, str]:
    return money.source, money.year, money.currency


MEASURES = st.builds(
    MeasureData,
    code=CODES,
    node=st.sampled_from(["a", "b"]),
    text=st.builds(Text, FILLED, WORDS, WORDS),
    period=PERIODS,
    number=TEXTS.map(lambda text: text[:40].strip()),
    expected=LANGUAGES,
    note=st.builds(Text, WORDS, WORDS),
    responsible=st.lists(CODES, max_size=3, unique=True).map(tuple),
    co_responsible=st.lists(CODES, max_size=2, unique=True).map(tuple),
    indicators=st.lists(LINKS, max_size=3, unique_by=lambda one: one.code).map(tuple),
    funding=st.lists(MONEY, max_size=3, unique_by=spent_on).map(lambda one: tuple(sorted(one, key=spent_on))),
)
NODES = (NodeData("a", "direction", "", 1, Text("А", "А", "A")), NodeData("b", "task", "a", 2, Text("=Б")))


def read(content: bytes, units: dict[str, str] | None = None) -> Any:
    return read_plan_workbook(content, name="plan.xlsx", units=units or {}, step=lambda *_done: None)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(MEASURES, max_size=5, unique_by=lambda one: one.code),
    st.sampled_from(sheets.LANGUAGES),
)
def test_any_plan_comes_back_the_same(measures: list[MeasureData], language: str) -> None:
    plan = PlanData(NODES, tuple(measures))
    content = make_plan_workbook(plan, stamp=STAMP, reference=NOTHING, language=language)
    found = read(content)
    assert found.problems == []
    assert plan_of(found.rows) == plan
    assert read_stamp(content, name="plan.xlsx") == STAMP


# Against the plan of the pack -------------------------------------------------------------------------------
@pytest.fixture
def programme(bishkek: Path) -> models.Programme:
    return queries.required_programme(PROGRAMME)


@pytest.fixture
def workbook(programme: models.Programme) -> bytes:
    """Return the plan of the pack, with money, a baseline and a target at its first measures."""
    return make_plan_workbook(richer(programme), stamp=STAMP, reference=NOTHING, language="ru")


def richer(programme: models.Programme) -> PlanData:
    plan = plan_in_force(programme)
    link = IndicatorData("lifts.delivered", Decimal("10.5"), "2022", (TargetData("2023", Decimal(20)),))
    money = (FundingData("город", 2023, Decimal("1500.50"), "KGS"),)
    first = replace(plan.measures[0], indicators=(link,), funding=money, responsible=("city-hall",))
    return replace(plan, measures=(first, *plan.measures[1:]))


def judged(content: bytes, programme: models.Programme, now: PlanData | None = None) -> Judged:
    known = planning.known_of(programme, on=date(2023, 1, 1))
    return judge(read(content), now or richer(programme), programme=programme, known=known)


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def cell(sheet: sheets.Sheet, column: str, row: int = 3) -> str:
    return f"{'ABCDEFGHIJKLMNO'[[one.key for one in sheet.columns].index(column)]}{row}"


def put(sheet: sheets.Sheet, column: str, value: object, row: int = 3) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet.title.ru][cell(sheet, column, row)] = value

    return change


@pytest.mark.django_db
def test_an_unchanged_workbook_changes_nothing(programme: models.Programme, workbook: bytes) -> None:
    assert rows_of(plan_of(read(workbook).rows)) == rows_of(richer(programme))
    run = judged(workbook, programme)
    assert (run.differences, run.problems, run.is_empty) == ([], [], True)
    saved_again = judged(edited(workbook, lambda _book: None), programme)
    assert saved_again.is_empty


@pytest.mark.django_db
def test_a_change_is_told_by_its_cell(programme: models.Programme, workbook: bytes) -> None:
    run = judged(edited(workbook, put(sheets.TARGETS, "value", 25.5)), programme)
    (one,) = run.differences
    assert (one.sheet, one.cell, one.was, one.becomes, one.kind) == (
        "Целевые значения", cell(sheets.TARGETS, "value"), "20", "25,5", "changed",
    )  # fmt: skip
    assert [data.code for data in run.changed] == [richer(programme).measures[0].code]
    assert run.problems == []


@pytest.mark.django_db
def test_rows_are_added_and_removed(programme: models.Programme, workbook: bytes) -> None:
    def change(book: Any) -> None:
        sheet = book[sheets.MEASURES.title.ru]
        sheet.delete_rows(4)
        sheet.append(["new-measure", 7, "social", "Новое", None, None, 2023, "Мэрия города Бишкек"])

    names = {"мэрия города бишкек": "city-hall"}
    content = edited(workbook, change)
    known = planning.known_of(programme, on=date(2023, 1, 1))
    now = richer(programme)
    run = judge(read(content, names), now, programme=programme, known=known)
    assert run.problems == []
    assert [one.code for one in run.added] == ["new-measure"]
    assert (run.added[0].number, run.added[0].period, run.added[0].responsible) == (
        "7",
        "2023",
        ("city-hall",),
    )
    assert [one.code for one in run.removed] == [now.measures[1].code]


@pytest.mark.django_db
def test_columns_are_known_by_their_heads_in_either_language_too(
    programme: models.Programme,
) -> None:
    content = make_plan_workbook(richer(programme), stamp=STAMP, reference=NOTHING, language="ky")

    def change(book: Any) -> None:
        for sheet in sheets.SHEETS:
            book[sheet.title.ky].delete_rows(1)

    assert judged(edited(content, change), programme).is_empty


M, F, L, T, N = sheets.MEASURES, sheets.FUNDING, sheets.INDICATORS, sheets.TARGETS, sheets.NODES
MISTAKES: dict[str, tuple[sheets.Sheet, str, object, str]] = {
    "unknown unit": (M, "responsible", "city-hall; nobody", "unknown_unit"),
    "unit twice": (M, "co_responsible", "city-hall", "unit_twice"),
    "unknown branch": (M, "node", "nowhere", "unknown_node"),
    "no text": (M, "text_ru", None, "missing_text"),
    "no code": (M, "code", None, "missing_value"),
    "a period that is none": (M, "period", "весна", "malformed_period"),
    "a period outside": (M, "period", "2031", "period_outside"),
    "a formula": (M, "text_ru", "=A1", "formula_in_cell"),
    "an error of Excel": (M, "text_ru", "#REF!", "error_in_cell"),
    "too long": (M, "number", "1" * 41, "too_long"),
    "unknown measure": (F, "measure", "nothing", "unknown_measure"),
    "two numbers in one": (F, "amount", "1 1684", "malformed_number"),
    "a text for a number": (F, "amount", "много", "not_a_number"),
    "a range for a number": (F, "amount", "45–50", "not_exact"),
    "a formula for a number": (F, "amount", "=1+1", "formula_in_cell"),
    "an error for a number": (F, "amount", "#DIV/0!", "error_in_cell"),
    "a negative amount": (F, "amount", -1, "negative_amount"),
    "a thousandth": (F, "amount", 1.005, "too_precise"),
    "a number too large": (F, "amount", 1e19, "too_large"),
    "a currency that is none": (F, "currency", "сом", "unknown_currency"),
    "a year outside": (F, "year", 2031, "period_outside"),
    "half a year": (F, "year", 2023.5, "too_precise"),
    "unknown indicator": (L, "indicator", "lifts.unknown", "unknown_indicator"),
    "a baseline for no period": (L, "baseline_period", "весна", "malformed_period"),
    "no indicator of the measure": (T, "indicator", "roads.repaired", "unknown_link"),
    "a target outside": (T, "period", "2031", "period_outside"),
    "a target for no period": (T, "period", "весна", "malformed_period"),
    "no value": (T, "value", None, "missing_value"),
    "a moved branch": (N, "number", 99, "branch_moved"),
    "a kind that is none": (N, "kind", "отдел", "unknown_kind"),
}  # fmt: skip


@pytest.mark.django_db
def test_every_mistake_is_told_by_its_cell(programme: models.Programme, workbook: bytes) -> None:
    untold = []
    for name, (sheet, column, value, code) in MISTAKES.items():
        problems = judged(edited(workbook, put(sheet, column, value)), programme).problems
        places = {(one.code, one.place.sheet, one.place.cell) for one in problems if one.place}
        if (code, sheet.title.ru, cell(sheet, column)) not in places:
            untold.append((name, places))
    assert untold == []


@pytest.mark.django_db
def test_a_row_that_stands_twice_is_told(programme: models.Programme, workbook: bytes) -> None:
    for sheet in sheets.SHEETS:

        def change(book: Any, title: str = sheet.title.ru) -> None:
            book[title].append([one.value for one in book[title][3]])

        problems = judged(edited(workbook, change), programme).problems
        assert "doubled_code" in {one.code for one in problems}, sheet.key


@pytest.mark.django_db
def test_a_missing_column_and_a_missing_branch_are_told(programme: models.Programme, workbook: bytes) -> None:
    def drop_column(book: Any) -> None:
        book[M.title.ru].delete_cols(5)

    def drop_branch(book: Any) -> None:
        book[N.title.ru].delete_rows(3)

    for change, code in ((drop_column, "missing_column"), (drop_branch, "branch_missing")):
        problems = judged(edited(workbook, change), programme).problems
        assert code in {one.code for one in problems}


@pytest.mark.django_db
def test_what_does_not_change_is_not_judged(programme: models.Programme, workbook: bytes) -> None:
    now = richer(programme)
    odd = replace(now.measures[1], period="2019", responsible=("gone",))
    now = replace(now, measures=(now.measures[0], odd, *now.measures[2:]))
    content = make_plan_workbook(now, stamp=STAMP, reference=NOTHING, language="ru")
    assert judged(content, programme, now).problems == []


@pytest.mark.django_db
def test_new_branches_are_taken_with_the_tasks_under_them(
    programme: models.Programme, workbook: bytes
) -> None:
    def change(book: Any) -> None:
        sheet = book[N.title.ru]
        sheet.append(["task-x", "задача", "dir-x", 1, "Задача"])
        sheet.append(["dir-x", "багыт", None, 77, "Направление"])
        sheet.append(["task-y", "task", None, 1, "Без раздела"])

    run = judged(edited(workbook, change), programme)
    assert [one.code for one in run.new_nodes] == ["task-x", "dir-x", "task-y"]
    assert [one.code for one in run.problems] == ["task_without_branch"]
