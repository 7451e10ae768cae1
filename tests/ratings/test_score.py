"""Composite scores: each step against a calculation of its own, schemes in two forms, bad input."""

import json
import random
import statistics
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shaar.kernel.errors import Refusal
from shaar.ratings.scoring import steps
from shaar.ratings.scoring.robustness import rank_intervals
from shaar.ratings.scoring.scheme import Imputing, Normalising, Scheme, Winsorising, read_scheme
from shaar.ratings.scoring.score import effective_weights, ranks_of, score
from shaar.ratings.scoring.table import read_table
from tests.config.test_cli import command

NAN = float("nan")
SCHEME: dict[str, Any] = {
    "unit": "city",
    "weights_total": 100,
    "index": {
        "code": "index",
        "children": [
            {
                "code": "economy",
                "weight": 60,
                "children": [
                    {"code": "income", "weight": 75, "denominator": "people"},
                    {"code": "jobless", "weight": 25, "direction": "down"},
                ],
            },
            {"code": "life", "weight": 40},
        ],
    },
}
DATA = "city;people;income;jobless;life\nA;10;1 000,5;5;70\nB;20;4000;7;80\nC;5;900;9;76\n"


def written(directory: Path, scheme: dict[str, Any] = SCHEME, data: str = DATA) -> tuple[Path, Path]:
    config, table = directory / "scheme.json", directory / "data.csv"
    config.write_text(json.dumps(scheme), encoding="utf-8")
    table.write_text(data, encoding="utf-8")
    return config, table


def run(directory: Path, scheme: dict[str, Any] = SCHEME, data: str = DATA) -> Any:
    config, table = written(directory, scheme, data)
    read = read_scheme(config)
    return score(read, read_table(table, read))


def test_a_nested_index_is_what_a_hand_reckons(tmp_path: Path) -> None:
    found = run(tmp_path)
    income = [(one - 100.05) / (200 - 100.05) * 100 for one in (100.05, 200, 180)]
    jobless, life = [100, 50, 0], [0, 100, 60]
    economy = [0.75 * first + 0.25 * second for first, second in zip(income, jobless, strict=True)]
    index = [0.6 * first + 0.4 * second for first, second in zip(economy, life, strict=True)]
    assert found.scores["economy"] == pytest.approx(economy)
    assert found.index == pytest.approx(index)
    assert found.ranks == [3, 1, 2]
    assert effective_weights(found.scheme)["income"] == pytest.approx(0.45)


def test_a_list_in_the_manner_of_coinr_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "iCode,iName,Type,Level,Parent,Direction,Weight,Denominator\n"
        "income,Income,Indicator,1,economy,1,0.75,people\n"
        "jobless,Jobless,Indicator,1,economy,-1,0.25,NA\n"
        "economy,Economy,Aggregate,2,index,1,0.6,NA\n"
        "life,Life,Indicator,2,index,1,0.4,NA\n"
        "index,Index,Aggregate,3,NA,1,1,NA\n"
        "people,People,Denominator,NA,NA,NA,NA,NA\n",
        encoding="utf-8",
    )
    table = tmp_path / "data.csv"
    table.write_text(DATA.replace("city;", "uCode;"), encoding="utf-8")
    scheme = read_scheme(path)
    assert score(scheme, read_table(table, scheme)).index == pytest.approx(run(tmp_path).index)


@pytest.mark.parametrize("mean", ["arithmetic", "geometric", "harmonic"])
def test_each_mean_is_the_mean_of_the_library(tmp_path: Path, mean: str) -> None:
    flat = {
        "unit": "city", "aggregate": mean, "normalise": {"method": "min-max", "scale": [1, 100]},
        "index": {"code": "index", "children": [{"code": "income"}, {"code": "jobless"}, {"code": "life"}]},
    }  # fmt: skip
    found = run(tmp_path, flat)
    library = {
        "arithmetic": statistics.fmean,
        "geometric": statistics.geometric_mean,
        "harmonic": statistics.harmonic_mean,
    }[mean]
    rows = zip(*(found.scores[code] for code in ("income", "jobless", "life")), strict=True)
    assert found.index == pytest.approx([library(list(row)) for row in rows])


