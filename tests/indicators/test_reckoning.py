"""Values: sums of flows, the last of stocks, wholes before parts, never zero for what is missing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shaar.indicators import api
from shaar.indicators.cells import Cell, counted
from shaar.indicators.outcomes import State, Value
from shaar.indicators.reckoning import Reckoner, Scope
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier, Quantity
from tests.indicators.grounds import Tree, catalogue, cell, figure, formula

CITY = Tree({"north": "city", "south": "city", "garden": "north", "crew": "hall"})
QUARTERS = {"every": "quarter", "due_working_days": 5}


def reckon(
    passports: list[dict[str, object]], cells: list[Cell], code: str, period: str = "2022", **scope: object
) -> Value:
    reader = Reckoner(catalogue(*passports), cells, lambda _on: CITY)
    return reader.value(code, Period.parse(period), Scope(**scope))  # type: ignore[arg-type]


def number(value: Value) -> Decimal | None:
    return value.quantity.value if value.quantity else None


def test_a_flow_is_the_sum_of_what_happened_in_the_period() -> None:
    cells = [cell("a", 3, "2022-03-01"), cell("a", 4, "2022-12-31"), cell("a", 50, "2023-01-01")]
    value = reckon([figure("a")], cells, "a")
    assert (number(value), value.state, value.facts) == (Decimal(7), State.KNOWN, 2)


def test_nothing_reported_is_missing_and_a_reported_zero_is_zero() -> None:
    assert reckon([figure("a")], [], "a").state is State.MISSING
    assert reckon([figure("a")], [], "a").quantity is None
    assert number(reckon([figure("a")], [cell("a", 0)], "a")) == 0
    assert reckon([figure("a", take="count")], [], "a").quantity is None


def test_a_figure_for_the_year_covers_the_quarters_inside_it() -> None:
    cells = [cell("a", 100), cell("a", 20, "2022-Q1"), cell("a", 30, "2022-05-05")]
    assert number(reckon([figure("a")], cells, "a")) == 100
    assert number(reckon([figure("a")], cells, "a", "2022-Q1")) == 20
    assert number(reckon([figure("a")], cells, "a", "2022-H1")) == 50


def test_a_figure_for_the_year_says_nothing_of_a_quarter() -> None:
    assert reckon([figure("a")], [cell("a", 100)], "a", "2022-Q1").state is State.MISSING


def test_figures_of_districts_add_up_unless_the_city_states_its_own() -> None:
    parts = [cell("a", 3, territory="north"), cell("a", 4, territory="south")]
    assert number(reckon([figure("a")], parts, "a")) == 7
    whole = [*parts, cell("a", 9)]
    assert number(reckon([figure("a")], whole, "a")) == 9
    assert number(reckon([figure("a")], whole, "a", territory="north")) == 3
    assert number(reckon([figure("a")], whole, "a", territory="south")) == 4


def test_kinds_add_up_unless_a_total_is_stated() -> None:
    kinds = [cell("a", 3, kind="x"), cell("a", 4, kind="y")]
    assert number(reckon([figure("a")], kinds, "a")) == 7
    assert number(reckon([figure("a")], [*kinds, cell("a", 8)], "a")) == 8
    assert number(reckon([figure("a")], [*kinds, cell("a", 8)], "a", where={"kind": "y"})) == 4


def test_events_of_a_unit_and_of_those_under_it_add_up() -> None:
    events = [cell("a", 3, "2022-03-01"), cell("a", 4, "2022-03-01", unit="crew", territory="garden")]
    assert number(reckon([figure("a")], events, "a")) == 7
    assert number(reckon([figure("a")], events, "a", unit="crew")) == 4
    assert number(reckon([figure("a")], events, "a", territory="north")) == 4
    assert reckon([figure("a")], events, "a", territory="south").state is State.MISSING


def test_a_stock_is_the_last_value_summed_over_places() -> None:
    cells = [
        cell("a", 10, "2022-Q1", territory="north"),
        cell("a", 12, "2022-Q2", territory="north"),
        cell("a", 5, "2022-Q1", territory="south"),
    ]
    stock = figure("a", kind="stock")
    assert number(reckon([stock], cells, "a")) == 17
    assert number(reckon([stock], cells, "a", "2022-Q1")) == 15


def test_a_ratio_is_never_summed() -> None:
    cells = [cell("a", 90, "2022-Q1", measure="percent"), cell("a", 95, "2022-Q2", measure="percent")]
    assert number(reckon([figure("a", kind="ratio", measure="percent")], cells, "a")) == 95


def test_counting_takes_facts_of_any_measure() -> None:
    cells = [cell("a", 90, "2022-03-01", facts=2), cell("a", 1, "2022-03-02", measure="km")]
    assert number(reckon([figure("a", take="count")], cells, "a")) == 3


def test_lengths_are_converted_and_streets_are_not_lamps() -> None:
    lengths = [cell("a", 2, measure="km", kind="x"), cell("a", 500, measure="metre", kind="y")]
    assert number(reckon([figure("a", measure="metre")], lengths, "a")) == 2500
    assert number(reckon([figure("a", measure="km")], lengths, "a")) == Decimal("2.5")
    counts = [cell("a", 402, measure="street"), cell("a", 5532)]
    assert number(reckon([figure("a")], counts, "a")) == 5532


def test_missing_quarters_make_a_value_partial() -> None:
    cells = [cell("a", 5, "2022-Q1"), cell("a", 6, "2022-Q3")]
    value = reckon([figure("a", calendar=QUARTERS)], cells, "a")
    assert (number(value), value.state) == (Decimal(11), State.PARTIAL)
    assert [str(part) for part in value.missing_parts] == ["2022-Q2", "2022-Q4"]
    assert reckon([figure("a", calendar=QUARTERS)], [cell("a", 5)], "a").state is State.KNOWN


def test_a_stock_misses_only_what_came_after_its_last_value() -> None:
    cells = [cell("a", 5, "2022-Q1"), cell("a", 6, "2022-Q3")]
    value = reckon([figure("a", kind="stock", calendar=QUARTERS)], cells, "a")
    assert [str(part) for part in value.missing_parts] == ["2022-Q4"]


def test_what_is_missing_or_partial_goes_through_formulas() -> None:
    passports = [figure("a", calendar=QUARTERS), figure("b"), formula("c", "a + b")]
    assert reckon(passports, [cell("b", 1)], "c").state is State.MISSING
    found = reckon(passports, [cell("a", 5, "2022-Q1"), cell("b", 1)], "c")
    assert (number(found), found.state) == (Decimal(6), State.PARTIAL)
    assert len(found.missing_parts) == 3


def test_dividing_by_zero_gives_no_value() -> None:
    passports = [figure("a"), figure("b"), formula("c", "a / b")]
    assert reckon(passports, [cell("a", 5), cell("b", 0)], "c").state is State.MISSING


def test_formulas_are_reckoned_within_a_territory() -> None:
    passports = [figure("a"), figure("b"), formula("c", "percent(a, b)", precision=1)]
    cells = [
        cell("a", 1, territory="north"),
        cell("b", 3, territory="north"),
        cell("b", 3, territory="south"),
    ]
    assert number(reckon(passports, cells, "c", territory="north")) == Decimal("33.3")
    assert number(reckon(passports, cells, "c")) == Decimal("16.7")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (Qualifier.EXACT, Qualifier.EXACT, Qualifier.EXACT),
        (Qualifier.EXACT, Qualifier.AT_LEAST, Qualifier.AT_LEAST),
        (Qualifier.RANGE, Qualifier.EXACT, Qualifier.RANGE),
        (Qualifier.RANGE, Qualifier.AT_LEAST, Qualifier.AT_LEAST),
        (Qualifier.APPROXIMATE, Qualifier.EXACT, Qualifier.APPROXIMATE),
        (Qualifier.DISPUTED, Qualifier.EXACT, Qualifier.DISPUTED),
    ],
)
def test_qualifiers_go_through_sums(first: Qualifier, second: Qualifier, expected: Qualifier) -> None:
    def stated(qualifier: Qualifier) -> Quantity:
        value = None if qualifier is Qualifier.DISPUTED else Decimal(45)
        return Quantity(value, Decimal(50) if qualifier is Qualifier.RANGE else None, qualifier)

    cells = [cell("a", stated(first), kind="x"), cell("a", stated(second), kind="y")]
    value = reckon([figure("a")], cells, "a")
    assert value.quantity is not None
    assert value.quantity.qualifier is expected
    assert (value.state is State.DISPUTED) == (expected is Qualifier.DISPUTED)
    if expected is Qualifier.RANGE:
        assert (value.quantity.value, value.quantity.upper) == (Decimal(90), Decimal(95))


def test_a_single_figure_keeps_its_writing() -> None:
    written = Quantity(Decimal(80), None, Qualifier.AT_LEAST, "более 80ти")
    assert reckon([figure("a")], [cell("a", written)], "a").quantity == written


def test_an_open_span_takes_all_that_came_before() -> None:
    cells = [cell("a", 5, "2019-03-01"), cell("a", 6, "2022-03-01")]
    assert number(reckon([figure("a")], cells, "a", "../2022-12-31")) == 11
    assert number(reckon([figure("a")], cells, "a", "2022-01-01/2022-09-30")) == 6


def test_an_unknown_indicator_is_refused() -> None:
    with pytest.raises(Refusal) as told:
        reckon([figure("a")], [], "b")
    assert told.value.code == "unknown_indicator"


PERIODS = st.sampled_from(["2022", "2022-H1", "2022-Q1", "2022-Q2", "2022-02", "2022-02-14", "2022-05-01"])
CELLS = st.lists(
    st.builds(
        cell,
        st.just("a"),
        st.integers(0, 99),
        PERIODS,
        unit=st.sampled_from(["hall", "crew"]),
        territory=st.sampled_from(["city", "north", "garden", "south"]),
    ),
    max_size=12,
)


@given(CELLS)
def test_what_is_covered_is_covered_by_something_that_counts(cells: list[Cell]) -> None:
    kept = counted(cells, CITY)
    for one in cells:
        if one in kept:
            continue
        assert any(
            whole.period.contains(one.period)
            and whole.period.kind is not PeriodKind.DAY
            and one.unit in CITY.unit_subtree(whole.unit)
            and one.territory in CITY.territory_subtree(whole.territory)
            for whole in kept
        )


@given(CELLS, st.randoms())
def test_the_order_of_facts_does_not_matter(cells: list[Cell], random: object) -> None:
    shuffled = list(cells)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reckon([figure("a")], cells, "a") == reckon([figure("a")], shuffled, "a")


def test_the_door_says_what_it_offers() -> None:
    assert all(hasattr(api, name) for name in api.__all__)
