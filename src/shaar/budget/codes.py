"""The classification of a day: which codes there are, what they are called, and which stand under which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from shaar.budget.models import Heading, Side
from shaar.kernel.texts import Text

OF_SIDE = {
    Side.REVENUE: ("revenue", "source"),
    Side.SPENDING: ("functional", "economic", "programme", "source"),
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it stands on a day."""

    classification: str
    code: str
    parent: str
    name: Text
    is_transfer: bool
    valid_from: date
    valid_to: date | None

    def is_valid_on(self, day: date) -> bool:
        """Tell whether it may be used for money of a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def codes_on(day: date) -> dict[tuple[str, str], Code]:
    """Return every code of a day by classification and code."""
    return {key: versions[-1] for key, versions in codes_between(day, day).items()}


def codes_of(year: int) -> dict[tuple[str, str], tuple[Code, ...]]:
    """Return every version of every code that stands on some day of a year, the earliest first."""
    return codes_between(date(year, 1, 1), date(year, 12, 31))


def codes_between(first: date, last: date) -> dict[tuple[str, str], tuple[Code, ...]]:
    """Return every version of every code that stands on some of these days, the earliest first."""
    found: dict[tuple[str, str], tuple[Code, ...]] = {}
    rows = Heading.objects.filter(Q(valid_to=None) | Q(valid_to__gte=first), valid_from__lte=last)
    for one in rows.order_by("classification", "code", "valid_from"):
        key = (one.classification, one.code)
        code = Code(*key, one.parent, one.name, one.is_transfer, one.valid_from, one.valid_to)
        found[key] = (*found.get(key, ()), code)
    return found


def key_of(codes: Mapping[str, str]) -> str:
    """Return what tells a line's codes from those of another line."""
    return " ".join(f"{name}={code}" for name, code in sorted(codes.items()))
