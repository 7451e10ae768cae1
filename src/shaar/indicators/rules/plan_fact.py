"""The fact against its plan."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shaar.indicators.arithmetic import round_half_up
from shaar.indicators.outcomes import Finding
from shaar.indicators.passports import Good, Passport
from shaar.indicators.rules.comparing import in_base_measure, number_of
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import Word, digits


def find(context: RuleContext) -> Iterator[Finding]:
    """Confirm each fact that meets its plan; find each that misses it by more than `tolerance_percent` (0).

    Where decline is good the fact must not exceed the plan. Numbers: `fact`, `plan`, `percent` to 0.1.
    """
    for passport in context.passports:
        if passport.plan and passport.good is not Good.NONE:
            yield from _of(context, passport)


def _of(context: RuleContext, passport: Passport) -> Iterator[Finding]:
    fact, plan = number_of(context, passport.code), number_of(context, passport.plan)
    if fact is None or not plan:
        return
    other = context.catalogue.passport(passport.plan)
    ratio = in_base_measure(context, passport, fact) / in_base_measure(context, other, plan)
    percent = round_half_up(100 * ratio, 1)
    tolerance = Decimal(context.number("tolerance_percent", 0)) / 100
    is_met = ratio >= 1 - tolerance if passport.good is Good.UP else ratio <= 1 + tolerance
    words: dict[str, Word] = {"name": passport.name, "fact": fact, "plan": plan, "percent": percent}
    numbers = {"fact": digits(fact), "plan": digits(plan), "percent": digits(percent)}
    codes = (passport.code, passport.plan)
    if is_met:
        text = _("%(name)s: %(fact)s meets the plan of %(plan)s (%(percent)s %%).")
        yield context.confirmed(codes, text, words, numbers)
    else:
        text = _("%(name)s: %(fact)s misses the plan of %(plan)s (%(percent)s %%).")
        yield context.finding(codes, text, words, numbers)
