"""Figures that are no plain number: «более 80», «45–50», «около 12»."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding
from shaar.indicators.passports import Passport, Role
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import digits
from shaar.kernel.quantities import Qualifier, Quantity

INEXACT = frozenset({Qualifier.AT_LEAST, Qualifier.APPROXIMATE, Qualifier.RANGE})


def find(context: RuleContext) -> Iterator[Finding]:
    """Find each figure stated as a bound, a range or an approximation.

    What only names whom a measure covers («1–4 классы», role coverage) is no uncertain number; parameter
    `except_roles` says otherwise. Numbers: `value`, `upper`, `qualifier`, `as_written`.
    """
    skipped = context.words("except_roles", (Role.COVERAGE,))
    for passport in context.passports:
        quantity = context.value(passport.code).quantity
        if passport.formula is None and passport.role not in skipped and quantity is not None:
            yield from _of(context, passport, quantity)


def _of(context: RuleContext, passport: Passport, quantity: Quantity) -> Iterator[Finding]:
    if quantity.qualifier not in INEXACT or quantity.value is None:
        return
    numbers = {"value": digits(quantity.value), "qualifier": str(quantity.qualifier)}
    if quantity.upper is not None:
        numbers["upper"] = digits(quantity.upper)
    if quantity.as_written:
        numbers["as_written"] = quantity.as_written
    text = _("%(name)s: the figure is not exact: %(quantity)s.")
    yield context.finding((passport.code,), text, {"name": passport.name, "quantity": quantity}, numbers)
