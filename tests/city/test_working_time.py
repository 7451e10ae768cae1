"""Working days and deadlines."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaar.city import api as city
from shaar.city import rules
from shaar.city.rules import Departure, Feast, Range, Stretch, WorkingCalendar
from shaar.kernel.errors import Refusal
from tests.city.conftest import Loader, content

ZONE = ZoneInfo("Asia/Bishkek")
WEEK = [Stretch(day, span) for day in range(1, 6) for span in ((540, 750), (810, 1080))]
CALENDAR = WorkingCalendar(
    WEEK,
    feasts=[Feast(5, 9), Feast(1, 1, Range(date(2000, 1, 1), date(2022, 12, 31)))],
    exceptions={date(2022, 3, 21): Departure(None), date(2022, 3, 26): Departure(1)},
)
days = st.dates(date(2021, 1, 1), date(2023, 12, 31))
moments = st.datetimes(datetime(2021, 1, 1), datetime(2023, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_moved_day_is_worked_and_a_holiday_is_not() -> None:
    assert rules.is_working_day(CALENDAR, date(2022, 3, 26))
    assert not rules.is_working_day(CALENDAR, date(2022, 3, 21))
    assert not rules.is_working_day(CALENDAR, date(2022, 5, 9))


def test_a_yearly_holiday_that_was_abolished_is_worked_again() -> None:
    assert not rules.is_working_day(CALENDAR, date(2020, 1, 1))
    assert rules.is_working_day(CALENDAR, date(2025, 1, 1))


def test_the_day_itself_does_not_count() -> None:
    assert rules.add_working_days(CALENDAR, date(2022, 3, 18), 1) == date(2022, 3, 22)
    assert rules.add_working_days(CALENDAR, date(2022, 3, 25), 1) == date(2022, 3, 26)
    assert rules.add_working_days(CALENDAR, date(2022, 3, 22), -1) == date(2022, 3, 18)


def test_a_term_in_days_ends_when_the_last_day_closes() -> None:
    end = rules.end_of_working_days(CALENDAR, at("2022-03-18T16:00"), 10, ZONE)
    assert end == at("2022-04-01T18:00")


def test_a_term_in_hours_skips_the_break_and_the_night() -> None:
    assert rules.end_of_working_time(CALENDAR, at("2022-03-22T12:00"), timedelta(hours=1), ZONE) == at(
        "2022-03-22T14:00"
    )
    assert rules.end_of_working_time(CALENDAR, at("2022-03-25T17:00"), timedelta(hours=2), ZONE) == at(
        "2022-03-26T10:00"
    )


def test_a_calendar_without_working_days_is_refused_and_not_searched_for_ever() -> None:
    empty = WorkingCalendar([])
    with pytest.raises(Refusal) as refused:
        rules.add_working_days(empty, date(2022, 1, 1), 1)
    assert refused.value.code == "no_working_days"
    with pytest.raises(Refusal):
        rules.end_of_working_time(empty, at("2022-01-01T00:00"), timedelta(hours=1), ZONE)


def test_work_until_midnight_ends_with_the_day() -> None:
    shift = WorkingCalendar([Stretch(6, (1320, 1440))])
    ((_opens, closes),) = rules.working_hours(shift, date(2022, 1, 1), ZONE)
    assert closes == at("2022-01-02T00:00")


@given(days, st.integers(1, 60))
def test_adding_and_taking_away_working_days_comes_back(day: date, number: int) -> None:
    start = rules.add_working_days(CALENDAR, day, 0)
    there = rules.add_working_days(CALENDAR, start, number)
    assert rules.is_working_day(CALENDAR, there)
    assert rules.add_working_days(CALENDAR, there, -number) == start


@given(days, st.integers(1, 40))
def test_so_many_working_days_lie_between(day: date, number: int) -> None:
    end = rules.add_working_days(CALENDAR, day, number)
    between = (day + timedelta(days=step) for step in range(1, (end - day).days + 1))
    assert sum(rules.is_working_day(CALENDAR, one) for one in between) == number


@given(moments, st.integers(0, 20_000))
def test_a_deadline_leaves_exactly_its_working_time(start: datetime, minutes: int) -> None:
    amount = timedelta(minutes=minutes)
    end = rules.end_of_working_time(CALENDAR, start, amount, ZONE)
    assert rules.working_time_between(CALENDAR, start, end, ZONE) == amount


@given(moments, moments, moments)
def test_working_time_adds_up(first: datetime, second: datetime, third: datetime) -> None:
    a, b, c = sorted((first, second, third))

    def between(start: datetime, end: datetime) -> timedelta:
        return rules.working_time_between(CALENDAR, start, end, ZONE)

    assert between(a, b) + between(b, c) == between(a, c)
    assert between(c, a) == timedelta(0) or a == c


def test_the_door_answers_from_the_pack(load: Loader) -> None:
    load(content())
    assert not city.is_working_day(date(2022, 3, 21))
    assert city.add_working_days(date(2022, 3, 18), 1) == date(2022, 3, 22)
    assert city.working_deadline(at("2022-03-18T17:00"), hours=2) == at("2022-03-22T10:00")
    assert city.working_deadline(at("2022-03-18T17:00"), days=1) == at("2022-03-22T18:00")
    assert city.working_hours(date(2022, 3, 20)) == []
    with pytest.raises(ValueError, match="in days or in hours"):
        city.working_deadline(at("2022-03-18T17:00"))
