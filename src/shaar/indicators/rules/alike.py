"""Two totals of what seems the same thing, under different directions, that differ."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding
from shaar.indicators.rules.comparing import in_base_measure, pairs_alike
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import digits


def find(context: RuleContext) -> Iterator[Finding]:
    """Find pairs of the same object and action under different directions with different values.

    Numbers: `first`, `second`, their measures, and `difference` in the first one's measure.
    """
    catalogue = context.catalogue
    for first, second in pairs_alike(context):
        if catalogue.direction(first.passport) == catalogue.direction(second.passport):
            continue
        one, other = (catalogue.measure(stated.passport.measure) for stated in (first, second))
        apart = in_base_measure(context, first.passport, first.number) - in_base_measure(
            context, second.passport, second.number
        )
        yield context.finding(
            (first.passport.code, second.passport.code),
            _(
                "“%(first)s” (%(one)s %(one_measure)s) and “%(second)s” (%(other)s %(other_measure)s)"
                " look alike but differ; how they are related is not said."
            ),
            {
                "first": first.passport.name,
                "one": first.number,
                "one_measure": one.symbol,
                "second": second.passport.name,
                "other": second.number,
                "other_measure": other.symbol,
            },
            {
                "first": digits(first.number),
                "first_measure": one.code,
                "second": digits(second.number),
                "second_measure": other.code,
                "difference": digits(abs(apart) / one.factor),
            },
        )
