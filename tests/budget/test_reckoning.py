"""Sums to the tyiyn, the stated year, forecasts with their error, and who underspends."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaar.budget import totals
from shaar.budget.forecast import forecast
from shaar.budget.models import Amount, Total
from shaar.budget.pack import load_pack
from shaar.budget.totals import Part, Sums
from shaar.kernel.errors import Refusal
from shaar.kernel.money import Money, parse_money, total
from shaar.kernel.texts import Text

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False)
EVEN = {month: Decimal(10) for month in range(1, 13)}


@given(st.lists(AMOUNTS))
def test_money_adds_up_to_the_tyiyn_in_any_order(amounts: list[Decimal]) -> None:
    forth = total(Money(one) for one in amounts)
    assert forth == total(Money(one) for one in reversed(amounts))
    assert forth.amount * 100 == sum(int(one * 100) for one in amounts)
    assert forth + -forth == Money(Decimal(0))


def test_money_of_two_currencies_does_not_add_up() -> None:
    with pytest.raises(ValueError, match="USD"):
        Money(Decimal(1)) + Money(Decimal(1), "USD")
    for wrong in (Decimal("NaN"), Decimal("0.001")):
        with pytest.raises(ValueError, match="money"):
            Money(wrong)


def test_an_amount_is_read_in_its_scale_exactly() -> None:
    assert parse_money("15 420,6", scale=Decimal(1_000_000)) == Decimal("15420600000.00")
    for wrong in ("5,001", "45–50", "1e5", ""):
        with pytest.raises(Refusal):
            parse_money(wrong)


@pytest.mark.django_db
def test_the_stated_year_comes_from_the_report_with_its_two_plans(budget: Path) -> None:
    load_pack(budget, actor="test")
    assert Amount.objects.count() == 4
    revenue = totals.sums(Total.objects.filter(side="revenue"))
    spending = totals.sums(Total.objects.filter(side="spending"))
    million = Decimal(1_000_000)
    assert (revenue.plan, revenue.cash_plan) == (Decimal("14719.8") * million, None)
    assert (revenue.executed, revenue.percent) == (Decimal("15420.6") * million, Decimal("104.8"))
    assert (spending.plan, spending.cash_plan) == (None, Decimal("14721.7") * million)
    assert (spending.variance, spending.percent) == (Decimal("-26.0") * million, Decimal("99.8"))


def test_a_forecast_follows_the_shares_of_past_years_and_tells_its_error() -> None:
    early = {month: Decimal(20) if month <= 6 else Decimal(0) for month in range(1, 13)}
    past = {2023: EVEN, 2024: EVEN, 2025: early}
    found = forecast({1: Decimal(5), 2: Decimal(5), 3: Decimal(5)}, past, until=3, cash_plan={})
    assert found is not None
    assert found.share == (Decimal("0.25") * 2 + Decimal("0.5")) / 3
    assert found.amount == Decimal("45.00")
    # Leave one out: 2023 and 2024 by a share of 0.375 give 80 of 120, 2025 by 0.25 gives 240 of 120.
    assert found.error_percent == Decimal("55.6")


def test_without_past_years_the_cash_plan_serves_and_without_it_nothing() -> None:
    months = {1: Decimal(8), 2: Decimal(8)}
    found = forecast(months, {}, until=2, cash_plan=EVEN)
    assert found is not None
    assert (found.method, found.amount, found.error_percent) == ("cash_plan", Decimal("96.00"), None)
    assert forecast(months, {}, until=2, cash_plan={}) is None
    assert forecast({}, {2025: EVEN}, until=2, cash_plan=EVEN) is None
    single = forecast(months, {2025: EVEN}, until=2, cash_plan={})
    assert single is not None
    assert single.error_percent is None


def test_who_spends_less_than_the_threshold_of_the_cash_plan_is_named_and_a_zero_plan_is_not() -> None:
    def part(code: str, cash_plan: int | None, executed: int | None) -> Part:
        plan, spent = (None if one is None else Decimal(one) for one in (cash_plan, executed))
        return Part(code, Text(code), Sums(cash_plan=plan, executed=spent))

    parts = [
        part("a", 100, 89),
        part("b", 100, 90),
        part("c", 0, 0),
        part("d", None, 5),
        part("e", 100, None),
    ]
    found = totals.below(parts, limit=Decimal(90))
    assert [(one.code, reached) for one, reached in found] == [("e", Decimal("0.0")), ("a", Decimal("89.0"))]
    assert totals.above(parts, limit=Decimal(100)) == []
    over = [part("f", 100, 101), part("g", 100, 120)]
    assert [one.code for one, _reached in totals.above(over, limit=Decimal(100))] == ["g", "f"]
