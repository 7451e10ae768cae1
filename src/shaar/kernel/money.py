"""Money: an exact amount with its currency, to the hundredth (tyiyn, kopeck, cent); never a binary float."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from shaar.kernel.errors import Place, Refusal
from shaar.kernel.quantities import parse_quantity

HUNDREDTH = Decimal("0.01")
LARGEST = Decimal(10) ** 16


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency (ISO 4217 code); adding two currencies raises ValueError."""

    amount: Decimal
    currency: str = "KGS"

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise ValueError("money is finite")
        if self.amount != self.amount.quantize(HUNDREDTH):
            raise ValueError("money has two decimal places")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def _same(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other.amount


def total(amounts: Iterable[Money], *, currency: str = "KGS") -> Money:
    """Add amounts of one currency up; nothing is zero."""
    return sum(amounts, start=Money(Decimal(0), currency))


def parse_money(text: str, *, scale: Decimal = Decimal(1), place: Place | None = None) -> Decimal:
    """Read an amount as it is typed, «1 234,50», in units of `scale`; Refusal for what is no exact amount.

    Refusal `not_a_number`, `malformed_number`, `not_exact` («более 5»), `too_large`, `too_fine` below 0.01.
    """
    quantity = parse_quantity(text, place=place)
    if not quantity.is_exact or quantity.value is None:
        raise Refusal("not_exact", _("“%(text)s” is not one exact amount.") % {"text": text}, place=place)
    amount = quantity.value * scale
    if abs(amount) >= LARGEST:
        raise Refusal("too_large", _("The amount %(text)s is too large.") % {"text": text}, place=place)
    if amount != amount.quantize(HUNDREDTH):
        raise Refusal(
            "too_fine", _("The amount %(text)s is finer than a tyiyn.") % {"text": text}, place=place
        )
    return amount.quantize(HUNDREDTH)
