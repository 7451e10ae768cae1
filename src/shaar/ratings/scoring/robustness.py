"""How far a rank depends on choices: many scorings with other weights and methods, and their ranks."""

from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from shaar.kernel.errors import Refusal
from shaar.ratings.scoring.scheme import Mean, Node, Normalising, Scheme
from shaar.ratings.scoring.score import Scored, indicator
from shaar.ratings.scoring.table import Table

Values: TypeAlias = Any  # np.ndarray of floats, or several by code
SPREAD = 0.25
TOLERANCE = 1e-12
METHODS: tuple[Normalising, ...] = (
    Normalising(method="min-max", scale=(1.0, 100.0)),
    Normalising(method="percent-rank", scale=(1.0, 100.0)),
)
AGGREGATES: tuple[Mean, ...] = ("arithmetic", "geometric")


@dataclass(frozen=True)
class RankInterval:
    """The ranks of a unit over all runs: the 5th and 95th percentile and the median."""

    low: int
    median: float
    high: int


def rank_intervals(
    scheme: Scheme, table: Table, *, runs: int = 1000, seed: int = 1, spread: float = SPREAD
) -> list[RankInterval | None]:
    """Score `runs` times with other weights, both normalisations and both means in turn.

    Values are treated as the scheme says; for each run all weights are drawn anew, evenly between 1 - spread
    and 1 + spread times their own. A unit without a score has no interval.
    """
    chance = np.random.default_rng(seed)
    nodes = [node for node in scheme.index.nodes() if node is not scheme.index]
    drawn = chance.uniform(1 - spread, 1 + spread, size=(runs, len(nodes)))
    choices = list(product(METHODS, AGGREGATES))
    ranks = np.empty((runs, len(table.units)))
    for turn, (how, mean) in enumerate(choices):
        own = slice(turn, None, len(choices))
        weights = {node.code: node.weight * drawn[own, at] for at, node in enumerate(nodes)}
        scores = _scores(scheme.index, scheme, _normalised(scheme, table, how), weights, mean)
        ranks[own] = [_ranks(row) for row in scores]
    return [_interval(ranks[:, number]) for number in range(len(table.units))]


def _scores(node: Node, scheme: Scheme, leaves: Values, weights: Values, mean: Mean) -> Values:
    """Return the scores of a node as runs × units, all runs at once; means as in `score.aggregate`."""
    if not node.children:
        return leaves[node.code][None, :]
    whole: Values = 0.0
    total: Values = 0.0
    known: Values = 0.0
    for child in node.children:
        values = _scores(child, scheme, leaves, weights, mean)
        is_known = ~np.isnan(values)
        filled = np.where(is_known, values, 1.0)
        weight = weights[child.code][:, None] * is_known
        whole = whole + weight
        total = total + weight * (np.log(filled) if mean == "geometric" else filled)
        known = known + is_known
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.exp(total / whole) if mean == "geometric" else total / whole
    too_few = 1 - known / len(node.children) > scheme.bearable(node) + TOLERANCE
    return np.where((whole > 0) & ~too_few, value, np.nan)


def _normalised(scheme: Scheme, table: Table, how: Normalising) -> dict[str, np.ndarray]:
    """Return the indicators on one scale by another method than the scheme's.

    An indicator that is the same everywhere tells no ranks apart: all get the middle of the scale.
    """
    tried = scheme.model_copy(update={"normalise": how, "index": _plain(scheme.index)})
    result = Scored(tried, table.units)
    return {leaf.code: _one(leaf, tried, table, result) for leaf in tried.index.leaves()}


def _one(leaf: Node, scheme: Scheme, table: Table, result: Scored) -> Values:
    if np.isnan(table.numbers[leaf.code]).all():
        return table.numbers[leaf.code]
    try:
        return indicator(leaf, scheme, table, result)
    except Refusal as refusal:
        if refusal.code != "constant":
            raise
    bottom, top = scheme.normalise.scale
    return np.where(np.isnan(table.numbers[leaf.code]), np.nan, (bottom + top) / 2)


def _plain(node: Node) -> Node:
    children = tuple(_plain(child) for child in node.children)
    return node.model_copy(update={"normalise": None, "aggregate": None, "children": children})


def _ranks(values: np.ndarray) -> np.ndarray:
    order = np.sort(values[~np.isnan(values)])
    if not order.size:
        raise Refusal("unit_without_data", "no unit has a score")
    above = order.size - np.searchsorted(order, values, side="right")
    return np.where(np.isnan(values), np.nan, above + 1)


def _interval(ranks: np.ndarray) -> RankInterval | None:
    if np.isnan(ranks).any():
        return None
    low, median, high = np.percentile(ranks, (5, 50, 95))
    return RankInterval(int(np.floor(low)), float(median), int(np.ceil(high)))
