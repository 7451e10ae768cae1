"""Data tables: what is asked in the address is what stands on the page and in the file."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from shaar.access.models import Role
from shaar.kernel.texts import Text
from shaar.ui.tables import Column, Table
from tests.conftest import StrictClient

Row = dict[str, Any]
ROWS: list[Row] = [
    {"name": "=2+5", "cost": Decimal("10.5"), "due": date(2022, 3, 1), "kind": "a"},
    {"name": "Бөлүм", "cost": None, "due": date(2022, 1, 1), "kind": "b"},
    {"name": "Ёлка", "cost": Decimal(-3), "due": None, "kind": "a"},
    {"name": "арча", "cost": Decimal(200), "due": date(2022, 2, 1), "kind": "b"},
]
KINDS = (("a", "А"), ("b", "Б"))
COLUMNS: tuple[Column[Row], ...] = (
    Column("name", "Название", lambda row: row["name"], filters="contains", is_heading=True),
    Column("cost", "Цена", lambda row: row["cost"], kind="number", filters="range"),
    Column("due", "Срок", lambda row: row["due"], kind="date", filters="range"),
    Column(
        "kind",
        "Вид",
        lambda row: row["kind"],
        filters="choice",
        choices=KINDS,
        is_hidden=True,
    ),
)


def table(query: str = "", **options: Any) -> Table[Row]:
    return Table(ROWS, COLUMNS, request=RequestFactory().get(f"/?{query}"), caption="Перечень", **options)


def names(query: str) -> list[str]:
    return [row["name"] for row in table(query).found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["=2+5", "Бөлүм", "Ёлка", "арча"]),
        ("sort=name", ["=2+5", "арча", "Бөлүм", "Ёлка"]),
        ("sort=cost", ["Ёлка", "=2+5", "арча", "Бөлүм"]),
        ("sort=-cost", ["арча", "=2+5", "Ёлка", "Бөлүм"]),
        ("sort=nothing", ["=2+5", "Бөлүм", "Ёлка", "арча"]),
        ("f-name=болум", ["Бөлүм"]),
        ("f-cost-from=0&f-cost-to=11", ["=2+5"]),
        ("f-due-from=2022-02-01", ["=2+5", "арча"]),
        ("f-kind=b&sort=-due", ["арча", "Бөлүм"]),
        ("f-cost-from=много", ["=2+5", "Бөлүм", "Ёлка", "арча"]),
    ],
)
def test_rows_are_filtered_and_sorted_and_what_is_missing_comes_last(query: str, expected: list[str]) -> None:
    assert names(query) == expected


def test_a_filter_that_is_no_number_says_so_and_keeps_what_was_typed() -> None:
    control = table("f-cost-from=много").controls[1]
    assert control.problem == "Здесь нужно число."
    assert control.low == "много"


def test_columns_hidden_at_first_are_shown_when_asked_and_the_heading_always() -> None:
    assert [one.key for one in table().shown] == ["name", "cost", "due"]
    assert [one.key for one in table("col=kind").shown] == ["name", "kind"]


def test_a_head_turns_the_order_round_and_keeps_the_filters() -> None:
    head = table("f-kind=a&sort=cost&page=3").heads[1]
    assert head.order == "ascending"
    assert head.url == "?f-kind=a&sort=-cost"


def read(response: Any) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_a_workbook_holds_exactly_the_filtered_rows_and_text_is_never_a_formula() -> None:
    response = table("f-cost-to=11&sort=-cost&export=xlsx&page=9").file()
    rows = read(response)
    assert rows[0] == ["Название", "Цена", "Срок"]
    assert [row[0] for row in rows[1:]] == ["=2+5", "Ёлка"]
    assert rows[1][1] == 10.5
    assert rows[1][2].date() == date(2022, 3, 1)
    cell = openpyxl.load_workbook(io.BytesIO(response.content)).active["A2"]
    assert cell.data_type == "s"


def test_a_csv_holds_the_same_and_text_that_would_run_is_marked() -> None:
    lines = table("export=csv&f-name=2").file().content.decode("utf-8-sig").splitlines()
    assert lines == ["Название,Цена,Срок", "'=2+5,10.5,2022-03-01"]


def test_a_choice_is_written_in_its_words() -> None:
    shown = table("col=kind")
    assert shown.rows[0].cells[1].html == "А"
    assert list(shown._values())[1] == ["Бөлүм", "Б"]


def test_groups_stand_over_their_rows_until_another_order_is_asked() -> None:
    shown = table().grouped(lambda row: row["kind"])
    assert [row.group for row in shown.rows] == ["a", "b", "a", "b"]
    assert {row.group for row in table("sort=cost").grouped(lambda row: row["kind"]).rows} == {""}


def test_a_text_that_falls_back_to_russian_says_so() -> None:
    column: Column[Text] = Column("t", "Т", lambda text: text)
    request = RequestFactory().get("/")
    shown = Table([Text("Школа")], (column,), request=request, caption="x").rows[0].cells[0]
    assert (shown.html, shown.language) == ("Школа", "")


@pytest.mark.django_db
def test_a_queryset_takes_two_queries_however_many_rows_there_are() -> None:
    columns: tuple[Column[Role], ...] = (
        Column("code", "Код", lambda role: role.code, field="code", filters="contains"),
        Column("number", "№", lambda role: role.pk, kind="number", field="pk", filters="range"),
    )
    request = RequestFactory().get("/?sort=-code&f-code=ROLE-&f-number-from=1")

    def queries(count: int) -> int:
        for number in range(count):
            Role.objects.create(code=f"role-{count}-{number}", name_ru="Роль")
        with CaptureQueriesContext(connection) as captured:
            shown = Table(Role.objects.all(), columns, request=request, caption="Роли")
            assert shown.rows
            assert shown.count
        return len(captured)

    assert queries(2) == queries(40) == 2


@pytest.mark.django_db
def test_the_page_works_without_a_script(client: StrictClient) -> None:
    page = client.get("/ui/table/?f-district=d2&sort=-cost&col=cost&col=number").content.decode()
    assert 'aria-sort="descending"' in page
    assert 'name="chosen" value="' in page
    assert '<option value="d2" selected>' in page
    assert '<input type="hidden" name="sort" value="-cost">' in page
    assert client.get("/ui/table/?export=xlsx")["Content-Disposition"].endswith(".xlsx")
    answer = client.post("/ui/table/", {"action": "close", "chosen": ["1", "2"]}, follow=True)
    assert "Сделано для строк (2): close." in answer.content.decode()


@pytest.mark.django_db
def test_a_wrong_filter_of_the_page_is_told_beside_it(client: StrictClient) -> None:
    page = client.get("/ui/table/?f-due-to=вчера").content.decode()
    assert "Запишите дату так: 2022-12-31." in page
    assert 'value="вчера"' in page
