"""What a fact must be like to be recorded; every refusal names the fact by its position."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shaar.kernel.errors import Place, Refusal
from shaar.ledger.registry import is_declared
from shaar.ledger.views import Fact

MESSAGES = {
    "unknown_fact_type": gettext_lazy("There is no type of facts “%(found)s”."),
    "unknown_unit": gettext_lazy("There is no unit “%(found)s”."),
    "unknown_territory": gettext_lazy("There is no territory “%(found)s”."),
    "missing_unit": gettext_lazy("The fact names no unit that answers for it."),
    "missing_territory": gettext_lazy("The fact names no territory where it happened."),
    "naive_time": gettext_lazy("The time %(found)s has no time zone."),
    "not_finite": gettext_lazy("The quantity %(found)s is not a finite decimal number."),
    "malformed_dimensions": gettext_lazy("The dimensions must be short texts by short names, not %(found)s."),
    "malformed_fact": gettext_lazy("The fact cannot be written: %(found)s."),
    "batch_too_large": gettext_lazy("More facts at once than the ledger takes: %(found)s."),
}
LONGEST_DIMENSION = 200


def refuse(code: str, position: int, *, field: str, found: object = "") -> Refusal:
    """Return the refusal of the fact at a position, counted from 1."""
    message = str(MESSAGES[code]) % {"found": str(found)[:200]}
    told = _("Fact %(position)d: %(message)s") % {"position": position, "message": message}
    return Refusal(code, told, place=Place(line=position, field=field))


def check_type(fact: Fact, position: int) -> None:
    """Refuse a type that no module declared, and dimensions that are not small texts."""
    if not is_declared(fact.type):
        raise refuse("unknown_fact_type", position, field="type", found=fact.type)
    parts: list[Any] = [fact.measure]
    for pair in fact.dimensions.items():
        parts.extend(pair)
    if any(not isinstance(part, str) or len(part) > LONGEST_DIMENSION or "\0" in part for part in parts):
        raise refuse("malformed_dimensions", position, field="dimensions", found=dict(fact.dimensions))


def check_number(number: object, position: int, *, field: str) -> None:
    """Refuse what is not a finite Decimal."""
    if not isinstance(number, Decimal) or not number.is_finite():
        raise refuse("not_finite", position, field=field, found=number)
