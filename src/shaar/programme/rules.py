"""Pure decisions of programmes: the status that figures speak for, and what disagrees with a stated one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Good = Literal["up", "down", "none"]

OPEN = frozenset({"not_started", "in_progress", "overdue"})
REASONED = frozenset({"overdue", "cancelled"})


@dataclass(frozen=True, slots=True)
class Judged:
    """A target and what was reached of it; `fact` is None where nobody reported."""

    target: Decimal
    fact: Decimal | None
    good: Good = "up"


def is_reached(judged: Judged) -> bool | None:
    """Tell whether a target is reached; None where that cannot be told."""
    if judged.fact is None or judged.good == "none":
        return None
    return judged.fact >= judged.target if judged.good == "up" else judged.fact <= judged.target


def derived_status(
    judged: Sequence[Judged], *, first_day: date, last_day: date, on: date, is_cancelled: bool = False
) -> str | None:
    """Return the status that the figures speak for; None where targets or figures do not tell.

    Executed when every target is reached; overdue when one is not and the term is over; not started before
    the first day or while every figure is zero; otherwise in progress.
    """
    if is_cancelled:
        return "cancelled"
    outcomes = [is_reached(one) for one in judged]
    if not outcomes or None in outcomes:
        return None
    if all(outcomes):
        return "executed"
    if on > last_day:
        return "overdue"
    if on < first_day or all(one.fact == 0 for one in judged):
        return "not_started"
    return "in_progress"


def disagrees(stated: str | None, derived: str | None) -> bool:
    """Tell whether a stated status claims something else than the figures; degrees of open do not count."""
    if stated is None or derived is None or stated == derived:
        return False
    return not (stated in OPEN and derived in OPEN)


def needs_reason(status: str, reason: str) -> bool:
    """Tell whether a status lacks the reason that it must be given with."""
    return status in REASONED and not reason.strip()
