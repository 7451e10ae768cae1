"""What several rules ask: exact numbers, tops of parts trees, pairs of the same object and action."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from shaar.indicators.passports import Passport, Role
from shaar.indicators.rules.registry import RuleContext
from shaar.kernel.quantities import Quantity

PLANNED = frozenset({Role.PLAN, Role.PERCENT, Role.DIFFERENCE, Role.CHARACTERISTIC, Role.COVERAGE})


@dataclass(frozen=True, slots=True)
class Stated:
    """An indicator whose value is a plain number."""

    passport: Passport
    number: Decimal


def exact(quantity: Quantity | None) -> Decimal | None:
    """Return the number of an exact quantity, None for any other."""
    return quantity.value if quantity is not None and quantity.is_exact else None


def number_of(context: RuleContext, code: str) -> Decimal | None:
    """Return an indicator's exact number in the period, None when it has none."""
    return exact(context.value(code).quantity) if code in context.catalogue.passports else None


def in_base_measure(context: RuleContext, passport: Passport, number: Decimal) -> Decimal:
    """Return a number in the base of its dimension: metres for kilometres."""
    return number * context.catalogue.measure(passport.measure).factor


def pairs_alike(context: RuleContext) -> Iterator[tuple[Stated, Stated]]:
    """Yield pairs that count the same object with the same action and differ, though nothing links them."""
    for first, second in combinations(_tops(context), 2):
        if not _is_same(context, first.passport, second.passport):
            continue
        if is_linked(context, first.passport, second.passport):
            continue
        one, other = (in_base_measure(context, stated.passport, stated.number) for stated in (first, second))
        if one != other:
            yield first, second


def is_linked(context: RuleContext, first: Passport, second: Passport) -> bool:
    """Tell whether parts, a plan or kinds of one figure explain how two indicators stand together."""
    top = context.catalogue.top
    if top(first.code) == top(second.code):
        return True
    if first.plan == second.code or second.plan == first.code:
        return True
    return _are_kinds(first, second)


def _are_kinds(first: Passport, second: Passport) -> bool:
    """Tell whether two selections take different kinds of the same figure, so that no fact is in both."""
    figure = first.where.get("figure")
    if not figure or figure != second.where.get("figure"):
        return False
    shared = first.where.keys() & second.where.keys()
    return any(first.where[key] != second.where[key] for key in shared)


def _is_same(context: RuleContext, first: Passport, second: Passport) -> bool:
    if (first.object, first.action) != (second.object, second.action):
        return False
    measures = context.catalogue
    return measures.measure(first.measure).dimension == measures.measure(second.measure).dimension


def _tops(context: RuleContext) -> list[Stated]:
    found: list[Stated] = []
    for passport in context.passports:
        if not passport.object or not passport.action or passport.role in PLANNED:
            continue
        if context.catalogue.top(passport.code) != passport.code:
            continue
        if (number := number_of(context, passport.code)) is not None:
            found.append(Stated(passport, number))
    return found
