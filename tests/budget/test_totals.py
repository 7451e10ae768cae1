"""Kept sums are what the amounts make, however these come in; pages read them by a constant of queries."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shaar.access import api as access
from shaar.access.models import User
from shaar.budget import monthly, shown, totals, treasury
from shaar.budget.judging import Sent
from shaar.budget.models import Amount, Kind, Side, Threshold, Total
from shaar.budget.pack import load_pack
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from tests.budget.conftest import COLUMNS, HEADS, sent, taken_in

pytestmark = pytest.mark.django_db


def written(clerk: access.Actor, rows: list[str], kind: str, *, name: str = "файл.csv") -> int:
    total = sum(Decimal(row.split(";")[2]) for row in rows)
    content = "\n".join([HEADS, *rows]).encode()
    file = Sent(name, content, 2026, "spending", kind, COLUMNS, Decimal(1), total)
    number = treasury.take_in(file, actor=clerk, at=clock.now())
    treasury.write(number, actor=clerk, at=clock.now())
    return number


def assert_kept_sums_are_right() -> None:
    for kind in Kind:
        amounts = Amount.objects.filter(kind=kind)
        kept = Total.objects.filter(kind=kind, classification="")
        assert kept.aggregate(x=Sum("amount"))["x"] == amounts.aggregate(x=Sum("amount"))["x"], kind
        functional = Total.objects.filter(kind=kind, classification="functional", code="D02")
        of_code = amounts.filter(line__codes__functional="D02")
        assert functional.aggregate(x=Sum("amount"))["x"] == of_code.aggregate(x=Sum("amount"))["x"], kind


def test_sums_are_kept_when_files_are_written_and_undone_and_when_the_pack_is_loaded(
    clerk: access.Actor, budget: Path
) -> None:
    file = taken_in(sent(), clerk)
    treasury.write(file.pk, actor=clerk, at=clock.now())
    written(clerk, ["tazalyk;2026-01;1000000;;D02;D22", "tazalyk;2026-02;500000;;D02;"], "cash_plan")
    assert_kept_sums_are_right()
    treasury.undo(file.pk, reason="не тот файл", actor=clerk, at=clock.now())
    load_pack(budget, actor="test")
    assert_kept_sums_are_right()
    sums = totals.sums(Total.objects.filter(year=2026))
    assert (sums.executed, sums.cash_plan) == (None, Decimal(1_500_000)), (
        "what is undone is not zero: not stated"
    )


def test_parts_by_code_end_with_what_has_none_and_add_up_to_the_whole(clerk: access.Actor) -> None:
    written(
        clerk, ["tazalyk;2026-01;100;;D02;D22", "bpatp;2026-01;30;;D03;", "bpatp;2026-01;7;;;D22"], "plan"
    )
    held = Total.objects.filter(year=2026)
    page = shown.year_of(held, 2026, by="functional", language="ru")
    (side,) = page.sides
    assert [(one.code, one.sums.plan) for one in side.parts] == [
        ("D02", Decimal(100)),
        ("D03", Decimal(30)),
        ("", Decimal(7)),
    ]
    assert side.sums.plan == 137


def test_a_month_shows_cash_plan_commitments_and_execution_with_transfers_apart(clerk: access.Actor) -> None:
    written(clerk, ["tazalyk;2026-01;100;;D02;D22", "tazalyk;2026-02;50;;D02;D22"], "cash_plan")
    written(clerk, ["tazalyk;2026-01;80;;D02;D22"], "commitment")
    written(clerk, ["tazalyk;2026-01;60;;D02;D22", "tazalyk;2026-02;10.5;;D02;D22"], "executed")
    first, second = monthly.months(Total.objects.filter(year=2026))
    assert (first.number, first.cash_plan, first.commitment, first.executed) == (1, 100, 80, 60)
    assert (second.commitment, second.variance) == (None, Decimal("-39.5"))
    assert (second.executed_so_far, second.percent) == (Decimal("70.5"), Decimal("47.0"))
    assert (first.side, first.is_transfer) == (Side.SPENDING, False)


def test_who_stands_out_is_judged_by_the_thresholds_of_the_pack(clerk: access.Actor, budget: Path) -> None:
    written(clerk, ["tazalyk;2026-01;100;;D02;D22", "bpatp;2026-01;100;;D03;D22"], "cash_plan")
    written(clerk, ["tazalyk;2026-01;85;;D02;D22", "bpatp;2026-01;101;;D03;D22"], "executed")

    def found() -> dict[str, list[str]]:
        page = shown.year_of(Total.objects.filter(year=2026), 2026, language="ru")
        return {
            one.threshold.code: [part.code for part, _reached in one.found] for one in page.sides[0].standings
        }

    assert found() == {"underspending": ["tazalyk"], "overspending": ["bpatp"]}
    Threshold.objects.filter(code="underspending").update(percent=80)
    assert found() == {"underspending": [], "overspending": ["bpatp"]}
    Threshold.objects.all().delete()
    assert found() == {}, "without a threshold nobody is judged"
    load_pack(budget, actor="test")
    assert found()["underspending"] == ["tazalyk"]


def test_a_threshold_that_is_no_number_is_refused_with_its_place(budget: Path, tmp_path: Path) -> None:
    import shutil

    pack = tmp_path / "pack"
    shutil.copytree(budget, pack)
    path = pack / "budget" / "thresholds.yaml"
    path.write_text(path.read_text().replace('"90"', '"ninety"'))
    with pytest.raises(Refusal, match=r"thresholds\.yaml"):
        load_pack(pack, actor="test")


def test_the_page_of_a_year_asks_the_database_as_often_for_many_lines_as_for_few(clerk: access.Actor) -> None:
    client = Client()
    client.force_login(User.objects.get(username="clerk"), "django.contrib.auth.backends.ModelBackend")

    def queries(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(address).status_code == 200
        return len(caught)

    addresses = [f"/staff/budget/{page}?year=2026" for page in ("", "lines/", "months/", "lines/")] + [
        "/staff/budget/?year=2026&by=functional"
    ]
    written(clerk, ["tazalyk;2026-01;100;;D02;D22", "bpatp;2026-02;100;;D03;D22"], "executed", name="a.csv")
    few = [queries(one) for one in addresses]
    units = ("tazalyk", "bpatp", "bishkekzelenhoz", "bishkekasfaltservis", "city-hall")
    rows = [
        f"{unit};2026-{month:02};{month};;D0{code};D31"
        for unit in units
        for month in range(1, 11)
        for code in (1, 2, 3)
    ]
    written(clerk, rows, "executed", name="b.csv")
    written(clerk, rows, "cash_plan", name="c.csv")
    many = [queries(one) for one in addresses]
    assert many <= [one + 1 for one in few], (few, many)
