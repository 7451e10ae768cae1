"""Evaluates a formula over quantities; what is missing stays missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from shaar.indicators import arithmetic
from shaar.indicators.formulas.syntax import (
    Call,
    Formula,
    Negation,
    Node,
    Number,
    Operation,
    Reference,
    children,
    write,
)
from shaar.kernel.quantities import Quantity

Lookup: TypeAlias = Callable[[str], Quantity | None]
HUNDRED = Quantity(Decimal(100))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a reckoning: what was reckoned and what came out (None when an operand is missing)."""

    expression: str
    quantity: Quantity | None


def evaluate(formula: Formula, lookup: Lookup) -> Quantity | None:
    """Return the formula's quantity, None when an operand is missing.

    Raises Refusal `division_by_zero` and `number_too_large`.
    """
    return _value(formula.root, lookup)


def steps(formula: Formula, lookup: Lookup) -> tuple[Step, ...]:
    """Return the reckoning in the order in which a person would do it, each part once."""
    found = {write(node): node for node in _in_order(formula.root) if not isinstance(node, Number)}
    return tuple(Step(text, _value(node, lookup)) for text, node in found.items())


def _in_order(node: Node) -> Iterator[Node]:
    for child in children(node):
        yield from _in_order(child)
    yield node


def _value(node: Node, lookup: Lookup) -> Quantity | None:
    match node:
        case Number(value):
            return Quantity(value)
        case Reference(code):
            return lookup(code)
        case Negation(operand):
            inner = _value(operand, lookup)
            return None if inner is None else arithmetic.negate(inner)
        case Operation(operator, left, right):
            return _joined(operator, _value(left, lookup), _value(right, lookup))
        case Call(function, arguments):
            return _called(function, [_value(argument, lookup) for argument in arguments])


def _joined(operator: str, left: Quantity | None, right: Quantity | None) -> Quantity | None:
    return None if left is None or right is None else arithmetic.operate(operator, left, right)


def _called(function: str, arguments: list[Quantity | None]) -> Quantity | None:
    known = [argument for argument in arguments if argument is not None]
    if len(known) < len(arguments):
        return None
    match function:
        case "min":
            return arithmetic.smallest(known)
        case "max":
            return arithmetic.largest(known)
        case "sum":
            return arithmetic.add(known)
        case "round":
            digits = int(known[1].value or 0) if len(known) == 2 else 0
            return arithmetic.rounded(known[0], digits)
        case _:
            return arithmetic.operate("/", arithmetic.operate("*", HUNDRED, known[0]), known[1])
