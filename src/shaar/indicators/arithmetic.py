"""Arithmetic over quantities with qualifiers.

Quantities are reckoned as intervals: «более 80» has no upper bound, «45–50» has two bounds, of «около 12»
only the size is known. A disputed operand makes the result disputed, a missing one makes it missing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from functools import reduce
from itertools import product

from django.utils.translation import gettext as _

from shaar.kernel.errors import Refusal
from shaar.kernel.quantities import Qualifier, Quantity

EXACTLY = Context(prec=50, Emax=999, Emin=-999, traps=[InvalidOperation, Overflow, DivisionByZero])
LARGEST = Decimal("1e40")
DISPUTED = Quantity(None, None, Qualifier.DISPUTED)
INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Interval:
    """All that a quantity may be: from `low` to `high`, roughly when `is_rough`."""

    low: Decimal
    high: Decimal
    is_rough: bool = False


def add(quantities: Iterable[Quantity]) -> Quantity:
    """Return the sum of one or more quantities."""
    return reduce(lambda left, right: operate("+", left, right), quantities)


def negate(quantity: Quantity) -> Quantity:
    """Return the quantity with the opposite sign."""
    return operate("-", Quantity(Decimal(0)), quantity)


def operate(operator: str, left: Quantity, right: Quantity) -> Quantity:
    """Join two quantities by + - * or /; raise Refusal `division_by_zero` or `number_too_large`."""
    if left.value is None or right.value is None:
        return DISPUTED
    first, second = _interval(left), _interval(right)
    if operator == "/" and second.low <= 0 <= second.high:
        raise Refusal("division_by_zero", _("The formula divides by zero."))
    low, high = _bounds(operator, first, second)
    disputed = Qualifier.DISPUTED in {left.qualifier, right.qualifier}
    return _disputed(low) if disputed else _quantity(Interval(low, high, first.is_rough or second.is_rough))


def smallest(quantities: Iterable[Quantity]) -> Quantity:
    """Return the least of the quantities."""
    return _choose(list(quantities), min)


def largest(quantities: Iterable[Quantity]) -> Quantity:
    """Return the greatest of the quantities."""
    return _choose(list(quantities), max)


def rounded(quantity: Quantity, digits: int = 0) -> Quantity:
    """Return the quantity rounded half up to a number of digits after the decimal sign."""
    if quantity.value is None:
        return quantity
    upper = None if quantity.upper is None else round_half_up(quantity.upper, digits)
    return Quantity(round_half_up(quantity.value, digits), upper, quantity.qualifier)


def scaled(quantity: Quantity, factor: Decimal) -> Quantity:
    """Return the quantity in another measure; its writing is dropped unless nothing changes."""
    return quantity if factor == 1 else operate("*", quantity, Quantity(factor))


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """Round a number as people do: 0.05 to one digit is 0.1."""
    with localcontext(EXACTLY):
        return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> Decimal:
    """Return the same number without trailing zeros and without an exponent."""
    with localcontext(EXACTLY):
        whole = value == value.to_integral_value()
        return value.quantize(Decimal(1)) if whole else value.normalize()


def decimals(value: Decimal) -> int:
    """Return how many digits a number has after the decimal sign."""
    return max(0, -int(value.as_tuple().exponent))


def _interval(quantity: Quantity) -> Interval:
    value = quantity.value or Decimal(0)
    match quantity.qualifier:
        case Qualifier.AT_LEAST:
            return Interval(value, INFINITE)
        case Qualifier.RANGE:
            return Interval(value, value if quantity.upper is None else quantity.upper)
        case qualifier:
            return Interval(value, value, qualifier is Qualifier.APPROXIMATE)


def _bounds(operator: str, first: Interval, second: Interval) -> tuple[Decimal, Decimal]:
    if operator == "+":
        return _join("+", first.low, second.low), _join("+", first.high, second.high)
    if operator == "-":
        return _join("-", first.low, second.high), _join("-", first.high, second.low)
    corners = [_join(operator, a, b) for a, b in product((first.low, first.high), (second.low, second.high))]
    return min(corners), max(corners)


def _join(operator: str, left: Decimal, right: Decimal) -> Decimal:
    operations: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: Decimal(0) if a == 0 or b == 0 else a * b,
        "/": lambda a, b: Decimal(0) if b.is_infinite() else a / b,
    }
    try:
        with localcontext(EXACTLY):
            found = operations[operator](left, right)
    except (Overflow, InvalidOperation) as error:
        raise Refusal("number_too_large", _("The result of the formula is too large.")) from error
    if found.is_finite() and abs(found) > LARGEST:
        raise Refusal("number_too_large", _("The result of the formula is too large."))
    return found


def _quantity(interval: Interval) -> Quantity:
    low, high = interval.low, interval.high
    if low.is_infinite():
        return Quantity(high, None, Qualifier.APPROXIMATE) if high.is_finite() else DISPUTED
    if interval.is_rough:
        middle = low if high.is_infinite() else plain((low + high) / 2)
        return Quantity(middle, None, Qualifier.APPROXIMATE)
    if high.is_infinite():
        return Quantity(low, None, Qualifier.AT_LEAST)
    return Quantity(low) if low == high else Quantity(low, high, Qualifier.RANGE)


def _disputed(value: Decimal) -> Quantity:
    return Quantity(value if value.is_finite() else None, None, Qualifier.DISPUTED)


def _choose(quantities: list[Quantity], choose: Callable[[Iterable[Decimal]], Decimal]) -> Quantity:
    if any(quantity.value is None for quantity in quantities):
        return DISPUTED
    intervals = [_interval(quantity) for quantity in quantities]
    low = choose(interval.low for interval in intervals)
    if any(quantity.qualifier is Qualifier.DISPUTED for quantity in quantities):
        return _disputed(low)
    is_rough = any(interval.is_rough for interval in intervals)
    return _quantity(Interval(low, choose(interval.high for interval in intervals), is_rough))
