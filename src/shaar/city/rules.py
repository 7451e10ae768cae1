"""Pure decisions on names and working time; nothing here knows of the database or the clock."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from shaar.kernel.errors import Refusal

ALPHABET = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
FIRST_SORT_LETTER = 0xE000
SORT_FROM = ALPHABET + ALPHABET.upper()
SORT_TO = "".join(chr(FIRST_SORT_LETTER + index) for index in range(len(ALPHABET))) * 2
LATIN = "abcdefghijklmnopqrstuvwxyz"
_SORT_TABLE = str.maketrans(SORT_FROM + LATIN.upper(), SORT_TO + LATIN)
_SEARCH_TABLE = str.maketrans({"ё": "е", "«": None, "»": None, '"': None, "“": None, "”": None, "„": None})
_LOOSE_TABLE = str.maketrans("ңөү", "ноу")
LONGEST_SEARCH = 3660
MINUTES_A_DAY = 24 * 60

Span: TypeAlias = tuple[int, int]


def sort_key(text: str) -> str:
    """Return the key by which names sort in Russian and Kyrgyz order; the twin of SQL's `city_sort_key`.

    ё stands after е, ң after н, ө after о, ү after у; case is ignored; other signs go before.
    """
    return text.translate(_SORT_TABLE)


def search_key(text: str) -> str:
    """Return what of a name counts when it is looked up: no case, quotes or extra spaces, and ё is е."""
    plain = text.casefold().translate(_SEARCH_TABLE)
    return re.sub(r"[\s\-–—]+", " ", plain).strip()


def loose_key(text: str) -> str:
    """Return the search key of a name typed without the letters ң, ө, ү."""
    return search_key(text).translate(_LOOSE_TABLE)


@dataclass(frozen=True, slots=True)
class Range:
    """A range of days, first and last included; None is without end."""

    first: date | None = None
    last: date | None = None

    def contains(self, day: date) -> bool:
        """Tell whether the day lies in the range."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


ALWAYS = Range()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Minutes from midnight, end excluded, worked on a day of the week (1 Monday … 7 Sunday)."""

    weekday: int
    span: Span
    valid: Range = ALWAYS


@dataclass(frozen=True, slots=True)
class Feast:
    """A day of the year on which nobody works."""

    month: int
    day: int
    valid: Range = ALWAYS


@dataclass(frozen=True, slots=True)
class Departure:
    """A single day that is worked like a weekday, or not at all."""

    like_weekday: int | None


@dataclass(frozen=True)
class WorkingCalendar:
    """Which minutes of which days are worked."""

    stretches: Sequence[Stretch]
    feasts: Sequence[Feast] = ()
    exceptions: Mapping[date, Departure] = field(default_factory=dict)

    def spans(self, day: date) -> list[Span]:
        """Return the worked stretches of a day in minutes from midnight, in order; none on a day off.

        A single exception outweighs a yearly holiday, which outweighs the week.
        """
        exception = self.exceptions.get(day)
        if exception is not None:
            return self._of_weekday(exception.like_weekday, day) if exception.like_weekday else []
        if any((f.month, f.day) == (day.month, day.day) and f.valid.contains(day) for f in self.feasts):
            return []
        return self._of_weekday(day.isoweekday(), day)

    def _of_weekday(self, weekday: int, day: date) -> list[Span]:
        return sorted(s.span for s in self.stretches if s.weekday == weekday and s.valid.contains(day))


def is_working_day(calendar: WorkingCalendar, day: date) -> bool:
    """Tell whether any part of the day is worked."""
    return bool(calendar.spans(day))


def add_working_days(calendar: WorkingCalendar, day: date, number: int) -> date:
    """Return the working day that is so many working days after the day (before it, when negative).

    The day itself does not count (Civil Code of the Kyrgyz Republic, article 200: a term runs from the next
    day). Zero gives the day itself if it is worked, else the next working day.
    """
    if number == 0:
        return day if is_working_day(calendar, day) else add_working_days(calendar, day, 1)
    step = timedelta(days=1 if number > 0 else -1)
    left, searched = abs(number), 0
    while left:
        day += step
        searched += 1
        if is_working_day(calendar, day):
            left, searched = left - 1, 0
        elif searched > LONGEST_SEARCH:
            raise _no_working_days()
    return day


def working_hours(calendar: WorkingCalendar, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Return the worked stretches of a day as moments, end excluded."""
    return [(_moment(day, first, zone), _moment(day, last, zone)) for first, last in calendar.spans(day)]


def end_of_working_days(calendar: WorkingCalendar, start: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the close of the working day that is so many working days after the start's day."""
    day = add_working_days(calendar, start.astimezone(zone).date(), days)
    return working_hours(calendar, day, zone)[-1][1]


def end_of_working_time(
    calendar: WorkingCalendar, start: datetime, amount: timedelta, zone: ZoneInfo
) -> datetime:
    """Return the moment at which so much working time has passed since the start."""
    if amount < timedelta(0):
        raise ValueError("working time does not run backwards")
    day, searched = start.astimezone(zone).date(), 0
    while True:
        for opens, closes in working_hours(calendar, day, zone):
            begin = max(opens, start)
            if begin < closes:
                searched = 0
                if amount <= closes - begin:
                    return begin + amount
                amount -= closes - begin
        day += timedelta(days=1)
        searched += 1
        if searched > LONGEST_SEARCH:
            raise _no_working_days()


def working_time_between(
    calendar: WorkingCalendar, start: datetime, end: datetime, zone: ZoneInfo
) -> timedelta:
    """Return how much working time lies between two moments; nothing when the end is not after the start."""
    total = timedelta(0)
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        for opens, closes in working_hours(calendar, day, zone):
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        day += timedelta(days=1)
    return total


def descendants(root: str, children: Callable[[str], Sequence[str]]) -> frozenset[str]:
    """Return a code and all that are under it; a circle in the data does not loop."""
    found: set[str] = set()
    waiting = [root]
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(children(code))
    return frozenset(found)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    if minutes == MINUTES_A_DAY:
        return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone)
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=zone)


def _no_working_days() -> Refusal:
    return Refusal("no_working_days", _("The working calendar has no working day within ten years."))
