"""The rules that compare over time and with plans: each finds what is wrong and confirms what is right."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from shaar.indicators.catalogue import RuleSetting
from shaar.indicators.cells import Cell
from shaar.indicators.outcomes import Finding, Outcome, State
from shaar.indicators.reading import reckoner
from shaar.indicators.reckoning import Reckoner
from shaar.indicators.rules import RuleContext, run_rules
from shaar.indicators.sources import standing_on
from shaar.kernel.periods import Period
from tests.indicators.grounds import Tree, bishkek, catalogue, cell, figure, figures_of_2022

YEAR = Period.year(2022)
QUARTERS = {"every": "quarter", "due_working_days": 5}
Passports = Sequence[dict[str, object]]


def said(
    rule: str,
    passports: Passports,
    cells: list[Cell],
    *,
    due_before: str = "2023-12-31",
    **parameters: int,
) -> list[Finding]:
    """Return what one rule says about 2022."""
    setting = RuleSetting(rule, "warning", parameters)
    known = catalogue(*passports, rules=[setting])
    last_day = Period.parse(due_before).end
    context = RuleContext(
        catalogue=known,
        reckoner=Reckoner(known, cells, lambda _on: Tree()),
        period=YEAR,
        codes=frozenset(known.passports),
        setting=setting,
        is_due=lambda period, _calendar: period.end < last_day,
    )
    return list(run_rules(context, known.rules))


def only(findings: list[Finding]) -> tuple[Outcome, Mapping[str, str]]:
    (one,) = findings
    return one.outcome, one.numbers


# Plan and fact ----------------------------------------------------------------------------------------------
PLANNED: Passports = [figure("fact", plan="plan", good="up"), figure("plan", role="plan")]


def test_a_fact_below_its_plan_is_found() -> None:
    outcome, numbers = only(said("plan_fact", PLANNED, [cell("fact", 45), cell("plan", 50)]))
    assert outcome is Outcome.FINDING
    assert numbers == {"fact": "45", "plan": "50", "percent": "90"}


@pytest.mark.parametrize(
    ("fact", "tolerance", "outcome"),
    [
        (50, 0, Outcome.CONFIRMED),
        (51, 0, Outcome.CONFIRMED),
        (49, 0, Outcome.FINDING),
        (49, 2, Outcome.CONFIRMED),
    ],
)
def test_a_fact_meets_its_plan_within_the_tolerance(fact: int, tolerance: int, outcome: Outcome) -> None:
    cells = [cell("fact", fact), cell("plan", 50)]
    assert only(said("plan_fact", PLANNED, cells, tolerance_percent=tolerance))[0] is outcome


def test_where_decline_is_good_the_fact_must_not_exceed_the_plan() -> None:
    passports = [figure("fact", plan="plan", good="down"), figure("plan", role="plan")]
    assert only(said("plan_fact", passports, [cell("fact", 45), cell("plan", 50)]))[0] is Outcome.CONFIRMED
    assert only(said("plan_fact", passports, [cell("fact", 55), cell("plan", 50)]))[0] is Outcome.FINDING


def test_a_fact_without_a_plan_or_a_plan_without_a_fact_is_not_judged() -> None:
    assert said("plan_fact", PLANNED, [cell("fact", 45)]) == []
    assert said("plan_fact", PLANNED, [cell("plan", 50)]) == []


# Continuity of stocks ---------------------------------------------------------------------------------------
STOCK: Passports = [
    figure("trees", kind="stock", continuity={"added": ["planted"], "removed": ["felled"]}),
    figure("planted"),
    figure("felled"),
]


def trees(stated: int) -> list[Cell]:
    return [cell("trees", 100, "2021"), cell("trees", stated), cell("planted", 30), cell("felled", 10)]


def test_a_stock_that_its_changes_do_not_explain_is_found() -> None:
    outcome, numbers = only(said("stock_continuity", STOCK, trees(125)))
    assert outcome is Outcome.FINDING
    assert numbers == {
        "before": "100",
        "added": "30",
        "removed": "10",
        "expected": "120",
        "stated": "125",
        "gap": "5",
    }


def test_a_stock_that_its_changes_explain_is_confirmed() -> None:
    assert only(said("stock_continuity", STOCK, trees(120)))[0] is Outcome.CONFIRMED


def test_a_stock_without_the_year_before_is_not_judged() -> None:
    assert said("stock_continuity", STOCK, trees(120)[1:]) == []


# Missing periods --------------------------------------------------------------------------------------------
def test_a_quarter_that_was_due_and_did_not_come_is_found() -> None:
    cells = [cell("a", 1, "2022-Q1"), cell("a", 1, "2022-Q3")]
    found = said("missing_period", [figure("a", calendar=QUARTERS)], cells, due_before="2022-12-01")
    assert only(found) == (Outcome.FINDING, {"periods": "2022-Q2"})
    assert "II квартал 2022" in found[0].message.ru


def test_quarters_that_came_and_quarters_not_due_yet_are_not_found() -> None:
    passports = [figure("a", calendar=QUARTERS)]
    every = [cell("a", 1, f"2022-Q{number}") for number in (1, 2, 3, 4)]
    assert said("missing_period", passports, every) == []
    assert said("missing_period", passports, every[:3], due_before="2022-12-01") == []
    assert said("missing_period", [figure("a")], []) == []


# Long and short periods -------------------------------------------------------------------------------------
def quarters(*numbers: int) -> list[Cell]:
    return [cell("a", number, f"2022-Q{index}") for index, number in enumerate(numbers, 1)]


def test_a_year_that_is_not_the_sum_of_its_quarters_is_found() -> None:
    outcome, numbers = only(said("grain_mismatch", [figure("a")], [cell("a", 11), *quarters(1, 2, 3, 4)]))
    assert outcome is Outcome.FINDING
    assert numbers == {"total": "11", "sum": "10", "gap": "1", "grain": "quarter"}


def test_a_year_that_is_the_sum_of_its_quarters_is_confirmed() -> None:
    found = said("grain_mismatch", [figure("a")], [cell("a", 10), *quarters(1, 2, 3, 4)])
    assert only(found)[0] is Outcome.CONFIRMED


def test_a_year_of_which_a_quarter_is_missing_is_not_judged() -> None:
    assert said("grain_mismatch", [figure("a")], [cell("a", 10), *quarters(1, 2, 3)]) == []
    assert said("grain_mismatch", [figure("a")], quarters(1, 2, 3, 4)) == []


# No period --------------------------------------------------------------------------------------------------
def test_what_only_gathers_figures_of_others_is_not_found_beside_them() -> None:
    known, ground = bishkek(), figures_of_2022()
    gathering = next(
        one.code for one in known.passports.values() if one.where == {"figure": "safety.cameras"}
    )
    with standing_on(ground):
        reader = reckoner(known, known.passports, first=YEAR.start, last=YEAR.end)
    setting = next(one for one in known.rules if one.rule == "no_period")
    context = RuleContext(known, reader, YEAR, frozenset(known.passports), setting, lambda *_: True)
    found = list(run_rules(context, [setting]))
    assert not any(gathering in one.indicators for one in found)
    assert sum("safety.cameras_leninsky" in one.indicators for one in found) == 1


# Bishkek ----------------------------------------------------------------------------------------------------
def test_schools_and_preschools_of_major_repairs_count_as_facilities() -> None:
    known, ground = bishkek(), figures_of_2022()
    assert known.measure("school").counts_as == "facility"
    with standing_on(ground):
        reader = reckoner(known, known.passports, first=YEAR.start, last=YEAR.end)
    value = reader.value("facilities.major_repairs", YEAR)
    assert value.state is State.KNOWN
    assert value.quantity is not None
    assert value.quantity.value == Decimal(74)
    measures = {one.measure for one in reader.counted("facilities.major_repairs", YEAR)}
    assert len(measures) > 1
