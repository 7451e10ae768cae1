"""A stated percent or difference must be what its formula gives, to the precision at which it is written."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shaar.indicators.arithmetic import decimals, plain, round_half_up
from shaar.indicators.outcomes import Finding
from shaar.indicators.passports import Passport
from shaar.indicators.rules.comparing import exact, number_of
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import Word, digits
from shaar.kernel.errors import Refusal
from shaar.kernel.quantities import parse_quantity


def find(context: RuleContext) -> Iterator[Finding]:
    """Confirm each figure that its `expected` formula gives, and find each that it does not.

    Numbers: `stated`, `computed` (rounded as the stated figure is), `exactly` (to six digits) and `formula`.
    """
    for passport in context.passports:
        if passport.expected is None:
            continue
        stated = number_of(context, passport.code)
        reckoned = exact(context.reckoner.evaluate(passport.expected, context.period))
        if stated is None or reckoned is None:
            continue
        places = _places(context, passport, stated)
        computed = round_half_up(reckoned, places)
        words: dict[str, Word] = {"name": passport.name, "stated": stated, "computed": computed}
        numbers = {
            "stated": digits(stated),
            "computed": digits(computed),
            "exactly": digits(round_half_up(reckoned, 6)),
            "formula": str(passport.expected),
        }
        codes = (passport.code, *passport.expected.references)
        if computed == round_half_up(stated, places):
            yield context.confirmed(codes, _("%(name)s: %(stated)s agrees with its formula."), words, numbers)
        else:
            text = _("%(name)s: %(stated)s is stated, its formula gives %(computed)s.")
            yield context.finding(codes, text, words, numbers)


def _places(context: RuleContext, passport: Passport, stated: Decimal) -> int:
    """Return how many digits after the decimal sign the figure is written with."""
    if passport.precision is not None:
        return passport.precision
    quantity = context.value(passport.code).quantity
    if quantity is not None and quantity.as_written:
        try:
            written = parse_quantity(quantity.as_written).value
        except Refusal:
            written = None
        if written is not None and written == stated:
            return decimals(written)
    return decimals(plain(stated))
