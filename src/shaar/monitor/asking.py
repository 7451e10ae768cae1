"""What the address of a tile's page asks for: a length of period, one period, another beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind
from shaar.monitor.declared import Tile, windows

STEPS = {
    PeriodKind.DAY: 60,
    PeriodKind.MONTH: 24,
    PeriodKind.QUARTER: 12,
    PeriodKind.HALF: 8,
    PeriodKind.YEAR: 6,
}
LONGEST = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A period out of the last ones of a length, and what was not understood, by the name of its field."""

    kind: PeriodKind
    periods: list[Period]
    step: int
    other: Period | None
    other_written: str
    errors: dict[str, str]
    today: date

    @property
    def is_open(self) -> bool:
        """Tell whether the period is not over yet."""
        return self.period.end >= self.today

    @property
    def period(self) -> Period:
        """Return the period that is asked for."""
        return self.periods[self.step]


def asked(query: Mapping[str, str], tile: Tile, newest: Period, *, today: date) -> Asked:
    """Read the address's words: what is not understood is named, and the newest period is shown instead."""
    errors: dict[str, str] = {}
    kind = _kind(query.get("kind", ""), tile, newest.kind, errors)
    periods = last_periods(newest if kind is newest.kind else Period.of(min(newest.end, today), kind))
    step = _step(query.get("step", ""), len(periods), errors)
    written = query.get("other", "").strip()
    other = _other(written, kind, errors) if written else None
    return Asked(kind, periods, step, other, written, errors, today)


def last_periods(newest: Period) -> list[Period]:
    """Return a period and those before it, oldest first."""
    found = [newest]
    for _step in range(STEPS.get(newest.kind, 6) - 1):
        found.append(found[-1].previous())
    return found[::-1]


def _kind(written: str, tile: Tile, usual: PeriodKind, errors: dict[str, str]) -> PeriodKind:
    if not written:
        return usual
    if written in {one.value for one in (*windows(tile), usual)}:
        return PeriodKind(written)
    errors["kind"] = _("This tile has no periods of this length; the newest period is shown.")
    return usual


def _step(written: str, count: int, errors: dict[str, str]) -> int:
    if not written:
        return count - 1
    if written.isdecimal() and len(written) <= LONGEST and int(written) < count:
        return int(written)
    errors["step"] = _("There is no such period among those that can be chosen; the newest one is shown.")
    return count - 1


def _other(written: str, kind: PeriodKind, errors: dict[str, str]) -> Period | None:
    """Return the period that somebody wrote as a code (2025-07) or as a day of it (12.07.2025)."""
    try:
        return Period.of(_day(written), kind)
    except (Refusal, ValueError):
        errors["other"] = _("Write a period as 2025, 2025-07 or 2025-07-14, or a day of it as 14.07.2025.")
        return None


def _day(written: str) -> date:
    parts = written.split(".")
    if len(parts) == len("dmy") and all(one.isdecimal() for one in parts):
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    return Period.parse(written).end
