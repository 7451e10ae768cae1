"""Calendar periods: days, months, quarters, halves, years and cumulative spans.

A period's code is ISO 8601 where the standard has one (`2022`, `2022-07`, `2022-07-14`, the interval
`2022-01-01/2022-09-30`, and ISO 8601-2's open start `../2022-12-31`), with `2022-Q3` and `2022-H1` beside it.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from babel.dates import format_date
from django.utils.translation import gettext_lazy as _

from shaar.kernel.errors import Refusal

ROMAN = ("I", "II", "III", "IV")
SUBDIVIDED = re.compile(r"(\d{4})-([HQ])(\d)")
ISO_PREFIX = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class PeriodKind(StrEnum):
    """A length of period; `rank` orders them from the shortest to the longest."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CUMULATIVE = "cumulative"

    @property
    def rank(self) -> int:
        """Return 0 for a day up to 5 for a cumulative span."""
        return list(PeriodKind).index(self)

    @property
    def months(self) -> int:
        """Return how many months a period of this kind has; KeyError for days and cumulative spans."""
        return {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}[self]


@dataclass(frozen=True, slots=True)
class Period:
    """A span of calendar days, both ends included; only a cumulative span may have no start."""

    kind: PeriodKind
    start: date | None
    end: date

    def __post_init__(self) -> None:
        if self.start is None and self.kind is not PeriodKind.CUMULATIVE:
            raise ValueError("only a cumulative period may have no start")
        if self.start is not None and self.start > self.end:
            raise ValueError("a period ends before it starts")

    @classmethod
    def of(cls, day: date, kind: PeriodKind) -> "Period":
        """Return the period of a kind in which a day lies; cumulative means from 1 January to that day."""
        if kind is PeriodKind.DAY:
            return cls(kind, day, day)
        if kind is PeriodKind.CUMULATIVE:
            return cls(kind, date(day.year, 1, 1), day)
        first_month = (day.month - 1) // kind.months * kind.months + 1
        last_month = first_month + kind.months - 1
        last_day = monthrange(day.year, last_month)[1]
        return cls(kind, date(day.year, first_month, 1), date(day.year, last_month, last_day))

    @classmethod
    def year(cls, year: int) -> "Period":
        """Return a calendar year."""
        return cls.of(date(year, 1, 1), PeriodKind.YEAR)

    @classmethod
    def cumulative(cls, until: date, *, since: date | None = None) -> "Period":
        """Return the span up to a day, from another day or from the beginning of all records."""
        return cls(PeriodKind.CUMULATIVE, since, until)

    @classmethod
    def parse(cls, code: str) -> "Period":
        """Read a period's code; raise Refusal `malformed_period` when it is none."""
        try:
            return _parse(code.strip())
        except (ValueError, KeyError) as error:
            message = _("“%(code)s” is not a period: write 2022, 2022-H1, 2022-Q3, 2022-07 or 2022-07-14.")
            raise Refusal("malformed_period", str(message) % {"code": code}) from error

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.YEAR:
                return f"{self.end:%Y}"
            case PeriodKind.HALF:
                return f"{self.end:%Y}-H{self.number}"
            case PeriodKind.QUARTER:
                return f"{self.end:%Y}-Q{self.number}"
            case PeriodKind.MONTH:
                return f"{self.end:%Y-%m}"
            case PeriodKind.DAY:
                return self.end.isoformat()
            case PeriodKind.CUMULATIVE:
                return f"{self.start.isoformat() if self.start else '..'}/{self.end.isoformat()}"

    @property
    def number(self) -> int:
        """Return which month, quarter or half of its year this is, counted from 1; 1 for a year."""
        return (self.end.month - 1) // self.kind.months + 1 if self.kind is not PeriodKind.YEAR else 1

    def contains(self, other: "date | Period") -> bool:
        """Tell whether a day or a whole other period lies within this one."""
        if isinstance(other, Period):
            if other.start is None:
                return self.start is None and other.end <= self.end
            return self.contains(other.start) and self.contains(other.end)
        return (self.start is None or self.start <= other) and other <= self.end

    def previous(self) -> "Period":
        """Return the period of the same kind just before; raise ValueError for an open start."""
        if self.start is None:
            raise ValueError("nothing comes before a period without a start")
        before = self.start - timedelta(days=1)
        if self.kind is PeriodKind.CUMULATIVE:
            return Period.cumulative(before, since=before - (self.end - self.start))
        return Period.of(before, self.kind)

    def next(self) -> "Period":
        """Return the period of the same kind just after; raise ValueError for a cumulative span."""
        if self.kind is PeriodKind.CUMULATIVE:
            raise ValueError("a cumulative period has no next one")
        return Period.of(self.end + timedelta(days=1), self.kind)

    def same_last_year(self) -> "Period":
        """Return the corresponding period one year earlier (29 February becomes the 28th)."""
        if self.kind is PeriodKind.CUMULATIVE:
            start = _a_year_before(self.start) if self.start else None
            return Period.cumulative(_a_year_before(self.end), since=start)
        return Period.of(_a_year_before(self.end), self.kind)

    def parts(self, kind: PeriodKind) -> list["Period"]:
        """Return the whole periods of a shorter kind inside this one, in order."""
        if self.start is None or kind.rank > self.kind.rank:
            raise ValueError(f"{self} has no parts of kind {kind}")
        if kind is self.kind:
            return [self]
        found, part = [], Period.of(self.start, kind)
        while part.end <= self.end:
            if self.contains(part):
                found.append(part)
            part = part.next()
        return found

    def name(self, language: str) -> str:
        """Return what people call the period: «2022 год», «III квартал 2022 года», «июль 2022 г.»."""
        language = language[:2]
        match self.kind:
            case PeriodKind.DAY:
                return format_date(self.end, "long", locale=language)
            case PeriodKind.MONTH:
                return str(format_date(self.end, "LLLL y", locale=language))
            case PeriodKind.CUMULATIVE:
                return _cumulative_name(self, language)
            case _:
                return NAMES[language][self.kind].format(year=self.end.year, roman=ROMAN[self.number - 1])


