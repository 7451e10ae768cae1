"""Amendments of a plan: checked to the tyiyn, shown before and after, taken back by their opposite."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.test import Client

from shaar.access import api as access
from shaar.access.models import User
from shaar.budget import amendments, totals, treasury
from shaar.budget.amendments import Change
from shaar.budget.judging import Row, Sent
from shaar.budget.models import Amendment, Amount, ImportState, Total, TreasuryFile
from shaar.kernel import clock
from shaar.kernel.errors import Refusal, Refusals
from tests.budget.conftest import COLUMNS, HEADS

pytestmark = pytest.mark.django_db
CODES = {"functional": "D02", "economic": "D22"}
DAY = date(2026, 3, 2)


def change(
    *amounts: str, total: str, after: str | None = None, codes: dict[str, str] | None = None
) -> Change:
    units = ("tazalyk", "bpatp", "bishkekzelenhoz")
    rows = tuple(
        Row(number, units[number - 1], codes if codes is not None else CODES, DAY, Decimal(amount), "")
        for number, amount in enumerate(amounts, start=1)
    )
    plan_after = Decimal(after) if after else None
    return Change(2026, "spending", "plan", "Решение № 1 (демо)", DAY, rows, Decimal(total), plan_after)


def enacted(clerk: access.Actor, given: Change) -> Amendment:
    return Amendment.objects.get(pk=amendments.enact(given, actor=clerk, at=clock.now()))


def plan() -> Decimal | None:
    return totals.sums(Total.objects.filter(year=2026, side="spending")).plan


def test_a_plan_is_changed_line_by_line_with_what_it_was_and_became(clerk: access.Actor) -> None:
    first = enacted(clerk, change("100.50", "50", total="150.50", after="150.50"))
    assert (first.before, first.change, first.after) == (0, Decimal("150.50"), Decimal("150.50"))
    second = enacted(clerk, change("-100.49", total="-100.49", after="50.01"))
    assert (second.before, second.after, plan()) == (Decimal("150.50"), Decimal("50.01"), Decimal("50.01"))
    (line,) = amendments.lines_of(second)
    assert (line.before, line.amount, line.after) == (Decimal("100.50"), Decimal("-100.49"), Decimal("0.01"))
    assert line.act == "Решение № 1 (демо)"


@pytest.mark.parametrize(
    ("given", "code", "line", "field"),
    [
        (change("5", total="5.01"), "wrong_control_total", None, "control_total"),
        (change("5", total="5", after="5.01"), "wrong_plan_after", None, "plan_after"),
        (change("5", "0", total="5"), "zero_amount", 2, "amount"),
        (change("5", "-1", total="4"), "below_zero", 2, "amount"),
        (change("5", total="5", codes={"functional": "D99"}), "unknown_code", 1, "functional"),
        (change("5", total="5", codes={}), "no_code", 1, "unit"),
        (change(total="0"), "no_rows", 1, None),
    ],
)
def test_a_wrong_amendment_is_told_at_its_place_and_changes_nothing(
    clerk: access.Actor, given: Change, code: str, line: int | None, field: str | None
) -> None:
    with pytest.raises(Refusals) as refused:
        enacted(clerk, given)
    (problem,) = refused.value.problems
    assert problem.place is not None
    assert (problem.code, problem.place.line, problem.place.field) == (code, line, field)
    assert not Amendment.objects.exists()
    assert plan() is None


def test_an_amendment_is_taken_back_once_by_its_opposite_and_both_stay(clerk: access.Actor) -> None:
    row = enacted(clerk, change("100", "50", total="150"))
    with pytest.raises(Refusal) as refused:
        amendments.take_back(row.pk, reason=" ", actor=clerk, at=clock.now())
    assert refused.value.code == "reason_required"
    opposite = Amendment.objects.get(
        pk=amendments.take_back(row.pk, reason="ошибка", actor=clerk, at=clock.now())
    )
    assert (opposite.takes_back_id, opposite.change, opposite.after) == (row.pk, -150, 0)
    assert Amount.objects.filter(kind="plan", line__year=2026).count() == 4
    assert Amount.objects.filter(line__year=2026).aggregate(x=Sum("amount"))["x"] == 0
    for number in (row.pk, opposite.pk):
        with pytest.raises(Refusal) as again:
            amendments.take_back(number, reason="ошибка", actor=clerk, at=clock.now())
        assert again.value.code == "taken_back"


def test_an_amendment_that_later_ones_rest_on_is_not_taken_back_below_zero(clerk: access.Actor) -> None:
    row = enacted(clerk, change("100", total="100"))
    enacted(clerk, change("-40", total="-40"))
    with pytest.raises(Refusal) as refused:
        amendments.take_back(row.pk, reason="ошибка", actor=clerk, at=clock.now())
    assert refused.value.code == "below_zero"
    assert plan() == 60


def file_of(clerk: access.Actor, *rows: str, total: str) -> TreasuryFile:
    content = "\n".join([HEADS, *rows]).encode()
    sent = Sent(
        "изменения.csv", content, 2026, "spending", "plan", COLUMNS, Decimal(1), Decimal(total),
        act="Решение № 2 (демо)",
    )  # fmt: skip
    return TreasuryFile.objects.get(pk=treasury.take_in(sent, actor=clerk, at=clock.now()))


def test_an_amendment_comes_by_file_and_goes_with_it(clerk: access.Actor) -> None:
    enacted(clerk, change("100", total="100"))
    file = file_of(clerk, "tazalyk;2026-03-02;-30;;D02;D22", "bpatp;2026-03-02;45;;D03;D22", total="15")
    assert file.state == ImportState.READY
    treasury.write(file.pk, actor=clerk, at=clock.now())
    row = Amendment.objects.get(file=file)
    assert (row.before, row.change, row.day, plan()) == (100, 15, DAY, 115)
    with pytest.raises(Refusal) as refused:
        amendments.take_back(row.pk, reason="ошибка", actor=clerk, at=clock.now())
    assert refused.value.code == "of_file"
    treasury.undo(file.pk, reason="ошибка", actor=clerk, at=clock.now())
    assert plan() == 100
    assert Amendment.objects.get(takes_back=row).change == -15


def test_a_file_that_takes_more_than_a_line_has_names_its_row(clerk: access.Actor) -> None:
    file = file_of(clerk, "bpatp;2026-03-02;45;;D03;D22", "tazalyk;2026-03-02;-30;;D02;D22", total="15")
    assert [(one["code"], one["line"], one["cell"], one["field"]) for one in file.problems] == [
        ("below_zero", 3, "C3", "Сумма")
    ]


# The pages --------------------------------------------------------------------------------------------------
NEW = "/staff/budget/amendments/new/?year=2026&side=spending&kind=plan"
TYPED = {
    "rows": "3", "act": "Решение № 3 (демо)", "day_0": "2", "day_1": "3", "day_2": "2026",
    "control_total": "10,00", "unit_1": "tazalyk", "functional_1": "D02", "amount_1": "10,01",
}  # fmt: skip


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend")
    return client


def test_a_wrong_total_stands_at_its_control_with_what_was_typed(clerk: access.Actor) -> None:
    client = signed_in("clerk")
    page = client.post(NEW, TYPED).content.decode()
    assert 'id="id_control_total-error"' in page
    assert 'value="10,01"' in page
    assert not Amendment.objects.exists()
    more = client.post(NEW, TYPED | {"more": "1"}).content.decode()
    assert 'name="amount_6"' in more
    assert 'value="10,01"' in more
    answer = client.post(NEW, TYPED | {"control_total": "10,01"})
    assert answer.status_code == 302
    shown = client.get(answer["Location"]).content.decode()
    assert "Решение № 3 (демо)" in shown
    assert client.get("/staff/budget/amendments/").status_code == 200


def test_who_may_not_amend_sees_amendments_and_changes_none(clerk: access.Actor) -> None:
    by = access.system_actor("test")
    access.create_user("audit", name="audit", password="long-enough-2023", actor=by)
    access.assign_role("audit", "auditor", actor=by)
    client = signed_in("audit")
    assert client.get("/staff/budget/amendments/").status_code == 200
    assert client.get(NEW).status_code == 403
    row = enacted(clerk, change("100", total="100"))
    assert client.post(f"/staff/budget/amendments/{row.pk}/take-back/", {"reason": "x"}).status_code == 403
    with pytest.raises(Refusal) as refused:
        amendments.enact(change("1", total="1"), actor=access.user_actor("audit"), at=clock.now())
    assert refused.value.code == "forbidden"
