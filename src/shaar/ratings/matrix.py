"""Scores the units of a group by their figures: pure, and every step of it can be told.

Execution of a criterion is fact / target where growth is good and target / fact where decline is good.
Points, means, outliers and rank intervals are those of `scoring`, after the OECD/JRC Handbook (2008).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, Decimal
from typing import Any

import numpy as np

from shaar.ratings.regulation import RELATIVE, Band, Block, Criterion, Group, Regulation
from shaar.ratings.scoring.explain import explain
from shaar.ratings.scoring.robustness import RankInterval, rank_intervals
from shaar.ratings.scoring.scheme import Node, Normalising, Scheme
from shaar.ratings.scoring.score import ranks_of, score
from shaar.ratings.scoring.table import Table

HUNDREDTH, NOISE = Decimal("0.01"), 9
WHOLE, MEASURED, JUDGED = "whole", "measured", "judged"


@dataclass(frozen=True, slots=True)
class Figure:
    """What is known of a unit by a criterion: the fact, its target, or why there is none."""

    number: Decimal | None
    target: Decimal | None = None
    problem: str = ""
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """A penalty as it was charged: how many cases of what."""

    code: str
    cases: Decimal
    points: Decimal
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """All that the scores of a group are made of: figures by unit and criterion, judged points, penalties."""

    figures: Mapping[tuple[str, str], Figure]
    judged: Mapping[str, Decimal] = field(default_factory=dict)
    penalties: Mapping[str, Sequence[Charge]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """A criterion of a unit: its figure, the execution, points, the share of the block, what it brings."""

    criterion: Criterion
    figure: Figure
    execution: Decimal | None
    problem: str
    points: Decimal | None
    share: Decimal
    brings: Decimal | None


@dataclass(frozen=True, slots=True)
class BlockResult:
    """A block of a unit: its score, its share of the measured part, its criteria."""

    block: Block
    score: Decimal | None
    share: Decimal
    criteria: Sequence[CriterionResult]


@dataclass(frozen=True, slots=True)
class UnitResult:
    """The score of a unit with all that it is made of; None where it has none, and `reason` why."""

    unit: str
    score: Decimal | None
    rank: int | None
    band: Band | None
    measured: Decimal | None
    judged: Decimal | None
    penalty: Decimal
    charges: Sequence[Charge]
    blocks: Sequence[BlockResult]
    missing_share: Decimal
    interval: RankInterval | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The units of a group, the best first; `flat` are criteria that tell nobody apart and were left out."""

    group: Group
    units: Sequence[UnitResult]
    flat: Sequence[str]
    treatment: Mapping[str, Any]

    def unit(self, code: str) -> UnitResult:
        """Return the result of a unit; KeyError where it is not of the group."""
        return next(one for one in self.units if one.unit == code)


def execution(criterion: Criterion, figure: Figure) -> tuple[Decimal | None, str]:
    """Return how far a target is reached, or the fact where units are compared; and what hinders."""
    fact, target = figure.number, figure.target
    if fact is None:
        return None, figure.problem or "missing"
    if criterion.method in RELATIVE:
        return fact, ""
    if fact < 0 or target is None or target <= 0:
        return None, "negative" if fact < 0 else "no_target" if target is None else "zero_target"
    if criterion.good == "up":
        return fact / target, ""
    return (target / fact if fact else max(criterion.cap, criterion.t_max or Decimal(0))), ""


