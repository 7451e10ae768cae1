"""The rules find what is wrong with the figures of 2022, confirm what is right, and nothing else."""

from datetime import date
from functools import cache

from shaar.indicators.outcomes import Finding, Outcome
from shaar.indicators.reading import reckoner
from shaar.indicators.rules import RuleContext, run_rules
from shaar.indicators.sources import standing_on
from shaar.kernel.periods import Period
from tests.indicators.grounds import bishkek, figures_of_2022

YEAR = Period.year(2022)
OF_THE_PROGRAMME = {"itemised_total", "status_disagrees"}  # they read its tables: see tests/programme


@cache
def outcomes() -> tuple[Finding, ...]:
    """Return all that the rules say about 2022."""
    catalogue, ground = bishkek(), figures_of_2022()
    with standing_on(ground):
        reader = reckoner(catalogue, catalogue.passports, first=date(2021, 1, 1), last=YEAR.end)
    context = RuleContext(
        catalogue, reader, YEAR, frozenset(catalogue.passports), catalogue.rules[0], lambda *_: True
    )
    return tuple(run_rules(context, [one for one in catalogue.rules if one.rule not in OF_THE_PROGRAMME]))


def found(rule: str, outcome: Outcome = Outcome.FINDING) -> list[Finding]:
    return [one for one in outcomes() if one.rule == rule and one.outcome is outcome]


def test_the_gap_of_the_led_lamps_is_found_and_nothing_else_of_its_kind() -> None:
    (gap,) = found("parts_total")
    assert gap.rows == ("O01", "O02", "O04")
    assert gap.numbers == {
        "total": "10531",
        "sum": "9142",
        "parts": "5532 + 3610",
        "gap": "1389",
        "gap_percent": "13.2",
    }
    assert "1\u00a0389" in gap.message.ru
    assert "13,2" in gap.message.ru


def test_each_right_sum_is_confirmed() -> None:
    confirmed = {
        one.numbers["parts"]: one.numbers["total"] for one in found("parts_total", Outcome.CONFIRMED)
    }
    assert confirmed == {
        "55 + 112": "167",
        "38 + 30 + 2 + 4": "74",
        "46 + 53 + 85": "184",
        "851 + 222 + 317 + 116": "1506",
        "663 + 312": "975",
    }


def test_each_percent_and_difference_is_confirmed() -> None:
    assert found("expected") == []
    confirmed = {one.rows[0]: one.numbers["computed"] for one in found("expected", Outcome.CONFIRMED)}
    assert confirmed == {"M03": "104.8", "M04": "700.8", "M06": "99.8", "M08": "26"}


def test_the_malformed_number_is_found_with_its_readings() -> None:
    (malformed,) = found("malformed")
    assert malformed.rows == ("O06",)
    assert malformed.numbers == {"as_written": "1 1684", "readings": "11684 / 1684 / 1168.4"}


def test_both_pairs_that_look_alike_are_found() -> None:
    assert {one.rows for one in found("alike")} == {("O08", "I06"), ("A03", "I07")}
    assert {one.numbers["difference"] for one in found("alike")} == {"12.73", "15200"}


def test_the_three_unclear_overlaps_are_found() -> None:
    assert {one.rows for one in found("overlap")} == {("B01", "B06"), ("S04", "S16"), ("W01", "W02")}


def test_the_two_plans_are_found() -> None:
    (plans,) = found("two_plans")
    assert plans.rows == ("M02", "M07")
    assert plans.numbers["difference"] == "1.9"


def test_the_inexact_figures_are_found() -> None:
    assert {one.rows for one in found("inexact")} == {("S20",), ("G02",), ("Z07",)}


def test_figures_without_a_period_are_found_by_object() -> None:
    rows = {row for one in found("no_period") for row in one.rows}
    assert rows == {"S17", "S18", "S19", "B01", "B02", "B03", "B04", "B05", "B06"}


def test_missing_totals_are_found_and_computed() -> None:
    totals = {one.rows: one.numbers["total"] for one in found("missing_total")}
    assert totals == {
        ("U04", "U05", "U06", "U07"): "36",
        ("Z01", "Z02", "Z03", "Z04", "Z05"): "1161004",
        ("T01", "T02"): "4101",
        ("I01", "I02"): "9.33",
        ("Z08", "Z09"): "15.7",
    }


def test_nothing_else_is_found() -> None:
    rules = {one.rule for one in outcomes() if one.outcome is Outcome.FINDING}
    assert rules == {
        "parts_total",
        "malformed",
        "alike",
        "overlap",
        "two_plans",
        "inexact",
        "no_period",
        "missing_total",
    }


def test_keys_stand_for_one_outcome_each() -> None:
    keys = [one.key for one in outcomes()]
    assert len(keys) == len(set(keys))
