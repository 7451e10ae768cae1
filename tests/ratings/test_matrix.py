"""Scores by a regulation, each against a calculation by hand; what is missing, zero or negative."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given as over
from hypothesis import strategies as st

from shaar.kernel.errors import Refusal
from shaar.ratings.matrix import Charge, Figure, Given, GroupResult, reckon
from shaar.ratings.regulation import ADAPTER, Regulation, faults, read_file
from shaar.ratings.whatif import changed, needs

NAME = {"ru": "Имя"}


def criterion(code: str, weight: int = 100, **more: Any) -> dict[str, Any]:
    return {"code": code, "name": NAME, "indicator": code, "weight": weight, "target": 10} | more


def document(*criteria: dict[str, Any], **group: Any) -> dict[str, Any]:
    held = {"code": "g", "name": NAME, "units": ["a", "b", "c"], "most_missing": 1}
    held["blocks"] = [{"code": "one", "name": NAME, "weight": 100, "criteria": list(criteria)}]
    return {
        "code": "r", "unit": "u",
        "title": NAME, "note": NAME, "valid_from": date(2026, 1, 1), "periods": ["quarter"],
        "objection_days": 5, "groups": [held | group],
        "bands": [{"least": 60, "name": NAME}, {"least": 90, "name": NAME}],
    }  # fmt: skip


def regulation(*criteria: dict[str, Any], **group: Any) -> Regulation:
    return ADAPTER.validate_python(document(*criteria, **group))


def figures(**facts: Mapping[str, float | None]) -> dict[tuple[str, str], Figure]:
    return {
        (unit, code): Figure(None if value is None else Decimal(str(value)), Decimal(10))
        for unit, row in facts.items()
        for code, value in row.items()
    }


def scored(rules: Regulation, known: dict[tuple[str, str], Figure], **more: Any) -> GroupResult:
    return reckon(rules, rules.groups[0], Given(known, **more), runs=0)


def test_execution_is_fact_by_target_where_growth_is_good_and_the_other_way_round_where_not() -> None:
    rules = regulation(criterion("x", 60), criterion("y", 40, good="down"))
    found = scored(rules, figures(a={"x": 5, "y": 20}, b={"x": 12, "y": 0}, c={"x": 10, "y": 10}))
    assert found.unit("a").score == Decimal("50.00")
    assert found.unit("b").score == Decimal(
        "100.00"
    )  # capped at 1, and nothing of what should be little is best
    assert [one.rank for one in found.units] == [1, 1, 3]


def test_a_score_is_cut_and_never_rounded_up_into_a_band() -> None:
    found = scored(regulation(criterion("x")), figures(a={"x": 8.9999}, b={"x": 9}, c={"x": 1}))
    assert found.unit("a").score == Decimal("89.99")
    bands = [found.unit(one).band for one in "abc"]
    assert [band.least if band else None for band in bands] == [60, 90, None]


def test_a_corridor_gives_nothing_below_its_zero_and_all_above_its_top() -> None:
    rules = regulation(criterion("x", method="corridor", t_zero="0.5", t_max=1))
    found = scored(rules, figures(a={"x": 4}, b={"x": 7.5}, c={"x": 11}))
    assert [found.unit(one).score for one in "abc"] == [Decimal("0.00"), Decimal("50.00"), Decimal("100.00")]


def test_a_missing_figure_leaves_its_weight_to_its_sisters_or_counts_as_nothing_by_the_regulation() -> None:
    known = figures(a={"x": 10, "y": None}, b={"x": 10, "y": 10}, c={"x": 5, "y": 5})
    parts = criterion("x", 60), criterion("y", 40)
    assert scored(regulation(*parts), known).unit("a").score == Decimal("100.00")
    assert scored(regulation(*parts, missing="zero"), known).unit("a").score == Decimal("60.00")
    strict = scored(regulation(*parts, most_missing="0.4"), known).unit("a")
    assert (strict.score, strict.rank, strict.reason) == (None, None, "too_little")


def test_a_unit_without_data_a_zero_plan_and_a_negative_fact_are_named_and_never_zero() -> None:
    known = figures(a={"x": None}, b={"x": 10}, c={"x": -3})
    found = scored(regulation(criterion("x")), known)
    assert [found.unit(one).score for one in "abc"] == [None, Decimal("100.00"), None]
    assert found.unit("a").reason == "no_data"
    assert found.unit("c").blocks[0].criteria[0].problem == "negative"
    zero = scored(
        regulation(criterion("x")),
        {("a", "x"): Figure(Decimal(5), Decimal(0)), ("b", "x"): Figure(Decimal(5))},
    )
    assert zero.unit("a").blocks[0].criteria[0].problem == "zero_target"
    assert zero.unit("b").blocks[0].criteria[0].problem == "no_target"


def test_the_judged_share_waits_and_penalties_are_taken_up_to_their_limit() -> None:
    rules = regulation(
        criterion("x"),
        judged={"name": NAME, "weight": 20},
        penalties=[{"code": "late", "name": NAME, "points": 2, "most": 3}],
    )
    known = figures(a={"x": 10}, b={"x": 5}, c={"x": 5})
    charges = {"a": [Charge("late", Decimal(2), Decimal(4))]}
    found = scored(rules, known, judged={"a": Decimal(50), "b": Decimal(100)}, penalties=charges)
    assert found.unit("a").score == Decimal("87.00")  # 0.8 × 100 + 0.2 × 50 − 3
    assert found.unit("b").score == Decimal("60.00")
    assert (found.unit("c").score, found.unit("c").reason) == (None, "not_judged")


def test_units_are_compared_with_each_other_and_what_is_the_same_for_all_tells_nothing() -> None:
    rules = regulation(criterion("x", 50, method="min-max"), criterion("y", 50, method="min-max"))
    found = scored(rules, figures(a={"x": 1, "y": 7}, b={"x": 3, "y": 7}, c={"x": 2, "y": 7}))
    assert [found.unit(one).score for one in "abc"] == [Decimal("0.00"), Decimal("100.00"), Decimal("50.00")]
    assert found.flat == ["y"]


def test_every_step_is_told_and_adds_up_to_the_score() -> None:
    rules = regulation(criterion("x", 60), criterion("y", 40))
    one = scored(rules, figures(a={"x": 5, "y": 10}, b={"x": 1, "y": 1}, c={"x": 2, "y": 2})).unit("a")
    parts = one.blocks[0].criteria
    assert [part.execution for part in parts] == [Decimal("0.5"), Decimal(1)]
    assert sum(part.brings or 0 for part in parts) == one.blocks[0].score == one.score == Decimal(70)


def test_rank_intervals_stand_beside_the_ranks_and_repeat_with_their_seed() -> None:
    rules = regulation(criterion("x", 50), criterion("y", 50))
    known = Given(figures(a={"x": 9, "y": 1}, b={"x": 1, "y": 9}, c={"x": 0.5, "y": 0.5}))
    first, again = (reckon(rules, rules.groups[0], known, runs=200) for _ in range(2))
    intervals = {one.unit: one.interval for one in first.units}
    assert intervals == {one.unit: one.interval for one in again.units}
    assert intervals["c"] is not None
    assert (intervals["c"].low, intervals["c"].high) == (3, 3)
    assert intervals["a"] is not None
    assert (intervals["a"].low, intervals["a"].high) == (1, 2)


@over(st.lists(st.decimals(0, 30, places=2), min_size=3, max_size=3))
def test_a_better_fact_never_lowers_a_score(facts: list[Decimal]) -> None:
    rules = regulation(criterion("x"))
    low, high = min(facts), max(facts)
    known = Given({("a", "x"): Figure(low, Decimal(10)), ("b", "x"): Figure(facts[1], Decimal(10))})
    better = changed(rules, rules.groups[0], known, "a", {"x": high})
    now = reckon(rules, rules.groups[0], known, runs=0).unit("a")
    assert better.score is not None
    assert now.score is not None
    assert better.score >= now.score


def test_what_would_bring_a_unit_to_the_next_band_does_bring_it_there() -> None:
    rules = regulation(criterion("x", 60), criterion("y", 40, good="down"))
    group = rules.groups[0]
    known = Given(figures(a={"x": 5, "y": 20}, b={"x": 1, "y": 50}, c={"x": 2, "y": 50}))
    found = {one.criterion.code: one for one in needs(rules, group, known, "a", aim=Decimal(60))}
    assert found["x"].needed is not None
    assert abs(found["x"].needed - Decimal("6.6667")) < Decimal("0.001")
    reached = changed(rules, group, known, "a", {"x": found["x"].needed}).score
    assert reached is not None
    assert reached >= 60
    assert found["y"].needed is not None
    assert abs(found["y"].needed - Decimal("13.3333")) < Decimal("0.01")
    far = {one.criterion.code: one.needed for one in needs(rules, group, known, "a", aim=Decimal(90))}
    assert far == {"x": None, "y": None}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"weight": 90}, "weights_not_100"),
        ({"target": None}, "no_target"),
        ({"target": 0}, "zero_target"),
        ({"method": "corridor"}, "no_corridor"),
        ({"indicator": "nothing"}, "unknown_indicator"),
        ({"target": {"z": 5}}, "unknown_unit"),
    ],
)
def test_a_faulty_regulation_is_named_with_its_place(
    tmp_path: Path, change: dict[str, Any], code: str
) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(yaml.safe_dump(document(criterion("x", **change)), allow_unicode=True), encoding="utf-8")
    found = list(faults(read_file(path), path, units={"a", "b", "c"}, indicators={"x"}))
    assert [one.code for one in found] == [code]
    assert found[0].place is not None
    assert found[0].place.line


def test_a_number_that_is_none_is_refused_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(yaml.safe_dump(document(criterion("x"))).replace("target: 10", "target: .nan"), "utf-8")
    with pytest.raises(Refusal) as refused:
        read_file(path)
    assert refused.value.place is not None
    assert refused.value.place.line
