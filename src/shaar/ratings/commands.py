"""The command `score`: a composite score of any table, outside the database."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("score", help="score a table of units by indicators")
    parser.add_argument("--config", type=Path, required=True, help="YAML, JSON, or COINr's list as CSV")
    parser.add_argument("--data", type=Path, required=True, help="CSV, XLSX or JSON")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument(
        "--runs", type=int, default=0, help="rank intervals from so many scorings, for example 1000"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the chance of these scorings")
    parser.add_argument("--explain", metavar="UNIT", help="tell every step of the score of one unit")
    parser.set_defaults(run=run, needs_database=False)


def run(arguments: argparse.Namespace) -> int:
    """Print the scores; 2 and one line for a table or configuration that cannot be scored."""
    from shaar.kernel.errors import Refusal
    from shaar.ratings.scoring.explain import explain
    from shaar.ratings.scoring.robustness import rank_intervals
    from shaar.ratings.scoring.scheme import read_scheme
    from shaar.ratings.scoring.score import score
    from shaar.ratings.scoring.table import read_table

    try:
        scheme = read_scheme(arguments.config)
        table = read_table(arguments.data, scheme)
        scored = score(scheme, table)
        runs = arguments.runs
        intervals = rank_intervals(scheme, table, runs=runs, seed=arguments.seed) if runs > 0 else []
        explained = explain(scored, arguments.explain) if arguments.explain else None
    except Refusal as refusal:
        told = str(refusal) if refusal.place else f"{arguments.data}: {refusal}"
        print(f"shaar: {told}".replace("\n", " "), file=sys.stderr)
        return 2
    document = _document(scored, intervals)
    if explained:
        document["explained"] = explained
    if arguments.json:
        print(json.dumps(document, ensure_ascii=False))
        return 0
    for one in sorted(document["units"], key=lambda row: (row["rank"] is None, row["rank"] or 0)):
        shown = "—" if one["score"] is None else f"{one['score']:.2f}"
        print(f"{one['rank'] or '—':>4} {shown:>8}  {one['unit']}")
    for line in _lines(explained, 0) if explained else ():
        print(line)
    return 0


STEPS = ("raw", "denominated", "logarithm", "imputed", "treated")


def _lines(node: dict[str, Any], depth: int) -> Iterator[str]:
    """Yield a node and what is under it as lines of text."""
    score = "—" if node["score"] is None else f"{node['score']:.4f}"
    share = f" × {node['share']:.4f}" if "share" in node else ""
    steps = [f"{name} {node[name]:g}" for name in STEPS if node.get(name) is not None]
    made = node["aggregate"] if "aggregate" in node else ", ".join([*steps, node["normalise"]["method"]])
    yield f"{'  ' * depth}{node['code']}: {score}{share}  ({made})"
    for child in node.get("children", ()):
        yield from _lines(child, depth + 1)


def _document(scored: Any, intervals: Any) -> dict[str, Any]:
    from math import isnan

    from shaar.ratings.scoring.score import effective_weights

    def number(value: float) -> float | None:
        return None if isnan(value) else float(value)

    units = []
    for at, (unit, rank) in enumerate(zip(scored.units, scored.ranks, strict=True)):
        held = {
            "unit": unit,
            "score": number(scored.index[at]),
            "rank": rank,
            "missing_share": float(scored.missing[at]),
            "levels": {code: number(values[at]) for code, values in scored.scores.items()},
        }
        if intervals and (found := intervals[at]):
            held["rank_interval"] = [found.low, found.high]
        units.append(held)
    return {
        "schema": "shaar.score/1",
        "index": scored.scheme.index.code,
        "weights": effective_weights(scored.scheme),
        "treatment": scored.treatment,
        "imputed": scored.imputed,
        "units": units,
    }
