"""Two counts of the same thing in one direction, of which nobody says whether one includes the other."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding
from shaar.indicators.rules.comparing import pairs_alike
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import digits


def find(context: RuleContext) -> Iterator[Finding]:
    """Find unlinked pairs of one object and action in one direction. Numbers: `larger`, `smaller`."""
    catalogue = context.catalogue
    for pair in pairs_alike(context):
        larger, smaller = sorted(pair, key=lambda stated: stated.number, reverse=True)
        if catalogue.direction(larger.passport) != catalogue.direction(smaller.passport):
            continue
        yield context.finding(
            (larger.passport.code, smaller.passport.code),
            _(
                "“%(smaller)s” (%(few)s) stands beside “%(larger)s” (%(many)s):"
                " whether it is included is not said."
            ),
            {
                "larger": larger.passport.name,
                "many": larger.number,
                "smaller": smaller.passport.name,
                "few": smaller.number,
            },
            {"larger": digits(larger.number), "smaller": digits(smaller.number)},
        )
