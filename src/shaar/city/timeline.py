"""What a unit or territory was over time, and how a changed pack changes it; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from shaar.city.rules import Range
from shaar.kernel.texts import Text

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class State:
    """Everything about a unit or territory that may change from one day to another."""

    kind: str
    name: Text
    short: Text
    parent: str | None = None
    geometry: bytes | None = None
    is_approximate: bool = True


@dataclass(frozen=True, slots=True)
class Dated:
    """A state and the days on which it holds."""

    valid: Range
    state: State


def target(existing: Sequence[Dated], wanted: Sequence[Dated], *, is_dated: bool, on: date) -> list[Dated]:
    """Return the timeline that should stand after a pack was loaded on a day, in order.

    A pack that lists versions has the word on the whole history. One that only says what is so now changes
    nothing before the day; and what it no longer names ends with the day before.
    """
    if is_dated or (wanted and not existing):
        return list(wanted)
    if not wanted:
        return _before(existing, on)
    (now,) = wanted
    if existing[-1].state == now.state and not _was_away(existing[-1].valid, now.valid, on):
        first = now.valid.first if len(existing) == 1 else existing[-1].valid.first
        return [*existing[:-1], Dated(Range(first, now.valid.last), now.state)]
    change = max(on, now.valid.first or date.min)
    if now.valid.last is not None and now.valid.last < change:
        return _before(existing, now.valid.last + A_DAY)
    return [*_before(existing, change), Dated(Range(change, now.valid.last), now.state)]


def _was_away(held: Range, wanted: Range, on: date) -> bool:
    """Tell whether what is wanted from now on had ended earlier, so that the gap must stay."""
    had_ended = held.last is not None and held.last < on - A_DAY
    return had_ended and (wanted.last is None or wanted.last >= on)


def overlapping(timeline: Sequence[Dated]) -> bool:
    """Tell whether two states of a timeline share a day."""
    ordered = sorted(timeline, key=lambda dated: dated.valid.first or date.min)
    pairs = pairwise(ordered)
    return any(
        before.valid.last is None or after.valid.first is None or after.valid.first <= before.valid.last
        for before, after in pairs
    )


def _before(existing: Sequence[Dated], day: date) -> list[Dated]:
    """Return what of a timeline lies before a day."""
    return [
        dated
        if dated.valid.last is not None and dated.valid.last < day
        else replace(dated, valid=Range(dated.valid.first, day - A_DAY))
        for dated in existing
        if dated.valid.first is None or dated.valid.first < day
    ]
