"""How a changed pack changes what a unit was over time."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shaar.city.rules import Range
from shaar.city.timeline import Dated, State, overlapping, target
from shaar.kernel.texts import Text

START = date(2020, 1, 1)
NAMES = st.sampled_from("ABC")
LOADS = st.lists(st.tuples(st.integers(0, 60), st.none() | NAMES), min_size=1, max_size=8)


def named(name: str, valid: Range = Range()) -> Dated:  # noqa: B008 a frozen value
    return Dated(valid, State("department", Text(name), Text("")))


def name_on(timeline: list[Dated], day: date) -> str | None:
    return next((dated.state.name.ru for dated in timeline if dated.valid.contains(day)), None)


@given(LOADS)
def test_a_load_never_changes_a_day_before_it_and_holds_from_its_day_on(
    loads: list[tuple[int, str | None]],
) -> None:
    timeline: list[Dated] = []
    for offset, name in sorted(loads, key=lambda load: load[0]):
        day = START + timedelta(days=offset)
        wanted = [named(name)] if name else []
        before = list(timeline)
        timeline = target(before, wanted, is_dated=False, on=day)
        assert not overlapping(timeline)
        assert name_on(timeline, day) == name
        assert name_on(timeline, day + timedelta(days=999)) == name
        if before:
            past = [day - timedelta(days=back) for back in range(1, 62)]
            assert [name_on(timeline, one) for one in past] == [name_on(before, one) for one in past]
        assert target(timeline, wanted, is_dated=False, on=day) == timeline


def test_a_dated_history_is_taken_as_it_is() -> None:
    wanted = [named("A", Range(None, START)), named("B", Range(START + timedelta(days=1)))]
    assert target([named("C")], wanted, is_dated=True, on=START) == wanted


def test_an_end_that_the_pack_gives_later_closes_the_version() -> None:
    (closed,) = target([named("A")], [named("A", Range(None, START))], is_dated=False, on=START)
    assert closed.valid == Range(None, START)
