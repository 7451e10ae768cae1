"""Slips of the pen: numbers whose digits differ as a tired hand makes them differ."""

from decimal import Decimal
from functools import lru_cache

from shaar.reports.proofreading.figures import Figure


def digits_of(figure: Figure) -> str:
    """Return the digits of a figure as they are written."""
    return _digits(figure.written)


@lru_cache(maxsize=20_000)
def _digits(written: str) -> str:
    return "".join(filter(str.isdigit, written))


def core(value: Decimal) -> str:
    """Return the digits of a value without the noughts at either end."""
    return "".join(str(digit) for digit in value.as_tuple().digits).strip("0")


def is_power_of_ten(ratio: Decimal) -> bool:
    """Tell whether a ratio is 10, 100 … or 0.1, 0.01 …: noughts were lost or added."""
    return ratio > 0 and ratio != 1 and core(ratio.normalize()) == "1"


def is_swapped(first: str, second: str) -> bool:
    """Tell whether two neighbouring digits changed places."""
    odd = _odd(first, second)
    return len(odd) == 2 and odd[1] == odd[0] + 1 and sorted(first) == sorted(second)


def is_slipped(first: str, second: str) -> bool:
    """Tell whether one digit was changed, or two changed places."""
    odd = len(_odd(first, second))
    return odd == 1 or (odd == 2 and sorted(first) == sorted(second))


def is_meant(stated: Decimal, right: Decimal, limit: Decimal) -> bool:
    """Tell whether one value may stand for another: not far from it, or its digits have slipped."""
    if min(stated, right) <= 0:
        return False
    if max(stated, right) <= min(stated, right) * limit:
        return True
    written = round(right, max(0, -int(stated.normalize().as_tuple().exponent)))
    first, second = core(stated), core(written)
    return sorted(first) == sorted(second) or (len(first) > 2 and is_slipped(first, second))


def digits_for(figure: Figure, base: Decimal) -> str:
    """Return the digits that a figure would be written with if it were worth a base value."""
    places = max(0, -int((figure.step / Decimal(10) ** figure.scale).normalize().as_tuple().exponent))
    value = round(base / figure.factor / Decimal(10) ** figure.scale, places)
    return "".join(filter(str.isdigit, f"{value:f}"))


def is_slip(figure: Figure, right: Decimal, *, shortest: int = 3) -> bool:
    """Tell whether a figure is but a slip away from the value that would be right."""
    first, second = digits_for(figure, figure.base), digits_for(figure, right)
    return right > 0 and len(first) >= shortest and len(first) == len(second) and is_slipped(first, second)


def _odd(first: str, second: str) -> list[int]:
    if len(first) != len(second):
        return []
    return [at for at, sign in enumerate(first) if sign != second[at]] if first != second else []
