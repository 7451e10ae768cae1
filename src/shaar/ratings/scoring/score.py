"""Runs a scheme over a table: every level's scores, ranks, and what was done to the values on the way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from shaar.kernel.errors import Refusal
from shaar.ratings.scoring import steps
from shaar.ratings.scoring.scheme import Node, Scheme
from shaar.ratings.scoring.table import Table

Values: TypeAlias = Any  # np.ndarray of floats, one for each unit
NOISE = 9  # decimal places beyond which two scores do not differ


@dataclass
class Scored:
    """The result: scores of every node by code, normalised values of indicators, ranks of the index."""

    scheme: Scheme
    units: tuple[str, ...]
    scores: dict[str, Values] = field(default_factory=dict)
    treatment: dict[str, dict[str, Any]] = field(default_factory=dict)
    imputed: list[dict[str, Any]] = field(default_factory=list)
    missing: Values = field(default_factory=lambda: np.zeros(0))
    stages: dict[str, dict[str, Values]] = field(default_factory=dict)

    @property
    def index(self) -> Values:
        """The scores of the whole index; NaN where a unit has none."""
        return self.scores[self.scheme.index.code]

    @property
    def ranks(self) -> list[int | None]:
        """The rank of each unit, 1 the best; equal scores share a rank and the next is left out."""
        return ranks_of(self.index)


def score(scheme: Scheme, table: Table) -> Scored:
    """Score a table; Refusal names the indicator for which a step cannot be done."""
    result = Scored(scheme, table.units)
    leaves = list(scheme.index.leaves())
    result.missing = np.mean([np.isnan(table.numbers[leaf.code]) for leaf in leaves], axis=0)
    for leaf in leaves:
        try:
            result.scores[leaf.code] = indicator(leaf, scheme, table, result)
        except Refusal as refusal:
            raise Refusal(refusal.code, f"{leaf.code}: {refusal.message}") from refusal
    aggregate(scheme.index, scheme, result.scores)
    if (without := np.flatnonzero(result.missing == 1)).size:
        raise Refusal("unit_without_data", f"{table.units[int(without[0])]} has no value of any indicator")
    return result


def indicator(leaf: Node, scheme: Scheme, table: Table, result: Scored) -> Values:
    """Return the scores of an indicator, and keep in `result` what was done to its values on the way."""
    values = table.numbers[leaf.code]
    result.stages[leaf.code] = stages = {"raw": values}
    if leaf.denominator is not None:
        name = leaf.denominator
        values = steps.denominated(values, table.numbers[name] if isinstance(name, str) else name, leaf.per)
        stages["denominated"] = values
    if leaf.log:
        if (values[~np.isnan(values)] <= 0).any():
            raise Refusal("not_positive", "the logarithm needs values above zero")
        values = stages["logarithm"] = np.log(values)
    how = leaf.impute or scheme.impute
    filled = steps.imputed(values, how, table.texts[how.by] if how.by else None)
    for number in np.flatnonzero(np.isnan(values) & ~np.isnan(filled)):
        unit, value = table.units[int(number)], float(filled[number])
        result.imputed.append({"unit": unit, "indicator": leaf.code, "value": value})
        stages["imputed"] = filled
    treating = scheme.winsorise if leaf.winsorise is None else leaf.winsorise
    if treating:
        after = steps.treated(filled, treating)
        if after.moved or after.is_log:
            moved = [table.units[one] for one in after.moved]
            result.treatment[leaf.code] = {"winsorised": moved, "log": after.is_log}
            stages["treated"] = after.values
        filled = after.values
    return steps.normalised(filled, leaf.normalise or scheme.normalise, is_up=leaf.direction == "up")


def aggregate(node: Node, scheme: Scheme, scores: dict[str, Values]) -> Values:
    """Write the scores of a node and of all under it, and return its own.

    A missing child leaves its weight to its siblings, unless a larger share than `most_missing` is missing.
    """
    if not node.children:
        return scores[node.code]
    columns = np.column_stack([aggregate(child, scheme, scores) for child in node.children])
    is_known = ~np.isnan(columns)
    shares = is_known * np.array([child.weight for child in node.children])
    whole = shares.sum(axis=1)
    shares = np.divide(shares, whole[:, None], out=np.zeros_like(shares), where=whole[:, None] > 0)
    value = MEANS[node.aggregate or scheme.aggregate](columns, shares)
    too_few = 1 - is_known.mean(axis=1) > scheme.bearable(node) + 1e-12
    scores[node.code] = np.where((whole > 0) & ~too_few, value, np.nan)
    return scores[node.code]


def _arithmetic(columns: Values, shares: Values) -> Values:
    return (np.nan_to_num(columns) * shares).sum(axis=1)


def _geometric(columns: Values, shares: Values) -> Values:
    if (columns < 0).any():
        raise Refusal("not_positive", "the geometric mean needs scores that are not negative")
    with np.errstate(divide="ignore"):
        logs = np.where(shares > 0, np.log(np.where(np.isnan(columns), 1.0, columns)), 0.0)
    return np.exp((logs * shares).sum(axis=1))


def _harmonic(columns: Values, shares: Values) -> Values:
    if (columns <= 0).any():
        raise Refusal("not_positive", "the harmonic mean needs scores above zero")
    return 1 / (shares / np.where(np.isnan(columns), 1.0, columns)).sum(axis=1)


MEANS: dict[str, Callable[[Values, Values], Values]] = {
    "arithmetic": _arithmetic,
    "geometric": _geometric,
    "harmonic": _harmonic,
}


def ranks_of(values: Values) -> list[int | None]:
    """Return ranks with 1 for the greatest; equal values share the lower number, as in «1224»."""
    rounded: Values = np.round(values, NOISE)
    known = rounded[~np.isnan(rounded)]
    return [None if np.isnan(one) else int((known > one).sum()) + 1 for one in rounded]


def effective_weights(scheme: Scheme) -> dict[str, float]:
    """Return the weight of each node within the whole index."""
    found: dict[str, float] = {}

    def walk(node: Node, share: float) -> None:
        found[node.code] = share
        whole = sum(child.weight for child in node.children)
        for child in node.children:
            walk(child, share * child.weight / whole)

    walk(scheme.index, 1.0)
    return found
