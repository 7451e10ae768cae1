"""What is wrong with a file of the treasury: named, placed, in both languages; nothing of it is written."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from shaar.access import api as access
from shaar.access.models import User
from shaar.budget import treasury
from shaar.budget.judging import Sent
from shaar.budget.models import Amount, ImportState, Kind, Line, Total, TreasuryFile
from shaar.kernel import clock
from tests.budget.conftest import COLUMNS, HEADS, ROWS, TOTAL, sent, taken_in

pytestmark = pytest.mark.django_db
ENCRYPTED = (
    bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
)


@pytest.fixture
def visitor(clerk: access.Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(username="clerk"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def book(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def posted(visitor: Client, content: bytes, language: str, *, name: str = "книга.xlsx", **said: str) -> str:
    visitor.cookies["django_language"] = language
    columns = {f"column_{column}": head for column, head in COLUMNS.items()}
    form = {
        "file": SimpleUploadedFile(name, content), "year": "2026", "side": "spending", "kind": "executed",
        "scale": "1", "control_total": "5", **columns, **said,
    }  # fmt: skip
    answer = visitor.post("/staff/budget/files/new/", form, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def assert_nothing_is_written() -> None:
    assert not Amount.objects.filter(file__isnull=False).exists()
    assert not Line.objects.exclude(key="").exists()
    assert not Total.objects.filter(year=2026).exists()


def of_kind(kind: Kind, rows: Iterable[str], total: str, *, name: str = "файл.csv") -> Sent:
    content = "\n".join([HEADS, *rows]).encode()
    return Sent(name, content, 2026, "spending", kind, COLUMNS, Decimal(1), Decimal(total))


@pytest.mark.parametrize("kind", [Kind.PLAN, Kind.CASH_PLAN])
@pytest.mark.parametrize(
    ("amount", "code"), [("0", "zero_amount"), ("0,00", "zero_amount"), ("-5", "negative_amount")]
)
def test_a_plan_of_zero_or_less_is_told_by_its_cell(
    clerk: access.Actor, kind: Kind, amount: str, code: str
) -> None:
    rows = ["tazalyk;2026-01;7;;D02;D22", f"bpatp;2026-01;{amount};;D03;D22"]
    file = taken_in(of_kind(kind, rows, "7"), clerk)
    assert [(one["code"], one["cell"]) for one in file.problems] == [(code, "C3")]
    assert_nothing_is_written()


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", "похоже, это файл другого года"), ("ky", "бул башка жылдын файлы окшойт")],
)
def test_a_file_of_another_year_is_told_row_by_row_in_the_language_of_who_sent_it(
    visitor: Client, language: str, said: str
) -> None:
    content = "\n".join([HEADS, "tazalyk;31.01.2025;5;;D02;D22", "bpatp;28.02.2025;5;;D03;D22"]).encode()
    page = posted(visitor, content, language, name="прошлый-год.csv")
    file = TreasuryFile.objects.get()
    assert [(one["code"], one["cell"]) for one in file.problems] == [
        ("other_year", "B2"),
        ("other_year", "B3"),
    ]
    assert all(str(one["text"]) in page for one in file.problems)
    assert said in page
    assert_nothing_is_written()


@pytest.mark.parametrize(
    ("language", "said"),
    [("ru", "защищён паролем"), ("ky", "сырсөз")],
)
def test_an_encrypted_workbook_is_refused_at_its_control(visitor: Client, language: str, said: str) -> None:
    page = posted(visitor, ENCRYPTED, language)
    assert said in page
    assert 'id="id_file-error"' in page
    assert 'value="Подразделение"' in page, "what was typed stays"
    assert not TreasuryFile.objects.exists()


@pytest.mark.parametrize(("language", "said"), [("ru", "50"), ("ky", "50")])
def test_a_file_that_is_too_large_is_refused_at_its_control(
    visitor: Client, language: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shaar.cases.uploads.LimitedUpload.limit", 1000)
    page = posted(visitor, b"PK\x03\x04" + bytes(5000), language)
    assert 'id="id_file-error"' in page
    assert said in page
    assert 'value="Подразделение"' in page, "what was typed stays"
    assert not TreasuryFile.objects.exists()


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_a_table_on_another_sheet_is_named_and_read_once_the_sheet_is_said(
    visitor: Client, language: str
) -> None:
    row = ["tazalyk", "31.01.2026", 5, None, "D02", "D22"]
    content = book({"Титул": [["Отчёт", "за"], ["январь", "месяц"]], "Данные": [HEADS.split(";"), row]})
    page = posted(visitor, content, language)
    file = TreasuryFile.objects.get()
    assert [(one["code"], one["field"]) for one in file.problems] == [("other_sheet", "column_sheet")]
    assert "Данные" in str(file.problems[0]["text"])
    assert 'id="id_column_sheet-error"' in page
    page = posted(visitor, content, language, column_sheet="Итоги")
    assert 'id="id_column_sheet-error"' in page
    assert "Титул, Данные" in page
    assert_nothing_is_written()
    posted(visitor, content, language, column_sheet="данные")
    assert TreasuryFile.objects.latest("pk").state == ImportState.READY


def test_an_empty_first_sheet_names_the_sheets_of_the_workbook(visitor: Client) -> None:
    page = posted(visitor, book({"Лист1": [], "Данные": [HEADS.split(";")]}), "ru")
    assert "На листе «Лист1» нет таблицы" in page
    assert_nothing_is_written()


def test_money_that_another_file_wrote_is_told_with_that_file_and_its_row(clerk: access.Actor) -> None:
    first = taken_in(sent(), clerk)
    treasury.write(first.pk, actor=clerk, at=clock.now())
    again = taken_in(
        sent([*ROWS[1:], "tazalyk;31.03.2026;7;;D02;D22"], total="799806.50", name="ещё.csv"), clerk
    )
    assert [(one["code"], one["cell"]) for one in again.problems] == [
        ("already_held", "C2"),
        ("already_held", "C3"),
    ]
    assert "казначейство.csv" in str(again.problems[0]["text"])
    assert "3" in str(again.problems[0]["text"])
    treasury.undo(first.pk, reason="не тот файл", actor=clerk, at=clock.now())
    said = treasury.Said(2026, "spending", "executed", COLUMNS, Decimal(1), Decimal("799806.50"))
    treasury.correct(again.pk, said, actor=clerk, at=clock.now())
    treasury.fileworks.run_check(again.pk, is_told=False)
    again.refresh_from_db()
    assert again.state == ImportState.READY, "what was undone is in nobody's way"


def test_a_plan_is_stated_once_for_a_line_and_a_cash_plan_once_for_a_month(clerk: access.Actor) -> None:
    for kind, other_day, is_held in (
        (Kind.PLAN, "2026-06", True),
        (Kind.CASH_PLAN, "15.01.2026", True),
        (Kind.CASH_PLAN, "2026-02", False),
    ):
        if not Amount.objects.filter(kind=kind, file__isnull=False).exists():
            first = of_kind(kind, ["tazalyk;2026-01;7;;D02;D22"], "7", name=f"{kind}.csv")
            treasury.write(taken_in(first, clerk).pk, actor=clerk, at=clock.now())
        row = f"tazalyk;{other_day};9;;D02;D22"
        again = taken_in(of_kind(kind, [row], "9", name=f"{kind}-2.csv"), clerk)
        assert [one["code"] for one in again.problems] == (["already_held"] if is_held else [])


def test_two_files_checked_side_by_side_do_not_both_write_the_same_money(clerk: access.Actor) -> None:
    first = taken_in(sent(), clerk)
    second = taken_in(
        sent([*ROWS, "bpatp;31.05.2026;1;;D03;D22"], total="1999801.00", name="второй.csv"), clerk
    )
    assert (first.state, second.state) == (ImportState.READY, ImportState.READY)
    treasury.write(first.pk, actor=clerk, at=clock.now())
    with pytest.raises(treasury.Refusal):
        treasury.write(second.pk, actor=clerk, at=clock.now())
    second.refresh_from_db()
    assert second.state == ImportState.FAULTY
    assert Total.objects.get(year=2026, classification="", month=1, unit__code="bpatp").amount == Decimal(
        "800000.25"
    )


def test_a_hostile_name_and_cell_are_shown_as_text(visitor: Client, tmp_path: Path) -> None:
    content = "\n".join([HEADS, "<script>alert(1)</script>;31.01.2026;5;;D02;D22"]).encode()
    page = posted(visitor, content, "ru", name="<b>файл</b>.csv")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_total_of_a_right_file_is_what_its_rows_make(clerk: access.Actor) -> None:
    assert taken_in(sent(), clerk).found_total == TOTAL