def reckon(
    regulation: Regulation, group: Group, given: Given, *, runs: int | None = None, seed: int = 1
) -> GroupResult:
    """Score every unit of a group; `runs` 0 leaves the rank intervals out (None: as the regulation says)."""
    done = {
        (unit, one.code): _done(group, one, given.figures.get((unit, one.code), Figure(None)))
        for unit in group.units
        for one in group.criteria
    }
    flat = [one.code for one in group.criteria if _is_flat(group, one, done)]
    kept = [one for one in group.criteria if one.code not in flat]
    units = [unit for unit in group.units if any(done[unit, one.code][0] is not None for one in kept)]
    if not units:
        blank = [_unscored(unit, group, given, done) for unit in group.units]
        return GroupResult(group, blank, flat, {})
    table = _table(group, kept, units, done, given)
    scheme = _scheme(group, kept, table)
    scored = score(scheme, table)
    cut = [_cut(value, _taken(group, given, unit)) for unit, value in zip(units, scored.index, strict=True)]
    ranks = ranks_of(np.array([np.nan if one is None else float(one) for one in cut]))
    runs = regulation.robustness.runs if runs is None else runs
    intervals: Sequence[RankInterval | None] = [None] * len(units)
    if runs and not np.isnan(scored.index).all():
        spread = regulation.robustness.spread
        intervals = rank_intervals(scheme, table, runs=runs, seed=seed, spread=spread)
    found = [
        replace(
            _unit(regulation, group, given, done, explain(scored, unit), unit, cut[at]),
            rank=rank,
            interval=held,
        )
        for at, (unit, rank, held) in enumerate(zip(units, ranks, intervals, strict=True))
    ]
    found += [_unscored(unit, group, given, done) for unit in group.units if unit not in units]
    found.sort(key=lambda one: (one.rank is None, one.rank or 0, one.unit))
    return GroupResult(group, found, flat, scored.treatment)


Done = Mapping[tuple[str, str], tuple[Decimal | None, str, Figure]]


def _done(group: Group, criterion: Criterion, figure: Figure) -> tuple[Decimal | None, str, Figure]:
    value, problem = execution(criterion, figure)
    if value is None and group.missing == "zero" and problem != "no_indicator":
        return Decimal(0), problem, figure
    return value, problem, figure


def _is_flat(group: Group, criterion: Criterion, done: Done) -> bool:
    """Tell whether a criterion that compares units has one value for all."""
    known = {done[unit, criterion.code][0] for unit in group.units} - {None}
    return criterion.method in RELATIVE and len(known) == 1


def _scheme(group: Group, kept: Sequence[Criterion], table: Table) -> Scheme:
    known = {one.code for one in kept}
    blocks = [
        Node(
            code=f"block:{block.code}",
            weight=float(block.weight),
            aggregate=block.aggregate,
            children=[_leaf(one, table) for one in block.criteria if one.code in known],
        )
        for block in group.blocks
        if any(one.code in known for one in block.criteria)
    ]
    most = float(group.most_missing)
    share = group.judged.weight if group.judged else Decimal(0)
    children = [Node(code=MEASURED, weight=float(100 - share), children=blocks)]
    if group.judged:
        plain = Normalising(method="none")
        children.append(Node(code=JUDGED, weight=float(share), normalise=plain, winsorise=False))
    index = Node(code=WHOLE, most_missing=0.0, children=children)
    return Scheme(unit="unit", impute=group.impute, winsorise=group.winsorise, most_missing=most, index=index)


def _leaf(criterion: Criterion, table: Table) -> Node:
    how = criterion.method
    if np.isnan(table.numbers[criterion.code]).all():  # of nobody anything is known
        nothing = Normalising(method="none")
        return Node(code=criterion.code, weight=float(criterion.weight), normalise=nothing, winsorise=False)
    direction = criterion.good if how in RELATIVE else "up"
    if how == "ratio":
        normalise = Normalising(method="ratio", target=1.0, cap=float(criterion.cap))
    elif how == "corridor":
        low, high = float(criterion.t_zero or 0), float(criterion.t_max or 1)
        normalise = Normalising(method="goalposts", low=low, high=high)
    else:
        normalise = Normalising(method=how)
    return Node(code=criterion.code, weight=float(criterion.weight), direction=direction, normalise=normalise)


