"""Two plans of the same object that differ."""

from collections.abc import Iterator
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding
from shaar.indicators.passports import Role
from shaar.indicators.rules.comparing import Stated, in_base_measure, is_linked, number_of
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import digits


def find(context: RuleContext) -> Iterator[Finding]:
    """Find pairs of plans for one object with different values. Numbers: `first`, `second`, `difference`."""
    catalogue = context.catalogue
    for first, second in combinations(_plans(context), 2):
        one, other = first.passport, second.passport
        if one.object != other.object or is_linked(context, one, other):
            continue
        if catalogue.measure(one.measure).dimension != catalogue.measure(other.measure).dimension:
            continue
        apart = in_base_measure(context, one, first.number) - in_base_measure(context, other, second.number)
        if not apart:
            continue
        difference = abs(apart) / catalogue.measure(one.measure).factor
        yield context.finding(
            (one.code, other.code),
            _(
                "Two plans stand side by side: %(first)s “%(one)s” and %(second)s “%(other)s”;"
                " they differ by %(apart)s."
            ),
            {
                "one": one.name,
                "first": first.number,
                "other": other.name,
                "second": second.number,
                "apart": difference,
            },
            {
                "first": digits(first.number),
                "second": digits(second.number),
                "difference": digits(difference),
            },
        )


def _plans(context: RuleContext) -> list[Stated]:
    found: list[Stated] = []
    for passport in context.passports:
        number = number_of(context, passport.code) if passport.role is Role.PLAN and passport.object else None
        if number is not None:
            found.append(Stated(passport, number))
    return found