def test_skewness_and_kurtosis_are_those_of_spreadsheets() -> None:
    values = [2, 3, 5, 8, 13, 40]
    n, mean, deviation = len(values), statistics.fmean(values), statistics.stdev(values)
    cubes = sum(((one - mean) / deviation) ** 3 for one in values)
    fourths = sum(((one - mean) / deviation) ** 4 for one in values)
    skew = n / ((n - 1) * (n - 2)) * cubes
    kurt = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * fourths - 3 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    held = np.array([*values, NAN], dtype=float)
    assert steps.skewness(held) == pytest.approx(skew)
    assert steps.kurtosis(held) == pytest.approx(kurt)


def test_an_outlier_goes_to_the_next_value_and_a_stubborn_one_to_the_logarithm() -> None:
    calm = [float(one) for one in range(20)]
    found = steps.treated(np.array([*calm, 1000.0]), Winsorising())
    assert (found.moved, found.is_log) == ((20,), False)
    assert found.values[20] == 19.0
    steep = np.array([10.0**one for one in range(12)])
    log_ = steps.treated(steep, Winsorising(points=0))
    shift = 0.01 * (steep.max() - steep.min())
    assert log_.is_log
    assert log_.values == pytest.approx([log(one - 1 + shift) for one in steep])
    assert not steps.treated(steep, Winsorising(points=0, otherwise="leave")).is_log


def test_the_worked_example_of_coinr_comes_out_to_its_last_digit() -> None:
    """The figures are those of COINr's vignette "Outlier Treatment", section "Numeric vectors"."""
    values = np.array([*range(1, 11), 30, 100], dtype=float)
    assert (steps.skewness(values), steps.kurtosis(values)) == pytest.approx((3.063241, 9.741391), abs=5e-7)
    found = steps.treated(values, Winsorising(points=2))
    assert (found.moved, found.is_log) == ((11,), False)
    after = (steps.skewness(found.values), steps.kurtosis(found.values))
    assert after == pytest.approx((1.712038, 1.815781), abs=5e-7)


def test_a_point_at_each_end_keeps_to_its_own_end() -> None:
    found = steps.treated(np.array([*map(float, range(20)), 10000.0, -1000.0]), Winsorising())
    assert found.moved == (20, 21)
    assert found.values[20:].tolist() == [19.0, 0.0]


def test_equal_points_are_moved_together() -> None:
    calm = [float(one % 10) for one in range(60)]
    found = steps.treated(np.array([*calm, 500.0, 500.0]), Winsorising(points=1))
    assert (found.moved, found.is_log) == ((60, 61), False)
    assert found.values[60:].tolist() == [9.0, 9.0]


@given(
    st.lists(st.integers(-50, 50), min_size=8, max_size=40),
    st.lists(st.integers(-(10**6), 10**6), max_size=6),
)
def test_treating_never_turns_an_order_round(calm: list[int], wild: list[int]) -> None:
    values = np.array([*calm, *wild], dtype=float)
    after = steps.treated(values, Winsorising()).values
    assert (np.diff(after[np.argsort(values, kind="stable")]) >= 0).all()


def test_a_level_may_bear_less_missing_than_the_others(tmp_path: Path) -> None:
    economy, life = SCHEME["index"]["children"]
    index = {"code": "index", "children": [economy | {"most_missing": 0.4}, life]}
    found = run(tmp_path, SCHEME | {"index": index}, DATA.replace("7;80", ";80"))
    assert np.isnan(found.scores["economy"][1])
    assert found.index[1] == pytest.approx(100)


def test_missing_values_are_never_zero(tmp_path: Path) -> None:
    found = run(tmp_path, data=DATA.replace("7;80", ";80"))
    assert np.isnan(found.scores["jobless"][1])
    assert found.scores["economy"][1] == pytest.approx(100)
    strict = run(tmp_path, SCHEME | {"most_missing": 0.4}, DATA.replace("7;80", ";80"))
    assert np.isnan(strict.scores["economy"][1])
    filled = run(tmp_path, SCHEME | {"impute": {"method": "mean"}}, DATA.replace("7;80", ";80"))
    assert filled.imputed == [{"unit": "B", "indicator": "jobless", "value": 7.0}]


