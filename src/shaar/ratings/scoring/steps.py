"""The steps from raw values to scores of one scale: pure functions of arrays in which NaN is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, TypeAlias

import numpy as np

from shaar.kernel.errors import Refusal
from shaar.ratings.scoring.scheme import Imputing, Normalising, Winsorising

Values: TypeAlias = Any  # np.ndarray of floats, one for each unit
FEW = 4  # kurtosis of type 2 needs as many values


@dataclass(frozen=True)
class Treated:
    """Values after outliers were treated: which units were moved, whether the logarithm was taken."""

    values: Values
    moved: tuple[int, ...] = ()
    is_log: bool = False


def skewness(values: Values) -> float:
    """Return the sample skewness of type 2 (G1), ignoring missing values; 0 for a constant."""
    known = values[~np.isnan(values)]
    n, spread = len(known), known - known.mean() if len(known) else known
    m2 = float((spread**2).mean()) if n else 0.0
    if n < FEW - 1 or m2 == 0:
        return 0.0
    skew = float((spread**3).mean()) / m2**1.5
    return float(skew * sqrt(n * (n - 1)) / (n - 2))


def kurtosis(values: Values) -> float:
    """Return the sample excess kurtosis of type 2 (G2), ignoring missing values; 0 for a constant."""
    known = values[~np.isnan(values)]
    n, spread = len(known), known - known.mean() if len(known) else known
    m2 = float((spread**2).mean()) if n else 0.0
    if n < FEW or m2 == 0:
        return 0.0
    excess = float((spread**4).mean()) / m2**2 - 3
    return ((n + 1) * excess + 6) * (n - 1) / ((n - 2) * (n - 3))


def denominated(values: Values, denominator: Values | float, per: float) -> Values:
    """Divide by a denominator, per so many of it; Refusal `zero_denominator`."""
    divisor = np.broadcast_to(np.asarray(denominator, dtype=float), values.shape)
    if (divisor[~np.isnan(values)] == 0).any():
        raise Refusal("zero_denominator", "a denominator is zero")
    return values / divisor * per


def imputed(values: Values, how: Imputing, groups: Sequence[str] | None) -> Values:
    """Fill missing values in; a group of which nothing is known stays missing, as does a unit of no group."""
    gaps = np.isnan(values)
    if how.method == "none" or not gaps.any():
        return values
    if how.method == "value":
        return np.where(gaps, how.value if how.value is not None else np.nan, values)
    middle = np.nanmean if how.method == "mean" else np.nanmedian
    if groups is None:
        return np.where(gaps, middle(values), values)
    filled = values.copy()
    names = np.array(groups)
    for group in dict.fromkeys(groups):
        inside = names == group
        if group and not np.isnan(values[inside]).all():
            filled[inside & gaps] = middle(values[inside])
    return filled


def treated(values: Values, how: Winsorising) -> Treated:
    """Treat outliers: the farthest points go to the next value while both thresholds are reached.

    Equal points are moved together, also beyond `points`, and each end keeps to its own next value, as in
    COINr's `winsorise`.
    """
    if how.percentiles:
        low, high = np.nanpercentile(values, how.percentiles)
        clipped = np.clip(values, low, high)
        beyond = np.flatnonzero(~np.isnan(values) & (clipped != values))
        return Treated(clipped, tuple(int(one) for one in beyond))
    if not _is_skewed(values, how):
        return Treated(values)
    result: Values = values.copy()
    moved: dict[int, None] = {}
    while _is_skewed(result, how) and len(moved) < how.points:
        outermost = np.nanmax if skewness(result) >= 0 else np.nanmin
        farthest = np.flatnonzero(result == outermost(result))
        result[farthest] = outermost(np.delete(result, farthest))
        moved |= dict.fromkeys(int(one) for one in farthest)
    if not _is_skewed(result, how):
        return Treated(result, tuple(moved))
    if how.otherwise == "leave":
        return Treated(result, tuple(moved))
    return Treated(logarithm(values), (), is_log=True)


def logarithm(values: Values) -> Values:
    """Return log(x - min + 0.01 (max - min)), the transformation of the COIN tools."""
    low, high = np.nanmin(values), np.nanmax(values)
    shift = 0.01 * (high - low)
    return np.log(values - low + shift) if shift > 0 else values


def normalised(values: Values, how: Normalising, *, is_up: bool) -> Values:
    """Bring values to one scale, greater being better; Refusal `constant`, `no_target`, `zero_value`."""
    bottom, top = how.scale
    match how.method:
        case "none":
            return values if is_up else -values
        case "min-max" | "goalposts":
            low = how.low if how.low is not None else float(np.nanmin(values))
            high = how.high if how.high is not None else float(np.nanmax(values))
            share = _share(values, low, high, is_up=is_up)
            if how.low is not None or how.high is not None:
                share = np.clip(share, 0, 1)
            return bottom + share * (top - bottom)
        case "z":
            deviation = float(np.nanstd(values, ddof=1 if how.deviation == "sample" else 0))
            _refuse_constant(deviation)
            score = (values - np.nanmean(values)) / deviation
            return score if is_up else -score
        case "percent-rank":
            return bottom + _percent_rank(values if is_up else -values) * (top - bottom)
        case _:
            return _by_target(values, how, is_up=is_up)


def _by_target(values: Values, how: Normalising, *, is_up: bool) -> Values:
    """Score by a target: the ratio to it, or the distance travelled from the worst value to it."""
    bottom, top = how.scale
    if how.target is None:
        raise Refusal("no_target", "the method needs a target")
    if how.method == "target":
        worst = float(np.nanmin(values) if is_up else np.nanmax(values))
        share = np.clip(_share(values, min(worst, how.target), max(worst, how.target), is_up=is_up), 0, 1)
        return bottom + share * (top - bottom)
    divisor = np.full_like(values, how.target) if is_up else values
    if (divisor[~np.isnan(values)] == 0).any():
        raise Refusal("zero_value", "a value or target to divide by is zero")
    ratio = values / divisor if is_up else how.target / divisor
    ratio = np.minimum(ratio, how.cap if how.cap is not None else 1.0)
    return bottom + ratio * (top - bottom)


def _share(values: Values, low: float, high: float, *, is_up: bool) -> Values:
    _refuse_constant(high - low)
    return (values - low) / (high - low) if is_up else (high - values) / (high - low)


def _refuse_constant(spread: float) -> None:
    if not spread > 0:
        raise Refusal("constant", "every value is the same, so nothing tells the units apart")


def _percent_rank(values: Values) -> Values:
    known = values[~np.isnan(values)]
    if len(known) < 2:
        raise Refusal("constant", "fewer than two values cannot be ranked")
    below = np.array([(known < one).sum() + ((known == one).sum() - 1) / 2 for one in values], dtype=float)
    return np.where(np.isnan(values), np.nan, below / (len(known) - 1))


def _is_skewed(values: Values, how: Winsorising) -> bool:
    return abs(skewness(values)) >= how.skewness and kurtosis(values) >= how.kurtosis
