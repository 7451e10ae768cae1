"""Measures the scoring of many units with rank intervals, beside plain Python on the same numbers.

`./shaar bench ratings --json`, or `./shaar bench ratings units=500 indicators=100 runs=1000 --json`.
"""

import argparse
import os
import time
from typing import Any

import numpy as np

from shaar.ratings.scoring.robustness import rank_intervals
from shaar.ratings.scoring.scheme import Scheme
from shaar.ratings.scoring.score import score
from shaar.ratings.scoring.table import Table

PILLAR = 10


def measure(arguments: list[str]) -> dict[str, Any]:
    """Score made-up units at half the size and at the whole; each size beside plain Python."""
    parser = argparse.ArgumentParser(prog="bench ratings")
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--indicators", type=int, default=100)
    parser.add_argument("--runs", type=int, default=1000)
    options = parser.parse_args([one if one.startswith("-") else f"--{one}" for one in arguments])
    growth = {
        str(units): _at(units, options.indicators, options.runs)
        for units in (options.units // 2, options.units)
    }
    return {
        "indicators": options.indicators,
        "runs": options.runs,
        "growth": growth,
        "target_seconds": 5,
        "cpus": os.cpu_count(),
        "load_average": [round(one, 2) for one in os.getloadavg()],
    }


def _at(units: int, indicators: int, runs: int) -> dict[str, float]:
    codes = [f"i{number}" for number in range(indicators)]
    pillars = [codes[start : start + PILLAR] for start in range(0, indicators, PILLAR)]
    children = [
        {"code": f"p{number}", "children": [{"code": code} for code in pillar]}
        for number, pillar in enumerate(pillars)
    ]
    scheme = Scheme.model_validate({"unit": "unit", "index": {"code": "index", "children": children}})
    chance = np.random.default_rng(1)
    numbers = {code: chance.lognormal(size=units) for code in codes}
    table = Table(tuple(f"u{number}" for number in range(units)), numbers, {})
    begun = time.perf_counter()
    score(scheme, table)
    once = time.perf_counter()
    rank_intervals(scheme, table, runs=runs, seed=1)
    ended = time.perf_counter()
    plain = _plain({code: values.tolist() for code, values in numbers.items()}, pillars)
    return {
        "score_seconds": round(once - begun, 4),
        "intervals_seconds": round(ended - once, 3),
        "plain_python_seconds_for_one_run": round(plain, 4),
        "one_run_of_plain_python": round((ended - once) / runs / plain, 4),
    }


def _plain(numbers: dict[str, list[float]], pillars: list[list[str]]) -> float:
    """Return the seconds that one arithmetic scoring takes in plain loops."""
    begun = time.perf_counter()
    scaled = {}
    for code, values in numbers.items():
        low, high = min(values), max(values)
        scaled[code] = [(one - low) / (high - low) * 100 for one in values]
    units = len(next(iter(scaled.values())))
    sums = [
        sum(sum(scaled[code][at] for code in pillar) / len(pillar) for pillar in pillars) / len(pillars)
        for at in range(units)
    ]
    order = sorted(range(units), key=lambda at: -sums[at])
    assert len(order) == units
    return time.perf_counter() - begun