def test_a_missing_value_is_filled_from_its_own_group() -> None:
    values = np.array([1.0, 3.0, NAN, 10.0, NAN, NAN])
    found = steps.imputed(values, Imputing(method="mean", by="g"), ["a", "a", "a", "b", "b", "c"])
    assert found[:5] == pytest.approx([1, 3, 2, 10, 10])
    assert np.isnan(found[5])


@pytest.mark.parametrize(
    ("how", "is_up", "expected"),
    [
        (Normalising(method="goalposts", low=20, high=85, scale=(0, 1)), True, [0.0, 0.5, 1.0]),
        (Normalising(method="ratio", target=52.5, scale=(0, 1)), True, [0.0, 1.0, 1.0]),
        (Normalising(method="target", target=90, scale=(0, 100)), True, [0.0, 75.0, 100.0]),
        (Normalising(method="percent-rank", scale=(0, 100)), False, [100.0, 50.0, 0.0]),
        (Normalising(method="z"), True, [-1.048484, 0.103695, 0.944789]),
    ],
)
def test_each_normalisation_does_what_it_says(how: Normalising, is_up: bool, expected: list[float]) -> None:
    values = {"goalposts": [10.0, 52.5, 90.0], "ratio": [0.0, 52.5, 80.0], "target": [10.0, 70.0, 90.0]}
    given = np.array(values.get(how.method, [10.0, 50.0, 79.2]))
    assert steps.normalised(given, how, is_up=is_up) == pytest.approx(expected, abs=1e-3)


def test_the_human_development_formula_can_be_written_as_a_scheme(tmp_path: Path) -> None:
    def goal(code: str, low: float, high: float, **more: Any) -> dict[str, Any]:
        return {
            "code": code,
            "normalise": {"method": "goalposts", "low": low, "high": high, "scale": [0, 1]},
        } | more

    scheme = {
        "unit": "country", "aggregate": "geometric",
        "index": {"code": "hdi", "children": [
            goal("life", 20, 85),
            {"code": "education", "aggregate": "arithmetic",
             "children": [goal("eys", 0, 18), goal("mys", 0, 15)]},
            goal("gni", log(100), log(75000), log=True),
        ]},
    }  # fmt: skip
    found = run(tmp_path, scheme, "country,life,eys,mys,gni\nX,72.5,12,9,12000\nY,60,20,6,900\n")
    education = [(12 / 18 + 9 / 15) / 2, (1 + 6 / 15) / 2]
    income = [log(one / 100) / log(750) for one in (12000, 900)]
    life = [(72.5 - 20) / 65, (60 - 20) / 65]
    expected = [exp(sum(map(log, three)) / 3) for three in zip(life, education, income, strict=True)]
    assert found.index == pytest.approx(expected)


@given(st.lists(st.floats(min_value=-1e6, max_value=1e6), min_size=2, max_size=30))
def test_ranks_start_at_one_and_share_ties(values: list[float]) -> None:
    ranks = ranks_of(np.array(values))
    assert min(rank for rank in ranks if rank) == 1
    for first, one in zip(values, ranks, strict=True):
        assert one == 1 + sum(round(other, 9) > round(first, 9) for other in values)


def test_rank_intervals_hold_the_clear_winner_and_are_the_same_for_a_seed(tmp_path: Path) -> None:
    chance = random.Random(3)
    rows = [f"u{n};{10 + n};{100 * n + chance.random()};{50 - n};{60 + n}" for n in range(1, 21)]
    config, path = written(tmp_path, SCHEME, "city;people;income;jobless;life\n" + "\n".join(rows))
    scheme = read_scheme(config)
    table = read_table(path, scheme)
    found = rank_intervals(scheme, table, runs=80, seed=5)
    assert found == rank_intervals(scheme, table, runs=80, seed=5)
    best = found[19]
    assert best is not None
    assert (best.low, best.high) == (1, 1)
    assert all(one and one.low <= one.median <= one.high for one in found)


