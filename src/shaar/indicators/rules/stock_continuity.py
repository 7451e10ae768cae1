"""A stock must be the last one, plus what was added, less what was removed."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding
from shaar.indicators.passports import Passport
from shaar.indicators.rules.comparing import exact, in_base_measure, number_of
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import Word, digits
from shaar.kernel.periods import PeriodKind


def find(context: RuleContext) -> Iterator[Finding]:
    """Confirm or refute each stock whose passport names its flows (`continuity`).

    Numbers: `before`, `added`, `removed`, `expected`, `stated`, and `gap` for a finding.
    """
    if context.period.kind is PeriodKind.CUMULATIVE:
        return
    for passport in context.passports:
        if passport.added or passport.removed:
            yield from _of(context, passport)


def _of(context: RuleContext, passport: Passport) -> Iterator[Finding]:
    before = exact(context.value(passport.code, context.period.previous()).quantity)
    stated = number_of(context, passport.code)
    added = _sum(context, passport, passport.added)
    removed = _sum(context, passport, passport.removed)
    if before is None or stated is None or added is None or removed is None:
        return
    expected = before + added - removed
    words: dict[str, Word] = {"name": passport.name, "stated": stated, "expected": expected}
    numbers = {"before": before, "added": added, "removed": removed, "expected": expected, "stated": stated}
    codes = (passport.code, *passport.added, *passport.removed)
    written = {name: digits(number) for name, number in numbers.items()}
    if expected == stated:
        text = _("%(name)s: %(stated)s continues the last period's stock.")
        yield context.confirmed(codes, text, words, written)
        return
    yield context.finding(
        codes,
        _("%(name)s: %(stated)s is stated; the last stock and its changes give %(expected)s."),
        words,
        {**written, "gap": digits(stated - expected)},
    )


def _sum(context: RuleContext, passport: Passport, codes: tuple[str, ...]) -> Decimal | None:
    total = Decimal(0)
    for code in codes:
        if (number := number_of(context, code)) is None:
            return None
        total += in_base_measure(context, context.catalogue.passports[code], number)
    return total / context.catalogue.measure(passport.measure).factor
