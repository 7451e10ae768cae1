"""Periods that were due by the collection calendar and for which nothing came."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding
from shaar.indicators.rules.registry import RuleContext


def find(context: RuleContext) -> Iterator[Finding]:
    """Find each indicator that misses periods which were due by its calendar. Numbers: `periods`."""
    for passport in context.passports:
        if passport.calendar is None or passport.fact_source is None:
            continue
        calendar = passport.calendar
        missing = [one for one in context.value(passport.code).missing_parts if context.is_due(one, calendar)]
        if missing:
            yield context.finding(
                (passport.code,),
                _("%(name)s: nothing came for %(periods)s."),
                {"name": passport.name, "periods": tuple(missing)},
                {"periods": " ".join(str(one) for one in missing)},
            )