BAD = [
    ({"weights_total": 1}, DATA, "bad_scheme", "make 100, not 1"),
    ({"unit": "town"}, DATA, "unknown_column", "town"),
    ({}, DATA.replace("9;76", "NaN;76"), "not_a_number", "data.csv:4"),
    ({}, DATA.replace("9;76", "many;76"), "not_a_number", "data.csv:4"),
    ({}, DATA.replace("9;76", "inf;76"), "not_a_number", "data.csv:4"),
    ({}, DATA.replace("\nC;5", "\nA;5"), "duplicate_unit", "line 2"),
    ({}, DATA.replace("\nC;5", "\nC;0"), "zero_denominator", "income"),
    ({}, DATA.replace("70\n", "76\n").replace("80\n", "76\n"), "constant", "life"),
    ({}, DATA.replace("5;900;9;76", "5;;;"), "unit_without_data", "C"),
    ({"impute": {"method": "mean"}}, DATA.replace("5;900;9;76", "5;;;"), "unit_without_data", "C"),
    ({}, DATA.replace("9;76", "9;76;1"), "too_many_cells", "data.csv:4"),
    ({}, DATA.replace("jobless;life", "life;life"), "duplicate_column", "life"),
    ({}, DATA.replace("9;76", "1_000;76"), "not_a_number", "data.csv:4"),
    ({}, "PK is no workbook", "unreadable", "data.csv"),
    ({"winsorise": {"percentiles": [-5, 150]}}, DATA, "bad_scheme", "percentiles"),
    ({"most_missing": float("inf")}, DATA, "bad_scheme", "most_missing"),
    ({}, "", "empty", "data.csv"),
    ({"index": {"code": "index"}}, DATA, "bad_scheme", "no indicators"),
    ({"indexx": 1}, DATA, "bad_scheme", "indexx"),
]


@pytest.mark.parametrize(("change", "data", "code", "told"), BAD)
def test_bad_input_is_one_line_that_names_its_place(
    tmp_path: Path, change: dict[str, Any], data: str, code: str, told: str
) -> None:
    with pytest.raises(Refusal) as refused:
        run(tmp_path, SCHEME | change, data)
    assert refused.value.code == code
    assert told in str(refused.value)


def test_the_command_prints_json_or_refuses_with_exit_code_two(tmp_path: Path) -> None:
    config, table = written(tmp_path)
    done = command("score", "--config", str(config), "--data", str(table), "--json", "--runs", "40")
    document = json.loads(done.stdout)
    assert [one["rank"] for one in document["units"]] == [3, 1, 2]
    assert document["units"][1]["rank_interval"] == [1, 1]
    table.write_text(DATA + "A;1;1;1;1\n", encoding="utf-8")
    refused = command("score", "--config", str(config), "--data", str(table), "--json")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert len(refused.stderr.splitlines()) == 1


def test_a_list_with_a_weight_that_is_no_number_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("iCode,Parent,Weight\na,index,many\nindex,,1\n", encoding="utf-8")
    with pytest.raises(Refusal, match=r"list\.csv:2 Weight"):
        read_scheme(path)


def test_a_unit_of_no_group_is_not_filled_in() -> None:
    values = np.array([1.0, NAN, 3.0])
    assert np.isnan(steps.imputed(values, Imputing(method="mean", by="g"), ["", "", "a"])[1])


def test_a_scheme_of_the_documentation_is_read() -> None:
    page = (Path(__file__).parents[2] / "docs" / "modules" / "ratings.md").read_text(encoding="utf-8")
    text = page.split("```yaml\n", 1)[1].split("```", 1)[0]
    assert Scheme.model_validate(yaml.safe_load(text)).index.children


def test_every_step_of_a_unit_is_told(tmp_path: Path) -> None:
    config, table = written(tmp_path)
    found = command("score", "--config", str(config), "--data", str(table), "--json", "--explain", "A")
    told = json.loads(found.stdout)["explained"]
    economy, life = told["children"]
    income = economy["children"][0]
    assert income["raw"] == 1000.5
    assert income["denominated"] == pytest.approx(100.05)
    reckoned = sum(one["score"] * one["share"] for one in (economy, life))
    assert told["score"] == pytest.approx(reckoned)
    lines = command("score", "--config", str(config), "--data", str(table), "--explain", "A").stdout
    assert "  economy:" in lines
    assert command("score", "--config", str(config), "--data", str(table), "--explain", "Z").returncode == 2
