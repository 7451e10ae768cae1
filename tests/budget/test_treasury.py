"""Files of the treasury: refused with the place of each mistake, written as a whole, undone as a whole."""

import io
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum
from openpyxl import Workbook

from shaar.access import api as access
from shaar.budget import treasury
from shaar.budget.models import Amount, ImportState, Line
from shaar.budget.reading import read
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.ledger import api as ledger
from tests.budget.conftest import HEADS, ROWS, TOTAL, sent, taken_in

pytestmark = pytest.mark.django_db


def executed() -> list[ledger.FactView]:
    return ledger.find(ledger.FactQuery(types=("budget.executed.v1",)))


def test_a_right_file_is_written_once_with_a_fact_for_each_row(clerk: access.Actor) -> None:
    file = taken_in(sent(), clerk)
    assert (file.state, file.rows, file.found_total) == (ImportState.READY, 3, TOTAL)
    assert not Amount.objects.filter(file=file).exists()
    treasury.write(file.pk, actor=clerk, at=clock.now())
    amounts = Amount.objects.filter(file=file).order_by("row")
    assert [one.amount for one in amounts] == [
        Decimal("1200000.50"),
        Decimal("800000.25"),
        Decimal("-200.75"),
    ]
    assert [one.row for one in amounts] == [2, 3, 4]
    facts = {one.id: one for one in executed()}
    assert {one.fact for one in amounts} == set(facts)
    assert sum(one.quantity or 0 for one in facts.values()) == TOTAL
    with pytest.raises(Refusal) as again:
        treasury.take_in(sent(), actor=clerk, at=clock.now())
    assert again.value.code == "already_written"
    with pytest.raises(Refusal) as twice:
        treasury.write(file.pk, actor=clerk, at=clock.now())
    assert twice.value.code == "not_ready"


def test_an_undone_file_leaves_nothing_of_its_sums_and_everything_of_its_history(clerk: access.Actor) -> None:
    file = taken_in(sent(), clerk)
    treasury.write(file.pk, actor=clerk, at=clock.now())
    with pytest.raises(Refusal) as refused:
        treasury.undo(file.pk, reason=" ", actor=clerk, at=clock.now())
    assert refused.value.code == "reason_required"
    treasury.undo(file.pk, reason="не тот файл", actor=clerk, at=clock.now())
    assert Amount.objects.filter(file=file).count() == 6
    assert Amount.objects.filter(file=file).aggregate(total=Sum("amount"))["total"] == 0
    assert sum(one.quantity or 0 for one in executed()) == 0
    assert taken_in(sent(), clerk).state == ImportState.READY


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        ("tazalyk;31.01.2026;0;;D02;D22", "zero_amount", "C2"),
        ("tazalyk;31.01.2026;-5;;D02;D22", "negative_amount", "C2"),
        ("tazalyk;31.01.2025;5;;D02;D22", "other_year", "B2"),
        ("tazalyk;31.02.2026;5;;D02;D22", "malformed_day", "B2"),
        ("tazalyk;31.01.2026;NaN;;D02;D22", "not_a_number", "C2"),
        ("tazalyk;31.01.2026;#DIV/0!;;D02;D22", "not_a_number", "C2"),
        ("tazalyk;31.01.2026;1 1684;;D02;D22", "malformed_number", "C2"),
        ("tazalyk;31.01.2026;более 5;;D02;D22", "not_exact", "C2"),
        ("tazalyk;31.01.2026;0,001;;D02;D22", "too_fine", "C2"),
        ("tazalyk;31.01.2026;5;;D99;D22", "unknown_code", "E2"),
        ("tazalyk;31.01.2026;5;;;", "no_code", "C2"),
        ("nobody;31.01.2026;5;;D02;D22", "unknown_unit", "A2"),
    ],
)
def test_a_wrong_row_is_told_by_line_and_cell_and_nothing_is_written(
    clerk: access.Actor, row: str, code: str, cell: str
) -> None:
    file = taken_in(sent([row], total="5"), clerk)
    assert file.state == ImportState.FAULTY
    assert [(one["code"], one["line"], one["cell"]) for one in file.problems] == [(code, 2, cell)]
    with pytest.raises(Refusal):
        treasury.write(file.pk, actor=clerk, at=clock.now())
    assert not Line.objects.exclude(key="").exists()
    assert executed() == []


def test_a_duplicate_line_is_told_with_the_line_that_it_repeats(clerk: access.Actor) -> None:
    file = taken_in(sent([ROWS[0], ROWS[0]], total="1200000.50"), clerk)
    (problem,) = file.problems
    assert (problem["code"], problem["line"]) == ("duplicate_line", 3)
    assert "2" in problem["text"]


@pytest.mark.parametrize(
    ("rows", "total", "code"),
    [
        (ROWS, "1999800.01", "wrong_control_total"),
        ((*ROWS, "Итого;;1 999 800,01;;;"), "1999800.00", "wrong_total"),
    ],
)
def test_a_wrong_total_is_refused_to_the_tyiyn(
    clerk: access.Actor, rows: tuple[str, ...], total: str, code: str
) -> None:
    file = taken_in(sent(rows, total=total), clerk)
    assert [one["code"] for one in file.problems] == [code]
    assert file.state == ImportState.FAULTY


def test_a_total_of_the_file_itself_that_is_right_is_no_line(clerk: access.Actor) -> None:
    file = taken_in(sent((*ROWS, "Итого;;1 999 800,00;;;")), clerk)
    assert (file.state, file.rows) == (ImportState.READY, 3)


def test_a_workbook_reads_as_its_text_does(clerk: access.Actor) -> None:
    book = Workbook()
    book.active.append(["Отчёт казначейства"])
    book.active.append(HEADS.split(";"))
    book.active.append(["tazalyk", "31.01.2026", 0.1, None, "D02", "D22"])
    book.active.append(["bpatp", "31.01.2026", 0.2, None, "D03", "D22"])
    out = io.BytesIO()
    book.save(out)
    sheet = read(out.getvalue(), name="a.xlsx")
    assert sheet.heads == tuple(HEADS.split(";"))
    assert [(line, cells[2]) for line, cells in sheet.rows] == [(3, "0.1"), (4, "0.2")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"a;b\n", "empty"),
        (b"PK\x03\x04broken", "unreadable"),
        (b"\xff\x00\x98\x00;\x98", "unreadable"),
    ],
)
def test_a_file_that_is_no_table_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(content, name="x")
    assert refused.value.code == code


def test_a_missing_column_is_named_at_its_control(clerk: access.Actor) -> None:
    file = taken_in(sent(heads=HEADS.replace("Сумма", "Итог")), clerk)
    assert [(one["code"], one["field"]) for one in file.problems] == [("no_column", "column_amount")]
    assert "Сумма" in file.problems[0]["text"]


def test_who_may_not_import_is_refused(budget: object) -> None:
    by = access.system_actor("test")
    access.create_user("guest", name="guest", password="long-enough-2023", actor=by)
    with pytest.raises(Refusal) as refused:
        treasury.take_in(sent(), actor=access.user_actor("guest"), at=clock.now())
    assert refused.value.code == "forbidden"


def test_an_amount_can_be_neither_changed_nor_removed(clerk: access.Actor) -> None:
    file = taken_in(sent(), clerk)
    treasury.write(file.pk, actor=clerk, at=clock.now())
    for change in (Amount.objects.filter(file=file).delete, lambda: Amount.objects.update(amount=1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
