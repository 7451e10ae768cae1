"""The classification of a day: which codes there are, what they are called, and which stand under which."""

from collections.abc import Iterable, Mapping
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


def codes_on(day: date) -> dict[tuple[str, str], Code]:
    """Return every code of a day by classification and code."""
    rows = Heading.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    return {
        (one.classification, one.code): Code(
            one.classification, one.code, one.parent, one.name, one.is_transfer
        )
        for one in rows.order_by("classification", "code", "valid_from")
    }


def key_of(codes: Mapping[str, str]) -> str:
    """Return what tells a line's codes from those of another line."""
    return " ".join(f"{name}={code}" for name, code in sorted(codes.items()))


def unknown(codes: Mapping[str, str], known: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the codes that a day's classification does not have."""
    held = set(known)
    return [(name, code) for name, code in sorted(codes.items()) if (name, code) not in held]