def _table(group: Group, kept: Sequence[Criterion], units: Sequence[str], done: Done, given: Given) -> Table:
    numbers = {
        one.code: np.array([_float(done[unit, one.code][0]) for unit in units], dtype=float) for one in kept
    }
    if group.judged:
        numbers[JUDGED] = np.array([_float(given.judged.get(unit)) for unit in units], dtype=float)
    return Table(tuple(units), numbers, {})


def _float(value: Decimal | None) -> float:
    return float("nan") if value is None else float(value)


def _taken(group: Group, given: Given, unit: str) -> Decimal:
    """Return the points that penalties take off, each kind up to its limit."""
    most = {one.code: one.most for one in group.penalties}
    sums: dict[str, Decimal] = {}
    for charge in given.penalties.get(unit, ()):
        sums[charge.code] = sums.get(charge.code, Decimal(0)) + charge.points
    return sum((min(value, most.get(code, value)) for code, value in sums.items()), Decimal(0))


def _cut(value: float, taken: Decimal) -> Decimal | None:
    """Return a score less its penalties, cut to hundredths: never rounded up, never below zero."""
    if np.isnan(value):
        return None
    return max(exact(value) - taken, Decimal(0)).quantize(HUNDREDTH, ROUND_DOWN)


def exact(value: float) -> Decimal:
    """Return a reckoned number without the noise of binary fractions."""
    return Decimal(repr(round(float(value), NOISE)))


def _maybe(value: float | None) -> Decimal | None:
    return None if value is None else exact(value)


def _unit(
    regulation: Regulation,
    group: Group,
    given: Given,
    done: Done,
    told: Mapping[str, Any],
    unit: str,
    total: Decimal | None,
) -> UnitResult:
    measured = told["children"][0]
    blocks = {one["code"].removeprefix("block:"): one for one in measured["children"]}
    reason = ""
    if total is None:
        reason = "too_little" if measured["score"] is None else "not_judged"
    return UnitResult(
        unit=unit,
        score=total,
        rank=None,
        band=regulation.band(total) if total is not None else None,
        measured=_maybe(measured["score"]),
        judged=given.judged.get(unit),
        penalty=_taken(group, given, unit),
        charges=tuple(given.penalties.get(unit, ())),
        blocks=[_block(block, blocks.get(block.code), done, unit) for block in group.blocks],
        missing_share=_missing(group, done, unit),
        reason=reason,
    )


def _block(block: Block, told: Mapping[str, Any] | None, done: Done, unit: str) -> BlockResult:
    leaves = {one["code"]: one for one in told["children"]} if told else {}
    criteria = [_criterion(one, leaves.get(one.code), done[unit, one.code]) for one in block.criteria]
    if told is None:
        return BlockResult(block, None, Decimal(0), criteria)
    return BlockResult(block, _maybe(told["score"]), exact(told["share"]), criteria)


def _criterion(
    criterion: Criterion, told: Mapping[str, Any] | None, done: tuple[Decimal | None, str, Figure]
) -> CriterionResult:
    value, problem, figure = done
    if told is None:
        flat = "flat" if value is not None else problem
        return CriterionResult(criterion, figure, value, flat, None, Decimal(0), None)
    points, share = _maybe(told["score"]), exact(told["share"])
    brings = None if points is None else points * share
    return CriterionResult(criterion, figure, value, problem, points, share, brings)


def _missing(group: Group, done: Done, unit: str) -> Decimal:
    criteria = list(group.criteria)
    gaps = sum(bool(done[unit, one.code][1]) for one in criteria)
    return Decimal(gaps) / len(criteria)


def _unscored(unit: str, group: Group, given: Given, done: Done) -> UnitResult:
    return UnitResult(
        unit=unit,
        score=None,
        rank=None,
        band=None,
        measured=None,
        judged=given.judged.get(unit),
        penalty=_taken(group, given, unit),
        charges=tuple(given.penalties.get(unit, ())),
        blocks=[_block(block, None, done, unit) for block in group.blocks],
        missing_share=Decimal(1),
        reason="no_data",
    )
