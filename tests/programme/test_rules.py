"""The status that figures speak for, whatever the targets, figures and days are."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shaar.programme import rules
from shaar.programme.models import Status
from shaar.programme.rules import Judged, derived_status

NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=2)
JUDGED = st.builds(
    Judged, target=NUMBERS, fact=st.none() | NUMBERS, good=st.sampled_from(["up", "down", "none"])
)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
TERMS = st.tuples(DAYS, st.integers(0, 800)).map(lambda pair: (pair[0], pair[0] + timedelta(pair[1])))


@given(st.lists(JUDGED, max_size=5), TERMS, DAYS)
def test_a_status_is_one_of_the_known_or_none(
    judged: list[Judged], term: tuple[date, date], on: date
) -> None:
    found = derived_status(judged, first_day=term[0], last_day=term[1], on=on)
    assert found in {None, *Status.values} - {"cancelled"}
    unknown = not judged or any(one.fact is None or one.good == "none" for one in judged)
    assert (found is None) == unknown


@given(st.lists(JUDGED, max_size=5), TERMS, DAYS)
def test_a_cancelled_measure_is_cancelled_whatever_its_figures(
    judged: list[Judged], term: tuple[date, date], on: date
) -> None:
    found = derived_status(judged, first_day=term[0], last_day=term[1], on=on, is_cancelled=True)
    assert found == "cancelled"


@given(st.lists(JUDGED, min_size=1, max_size=5), TERMS, DAYS)
def test_executed_is_every_target_reached_and_overdue_only_after_the_term(
    judged: list[Judged], term: tuple[date, date], on: date
) -> None:
    found = derived_status(judged, first_day=term[0], last_day=term[1], on=on)
    reached = [rules.is_reached(one) for one in judged]
    assert (found == "executed") == (None not in reached and all(reached))
    if found == "overdue":
        assert on > term[1]
    if found in {"in_progress", "not_started"}:
        assert on <= term[1]


@given(st.lists(JUDGED, min_size=1, max_size=5), TERMS, DAYS)
def test_the_order_of_targets_does_not_matter(
    judged: list[Judged], term: tuple[date, date], on: date
) -> None:
    days = {"first_day": term[0], "last_day": term[1], "on": on}
    assert derived_status(judged, **days) == derived_status(judged[::-1], **days)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_better_figure_never_loses_a_target(target: Decimal, fact: Decimal, more: Decimal) -> None:
    better = fact + abs(more)
    if rules.is_reached(Judged(target, fact)):
        assert rules.is_reached(Judged(target, better))
    if rules.is_reached(Judged(target, better, "down")):
        assert rules.is_reached(Judged(target, fact, "down"))


STATUSES = st.none() | st.sampled_from(Status.values)


@given(STATUSES, STATUSES)
def test_two_statuses_disagree_in_both_directions_alike(one: str | None, other: str | None) -> None:
    assert rules.disagrees(one, other) == rules.disagrees(other, one)
    assert not rules.disagrees(one, one)
    assert not rules.disagrees(one, None)


@given(st.sampled_from(Status.values), st.text(max_size=20))
def test_only_overdue_and_cancelled_need_a_reason(status: str, reason: str) -> None:
    needed = status in {"overdue", "cancelled"} and not reason.strip()
    assert rules.needs_reason(status, reason) == needed