NAMES = {
    "ru": {
        PeriodKind.YEAR: "{year} год",
        PeriodKind.HALF: "{roman} полугодие {year} года",
        PeriodKind.QUARTER: "{roman} квартал {year} года",
    },
    "ky": {
        PeriodKind.YEAR: "{year}-жыл",
        PeriodKind.HALF: "{year}-жылдын {roman} жарым жылдыгы",
        PeriodKind.QUARTER: "{year}-жылдын {roman} чейреги",
    },
    "en": {
        PeriodKind.YEAR: "{year}",
        PeriodKind.HALF: "half {roman} of {year}",
        PeriodKind.QUARTER: "quarter {roman} of {year}",
    },
}


def _cumulative_name(period: Period, language: str) -> str:
    end = format_date(period.end, "dd.MM.y", locale="ru")
    if period.start is None:
        return {"ru": f"на {end}", "ky": f"{end} карата", "en": f"as of {end}"}[language]
    return f"{format_date(period.start, 'dd.MM.y', locale='ru')}–{end}"


def _a_year_before(day: date) -> date:
    leap_day = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def _parse(code: str) -> Period:
    if "/" in code:
        since, until = code.split("/")
        start = None if since == ".." else date.fromisoformat(since)
        return Period.cumulative(date.fromisoformat(until), since=start)
    if part := SUBDIVIDED.fullmatch(code):
        kind = {"H": PeriodKind.HALF, "Q": PeriodKind.QUARTER}[part[2]]
        return Period.of(date(int(part[1]), (int(part[3]) - 1) * kind.months + 1, 1), kind)
    if not (match := ISO_PREFIX.fullmatch(code)):
        raise ValueError(code)
    year, month, day = match.groups()
    kind = PeriodKind.DAY if day else PeriodKind.MONTH if month else PeriodKind.YEAR
    return Period.of(date(int(year), int(month or 1), int(day or 1)), kind)
