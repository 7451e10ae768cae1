"""Periods: codes, parts and names."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
CALENDAR_KINDS = st.sampled_from([kind for kind in PeriodKind if kind is not PeriodKind.CUMULATIVE])


@given(DAYS, CALENDAR_KINDS)
def test_a_code_reads_back_as_the_same_period(day: date, kind: PeriodKind) -> None:
    period = Period.of(day, kind)
    assert period.contains(day)
    assert Period.parse(str(period)) == period


@given(DAYS, DAYS)
def test_a_cumulative_code_reads_back_as_the_same_period(one: date, other: date) -> None:
    period = Period.cumulative(max(one, other), since=min(one, other))
    assert Period.parse(str(period)) == period


@given(DAYS, CALENDAR_KINDS)
def test_neighbouring_periods_touch_without_a_gap(day: date, kind: PeriodKind) -> None:
    period = Period.of(day, kind)
    assert period.next().previous() == period
    assert period.next().start == period.end + timedelta(days=1)


@given(DAYS, CALENDAR_KINDS, CALENDAR_KINDS)
def test_parts_fill_the_whole_exactly(day: date, kind: PeriodKind, shorter: PeriodKind) -> None:
    if shorter.rank > kind.rank:
        shorter, kind = kind, shorter
    whole = Period.of(day, kind)
    parts = whole.parts(shorter)
    assert parts[0].start == whole.start
    assert parts[-1].end == whole.end
    assert all(one.next() == other for one, other in itertools.pairwise(parts))


@pytest.mark.parametrize(
    "code", ["", "22", "2022-13", "2022-Q5", "2022-Q0", "2022-02-30", "2022/2021", "x/y/z"]
)
def test_a_malformed_code_is_refused(code: str) -> None:
    with pytest.raises(Refusal) as refused:
        Period.parse(code)
    assert refused.value.code == "malformed_period"


def test_names_are_those_of_the_language() -> None:
    assert Period.parse("2022").name("ru") == "2022 год"
    assert Period.parse("2022-Q3").name("ru") == "III квартал 2022 года"
    assert Period.parse("2022-Q3").name("ky") == "2022-жылдын III чейреги"
    assert Period.parse("../2022-12-31").name("ru") == "на 31.12.2022"


def test_a_leap_day_last_year_is_the_28th() -> None:
    assert Period.parse("2024-02-29").same_last_year() == Period.parse("2023-02-28")
