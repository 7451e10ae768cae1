"""Shares, levels, standings, the score and alerts as pure decisions."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaar.kernel.periods import Period, PeriodKind
from shaar.monitor import comparing, rules, showing
from shaar.monitor.rules import Level, Part, Standing

D = Decimal
NOW = datetime(2026, 7, 14, 6, tzinfo=UTC)


def test_a_flow_is_compared_with_the_part_of_its_target_that_is_due() -> None:
    month = Period.parse("2026-07")
    assert rules.expected(D(310), month, today=date(2026, 7, 10), pro_rata=True) == D(100)
    assert rules.expected(D(310), month, today=date(2026, 7, 10), pro_rata=False) == D(310)
    assert rules.expected(D(310), month, today=date(2026, 8, 2), pro_rata=True) == D(310)


def test_where_less_is_better_the_share_is_target_over_value() -> None:
    assert rules.share(D(50), D(100), is_growth_good=True) == D("0.5")
    assert rules.share(D(50), D(100), is_growth_good=False) == D(2)
    assert rules.share(D(0), D(5), is_growth_good=False) == D(10)
    assert rules.share(D(5), D(0), is_growth_good=True) is None


@pytest.mark.parametrize(
    ("share", "level"),
    [("0.95", Level.GOOD), ("0.9499", Level.WATCH), ("0.8", Level.WATCH), ("0.79", Level.BAD)],
)
def test_a_level_begins_at_its_threshold(share: str, level: Level) -> None:
    assert rules.level(D(share), good=D("0.95"), watch=D("0.8")) is level


def test_what_is_missing_stale_or_partial_says_so() -> None:
    def stands(fresh: int, *, value: bool = True, partial: bool = False, target: bool = True) -> Standing:
        return rules.standing(
            has_value=value,
            is_partial=partial,
            has_target=target,
            end=date(2026, 7, 10),
            last_at=None,
            today=date(2026, 7, 14),
            fresh=fresh,
        )

    assert stands(9, value=False) is Standing.NO_DATA
    assert stands(3) is Standing.STALE
    assert stands(4, partial=True) is Standing.MEASURING
    assert stands(4, target=False) is Standing.MEASURING
    assert stands(4) is Standing.KNOWN


def test_the_score_leaves_out_what_is_missing_caps_and_never_rounds_up() -> None:
    parts = [Part("a", D(1), D("4.5")), Part("b", D(1), D("0.789")), Part("c", D(1), None)]
    result = rules.score(parts, cap=D("1.2"), least_share=D("0.5"))
    assert result.score == D("0.99")  # (1.2 + 0.789) ÷ 2 = 0.9945
    assert (result.counted, result.whole) == (2, 3)
    assert rules.score(parts, cap=D("1.2"), least_share=D("0.7")).score is None
    assert rules.score([], cap=D(1), least_share=D(0)).score is None


@given(
    st.lists(st.tuples(st.decimals(0, 5, places=3), st.decimals("0.1", 9, places=1)), min_size=1, max_size=30)
)
def test_a_score_lies_between_nothing_and_the_cap(parts: list[tuple[Decimal, Decimal]]) -> None:
    made = rules.score([Part("x", weight, share) for share, weight in parts], cap=D("1.2"), least_share=D(0))
    assert made.score is not None
    assert D(0) <= made.score <= D("1.2")


def test_a_band_holds_usual_values_and_not_a_leap() -> None:
    found = rules.band([D(10), D(11), D(9), D(10), D(12)], deviations=D(4))
    assert found is not None
    assert found.holds(D(13))
    assert not found.holds(D(40))
    assert rules.band([D(10)], deviations=D(4)) is None


def test_an_alert_is_raised_again_only_after_its_cause_passed_and_the_quiet_time() -> None:
    quiet = timedelta(hours=24)
    before, long_ago = NOW - timedelta(hours=3), NOW - timedelta(hours=30)
    ask = {"now": NOW, "quiet": quiet}
    assert rules.may_raise(is_open=False, cleared_at=None, raised_at=None, **ask)
    assert not rules.may_raise(is_open=True, cleared_at=long_ago, raised_at=long_ago, **ask)
    assert not rules.may_raise(is_open=False, cleared_at=before, raised_at=before, **ask)
    assert not rules.may_raise(is_open=False, cleared_at=None, raised_at=long_ago, **ask)
    assert rules.may_raise(is_open=False, cleared_at=before, raised_at=long_ago, **ask)


def test_a_sunday_is_compared_with_sundays() -> None:
    first = date(2025, 7, 1)
    days = [Period.of(first + timedelta(days=number), PeriodKind.DAY) for number in range(370)]
    values = [(day, D(35) if day.end.weekday() == 6 else D(100)) for day in days]
    last = next(place for place in range(len(values) - 1, 0, -1) if values[place][0].end.weekday() == 6)
    found = comparing.deseasoned(values[: last + 1], PeriodKind.DAY)
    assert found is not None
    assert round(found.value) == 91  # an ordinary Sunday is an ordinary day
    assert comparing.deseasoned(values[-40:], PeriodKind.DAY) is None


def test_the_season_is_known_from_working_days_only_and_from_a_year_of_months() -> None:
    first = date(2025, 1, 1)
    days = [Period.of(first + timedelta(days=number), PeriodKind.DAY) for number in range(365)]
    values = [(day, D(100) if day.end.weekday() < 5 else None) for day in days]
    assert comparing.deseasoned(values, PeriodKind.DAY) is not None
    months = Period.cumulative(date(2026, 1, 31), since=date(2024, 12, 1)).parts(PeriodKind.MONTH)
    levels = [(one, D(50) if one.end.month == 1 else D(100)) for one in months]
    found = comparing.deseasoned(levels, PeriodKind.MONTH)
    assert found is not None
    assert round(found.value) == 96  # January is what January was
    assert comparing.deseasoned(levels[1:], PeriodKind.MONTH) is None  # that January may have begun midway


@pytest.mark.parametrize(
    ("number", "russian"),
    [
        ("1", "one"),
        ("2", "few"),
        ("5", "many"),
        ("11", "many"),
        ("21", "one"),
        ("113", "many"),
        ("1.5", "few"),
    ],
)
def test_the_name_of_what_is_counted_agrees_with_the_number(number: str, russian: str) -> None:
    assert showing.plural_form(D(number), "ru") == russian
    assert showing.plural_form(D(number), "ky") == "one"
