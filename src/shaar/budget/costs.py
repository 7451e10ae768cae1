"""What a result cost: money of lines that name an indicator, beside the indicator's value."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet

from shaar.budget.models import Line, Side
from shaar.budget.totals import sums_of_lines
from shaar.indicators import api as indicators
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text

TYIYN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Cost:
    """Money spent for an indicator, its value, and som for one of it; None for a missing or zero value."""

    passport: indicators.Passport
    symbol: Text
    value: indicators.Value
    spent: Decimal
    each: Decimal | None


def of(lines: "QuerySet[Line]", year: int) -> list[Cost]:
    """Return the cost of each result that a line of spending names, money itself left out."""
    period = Period.year(year)
    linked: dict[str, list[int]] = {}
    rows = lines.filter(year=year, side=Side.SPENDING).exclude(indicators=[])
    for number, codes in rows.values_list("pk", "indicators"):
        for code in codes:
            linked.setdefault(code, []).append(number)
    found = []
    for passport in indicators.passports(codes=linked):
        spent = sums_of_lines(Line.objects.filter(pk__in=linked[passport.code])).executed
        if spent is None or passport.measure.endswith("som"):
            continue
        value = indicators.value(passport.code, period)
        amount = value.quantity.value if value.quantity else None
        each = (spent / amount).quantize(TYIYN, ROUND_HALF_UP) if amount else None
        found.append(Cost(passport, indicators.measure(passport.measure).symbol, value, spent, each))
    return found
