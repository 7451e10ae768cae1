"""A figure stated for a long period must be the sum of those stated for its parts."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shaar.indicators.outcomes import Finding
from shaar.indicators.passports import Kind, Passport
from shaar.indicators.rules.comparing import exact, number_of
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import Word, digits
from shaar.kernel.periods import PeriodKind

SHORTER = (PeriodKind.HALF, PeriodKind.QUARTER, PeriodKind.MONTH)


def find(context: RuleContext) -> Iterator[Finding]:
    """Confirm or refute each flow stated for the period and for all its halves, quarters or months.

    Numbers: `total`, `sum`, and `gap` for a finding.
    """
    if context.period.kind is PeriodKind.CUMULATIVE:
        return
    for passport in context.passports:
        if passport.kind is Kind.FLOW and passport.fact_source is not None and _is_stated(context, passport):
            for kind in _shorter(context, passport):
                yield from _of(context, passport, kind)


def _is_stated(context: RuleContext, passport: Passport) -> bool:
    cells = context.reckoner.counted(passport.code, context.period)
    return any(cell.period == context.period for cell in cells)


def _shorter(context: RuleContext, passport: Passport) -> list[PeriodKind]:
    """Return the shorter kinds of period for which figures are stated too."""
    cells = context.reckoner.stated(passport.code, context.period)
    stated = {cell.period.kind for cell in cells if not cell.is_event}
    return [kind for kind in SHORTER if kind.rank < context.period.kind.rank and kind in stated]


def _of(context: RuleContext, passport: Passport, kind: PeriodKind) -> Iterator[Finding]:
    parts = [exact(context.value(passport.code, part).quantity) for part in context.period.parts(kind)]
    total = number_of(context, passport.code)
    known = [part for part in parts if part is not None]
    if total is None or len(known) < len(parts):
        return
    found = sum(known, Decimal(0))
    words: dict[str, Word] = {"name": passport.name, "total": total, "sum": found, "period": context.period}
    numbers = {"total": digits(total), "sum": digits(found), "grain": str(kind)}
    codes = (passport.code,)
    if found == total:
        text = _("%(name)s: the figures of shorter periods sum to %(total)s.")
        yield context.confirmed(codes, text, words, numbers)
        return
    yield context.finding(
        codes,
        _("%(name)s: %(total)s is stated for %(period)s, but its shorter periods sum to %(sum)s."),
        words,
        {**numbers, "gap": digits(total - found)},
        key=f"{passport.code}+{kind}",
    )
