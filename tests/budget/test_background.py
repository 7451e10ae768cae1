"""Files in the background: how far they are is seen, called off they leave nothing, twice is once."""

import io
from collections.abc import Iterable
from decimal import Decimal

import pytest
from django.db import connection

from shaar.access import api as access
from shaar.budget import fileworks, treasury
from shaar.budget.models import Amount, ImportState, Line, TreasuryFile
from shaar.budget.treasury import Said
from shaar.kernel import clock, jobs
from shaar.kernel.errors import Refusal
from shaar.ledger import api as ledger
from tests.budget.conftest import COLUMNS, HEADS

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 5000


def received(clerk: access.Actor, *, rows: int = ROWS, total: int | None = None) -> TreasuryFile:
    lines: Iterable[str] = (
        f"tazalyk;{1 + one % 28:02}.{1 + one // 28 % 12:02}.2026;{one}.25;возврат;D02;D2{one % 2 + 1}"
        for one in range(1, rows + 1)
    )
    seen: dict[str, str] = {}
    for line in lines:
        cells = line.split(";")
        seen.setdefault(";".join([cells[1], *cells[4:]]), line)
    kept = list(seen.values())
    found = sum(Decimal(one.split(";")[2]) for one in kept)
    said = Said(2026, "spending", "executed", COLUMNS, Decimal(1), found if total is None else Decimal(total))
    content = io.BytesIO("\n".join([HEADS, *kept]).encode())
    number = treasury.receive(content, said, name="большой.csv", actor=clerk, at=clock.now(), language="ky")
    return TreasuryFile.objects.get(pk=number)


def state_of(row: TreasuryFile) -> str:
    return TreasuryFile.objects.values_list("state", flat=True).get(pk=row.pk)


def test_a_file_is_checked_written_and_undone_by_jobs(clerk: access.Actor) -> None:
    row = received(clerk)
    assert row.state == ImportState.WAITING
    jobs.run_pending()
    row.refresh_from_db()
    assert (row.state, row.problems) == (ImportState.READY, [])
    treasury.approve(row.pk, actor=clerk, at=clock.now())
    jobs.run_pending()
    assert state_of(row) == ImportState.WRITTEN
    assert Amount.objects.filter(file=row).count() == row.rows
    fileworks.run_writing(row.pk, at=clock.now())
    assert Amount.objects.filter(file=row).count() == row.rows, "a job that runs twice writes once"
    treasury.give_back(row.pk, reason="не тот файл", actor=clerk, at=clock.now())
    jobs.run_pending()
    assert state_of(row) == ImportState.UNDONE
    facts = ledger.find(ledger.FactQuery(types=("budget.executed.v1",), limit=100_000))
    assert len(facts) == 2 * row.rows
    assert sum(one.quantity or 0 for one in facts) == 0


def test_how_far_a_check_is_is_seen_from_outside_while_it_runs(
    clerk: access.Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = received(clerk)
    outside, seen = connection.copy(), []
    judge = fileworks.judge

    def judged(*given: object, **named: object) -> object:
        found = judge(*given, **named)  # type: ignore[arg-type]
        with outside.cursor() as cursor:
            cursor.execute("SELECT state, total FROM budget_treasuryfile WHERE id = %s", [row.pk])
            seen.append(cursor.fetchone())
        return found

    monkeypatch.setattr(fileworks, "judge", judged)
    fileworks.run_check(row.pk)
    outside.close()
    assert [one[0] for one in seen] == ["checking"]
    assert seen[0][1] > 0


def test_a_file_called_off_while_it_is_written_leaves_nothing(
    clerk: access.Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = received(clerk)
    jobs.run_pending()
    treasury.approve(row.pk, actor=clerk, at=clock.now())
    record = ledger.record_many

    def recorded(facts: Iterable[ledger.Fact]) -> ledger.Batch:
        batch = record(facts)
        outside = connection.copy()
        with outside.cursor() as cursor:
            cursor.execute("UPDATE budget_treasuryfile SET state = 'cancelled' WHERE id = %s", [row.pk])
        outside.close()
        return batch

    monkeypatch.setattr("shaar.budget.recording.ledger.record_many", recorded)
    fileworks.run_writing(row.pk, at=clock.now())
    assert state_of(row) == ImportState.CANCELLED
    assert not Amount.objects.filter(file=row).exists()
    assert not Line.objects.exclude(key="").exists()
    assert ledger.find(ledger.FactQuery(types=("budget.executed.v1",))) == []


def test_a_wrong_control_total_is_corrected_without_sending_the_file_again(clerk: access.Actor) -> None:
    row = received(clerk, total=1)
    jobs.run_pending()
    row.refresh_from_db()
    assert [(one["code"], one["field"]) for one in row.problems] == [("wrong_control_total", "control_total")]
    assert "Көзөмөл суммасы" in row.problems[0]["text"], "it is told in the language of who sent it"
    said = Said(2026, "spending", "executed", COLUMNS, Decimal(1), row.found_total or Decimal(0))
    treasury.correct(row.pk, said, actor=clerk, at=clock.now())
    jobs.run_pending()
    assert state_of(row) == ImportState.READY
    with pytest.raises(Refusal) as refused:
        treasury.resume(row.pk, actor=clerk, at=clock.now())
    assert refused.value.code == "not_ready"
