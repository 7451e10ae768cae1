"""Pure decisions of the monitor: shares of targets, levels, standings, the score, when to raise alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from statistics import median

from shaar.kernel.periods import Period

HUNDRED = Decimal(100)
SPREAD = Decimal("1.4826")  # makes a median deviation comparable with a standard deviation
FEWEST_OF_BAND = 4


class Standing(StrEnum):
    """How far a tile can be judged; all but `known` are shown as plainly as a bad level."""

    KNOWN = "known"
    MEASURING = "measuring"
    STALE = "stale"
    NO_DATA = "no_data"


class Level(StrEnum):
    """How a value stands against its target by the declared thresholds."""

    GOOD = "good"
    WATCH = "watch"
    BAD = "bad"
    NONE = "none"


def expected(target: Decimal, period: Period, *, today: date, pro_rata: bool) -> Decimal:
    """Return the part of a period's target that is due on a day: all of it once the period has ended."""
    if not pro_rata or period.start is None or today >= period.end:
        return target
    days = (period.end - period.start).days + 1
    passed = max((today - period.start).days + 1, 1)
    return target * passed / days


def share(value: Decimal, target: Decimal, *, is_growth_good: bool) -> Decimal | None:
    """Return value over target, or target over value where less is better; None where that has no meaning."""
    if is_growth_good:
        return value / target if target > 0 else None
    if target < 0 or value < 0:
        return None
    if value == 0:
        return Decimal(1) if target == 0 else Decimal(10)
    return min(target / value, Decimal(10))


def level(of_target: Decimal | None, *, good: Decimal, watch: Decimal) -> Level:
    """Return the level of a share of the target."""
    if of_target is None:
        return Level.NONE
    if of_target >= good:
        return Level.GOOD
    return Level.WATCH if of_target >= watch else Level.BAD


def standing(
    *,
    has_value: bool,
    is_partial: bool,
    has_target: bool,
    end: date,
    last_at: datetime | None,
    today: date,
    fresh: int,
) -> Standing:
    """Return how far a tile can be judged on a day; `end` is the last day of the period shown."""
    if not has_value:
        return Standing.NO_DATA
    newest = max(end, last_at.date()) if last_at else end
    if (today - newest).days > fresh:
        return Standing.STALE
    return Standing.MEASURING if is_partial or not has_target else Standing.KNOWN


@dataclass(frozen=True, slots=True)
class Part:
    """One tile in the score: its weight and the share of its target, None where it cannot be judged."""

    tile: str
    weight: Decimal
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Result:
    """A score with how it came about; None where too few tiles could be judged."""

    score: Decimal | None
    above: Decimal
    below: Decimal
    counted: int
    whole: int
    covered: Decimal


def score(parts: Sequence[Part], *, cap: Decimal, least_share: Decimal) -> Result:
    """Return the weighted mean of the shares, each cut off at `cap`, in hundredths and never rounded up.

    What cannot be judged is left out of both sums and never counts as zero; where less than `least_share` of
    the weight can be judged there is no score at all.
    """
    counted = [(one.weight, min(one.share, cap)) for one in parts if one.share is not None]
    above = sum((weight * part for weight, part in counted), Decimal(0))
    below = sum((weight for weight, _part in counted), Decimal(0))
    whole = sum((one.weight for one in parts), Decimal(0))
    covered = below / whole if whole else Decimal(0)
    made = None
    if below and covered >= least_share:
        made = (above / below).quantize(Decimal("0.01"), rounding=ROUND_DOWN)
    return Result(made, above, below, len(counted), len(parts), covered)


@dataclass(frozen=True, slots=True)
class Band:
    """The expected span of a value: the median of earlier ones, widened by their usual deviation."""

    low: Decimal
    middle: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        """Tell whether a value lies in the band, its ends included."""
        return self.low <= value <= self.high


def band(earlier: Sequence[Decimal], *, deviations: Decimal) -> Band | None:
    """Return the expected span after some earlier values; None when there are too few of them."""
    if len(earlier) < FEWEST_OF_BAND:
        return None
    middle = Decimal(median(earlier))
    spread = Decimal(median([abs(one - middle) for one in earlier])) * SPREAD
    margin = max(spread, abs(middle) / 100) * deviations
    return Band(middle - margin, middle, middle + margin)


def may_raise(
    *, is_open: bool, cleared_at: datetime | None, raised_at: datetime | None, now: datetime, quiet: timedelta
) -> bool:
    """Tell whether an alert may be raised: never while one is open.

    After one was raised its cause must have passed in between, and the quiet time must be over.
    """
    if is_open:
        return False
    if raised_at is None:
        return True
    return cleared_at is not None and now - raised_at >= quiet
