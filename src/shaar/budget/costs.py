"""What a result cost: money of lines that name an indicator, beside the indicator's value."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import QuerySet

from shaar.budget.links import MEASURE, Result
from shaar.budget.models import Line, Side
from shaar.budget.totals import Sums, sums_of_lines
from shaar.indicators import api as indicators
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.programme import api as programme

TYIYN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Cost:
    """Money spent for an indicator, its value, and som for one of it; None for a missing or zero value."""

    passport: indicators.Passport
    symbol: Text
    value: indicators.Value
    spent: Decimal
    each: Decimal | None


@dataclass(frozen=True, slots=True)
class Paid:
    """A measure with the sums of the lines that pay for it; a line of two measures stands under both."""

    result: Result
    sums: Sums


def of_measures(lines: "QuerySet[Line]", year: int) -> list[Paid]:
    """Return the measures that lines of spending name, each with its money."""
    linked: dict[str, list[int]] = {}
    rows = lines.filter(year=year, side=Side.SPENDING).exclude(measures=[])
    for number, codes in rows.values_list("pk", "measures"):
        for code in codes:
            linked.setdefault(code, []).append(number)
    names = {
        f"{code}/{one.code}": one.text
        for code in {key.partition("/")[0] for key in linked}
        for one in programme.measures(code, year=year)
    }
    return [
        Paid(
            Result(MEASURE, code, names.get(code, Text(code))),
            sums_of_lines(Line.objects.filter(pk__in=held)),
        )
        for code, held in sorted(linked.items())
    ]


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
