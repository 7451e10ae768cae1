"""«Из них»: complete parts must sum to their total."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from shaar.indicators.arithmetic import round_half_up
from shaar.indicators.outcomes import Finding
from shaar.indicators.passports import Passport
from shaar.indicators.rules.comparing import in_base_measure, number_of
from shaar.indicators.rules.registry import RuleContext
from shaar.indicators.rules.wording import Word, digits


def find(context: RuleContext) -> Iterator[Finding]:
    """Confirm each total that its complete parts make up, and find each that they do not.

    Numbers: `total`, `sum`, and for a finding `gap` = total − sum and `gap_percent` of the total to 0.1.
    """
    for passport in context.passports:
        if passport.parts:
            yield from _of(context, passport)


def _of(context: RuleContext, passport: Passport) -> Iterator[Finding]:
    total = number_of(context, passport.code)
    parts = [(code, number_of(context, code)) for code in passport.parts]
    known = [(code, number) for code, number in parts if number is not None]
    if total is None or len(known) < len(parts):
        return
    catalogue = context.catalogue
    base = sum(
        (in_base_measure(context, catalogue.passports[code], number) for code, number in known), Decimal(0)
    )
    found = base / catalogue.measure(passport.measure).factor
    addends = tuple(number for _code, number in known)
    words: dict[str, Word] = {"name": passport.name, "total": total, "sum": found}
    numbers = {
        "total": digits(total),
        "sum": digits(found),
        "parts": " + ".join(digits(one) for one in addends),
    }
    codes = (passport.code, *passport.parts)
    if found == total:
        yield context.confirmed(codes, _("%(name)s: the parts sum to the total, %(total)s."), words, numbers)
        return
    gap = total - found
    share = round_half_up(100 * abs(gap) / abs(total), 1) if total else Decimal(0)
    yield context.finding(
        codes,
        _("%(name)s: the parts sum to %(sum)s of %(total)s; %(gap)s (%(share)s %%) is not explained."),
        {**words, "gap": gap, "share": share},
        {**numbers, "gap": digits(gap), "gap_percent": digits(share)},
    )
