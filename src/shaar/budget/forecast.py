"""What a year will end with: by the share that past years had by the same month, with its error."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Months = Mapping[int, Decimal]
TYIYN, TENTH, HUNDRED = Decimal("0.01"), Decimal("0.1"), Decimal(100)
TWELVE = 12


@dataclass(frozen=True, slots=True)
class Forecast:
    """The expected amount of the whole year, how it was reckoned, and the mean error in percent."""

    amount: Decimal
    method: Literal["past_years", "cash_plan"]
    share: Decimal
    error_percent: Decimal | None
    tried_on: tuple[int, ...]

    @property
    def is_below_a_tenth(self) -> bool:
        """Tell whether the error is too small for the one decimal that it is told with."""
        return self.error_percent is not None and self.error_percent < TENTH


def forecast(months: Months, past: Mapping[int, Months], *, until: int, cash_plan: Months) -> Forecast | None:
    """Forecast a year from its months up to `until`; None where nothing allows one.

    With past years of twelve known months: amount so far divided by the mean share that those years had by
    that month; the error is the mean absolute percentage error of forecasting each past year by the others
    (leave one out), None for a single one. Without them: by the cash plan's share, whose error nobody knows.
    """
    so_far = _until(months, until)
    if so_far <= 0:
        return None
    whole = {year: known for year, known in past.items() if len(known) == TWELVE and sum(known.values()) > 0}
    shares = {year: _until(known, until) / sum(known.values()) for year, known in whole.items()}
    shares = {year: share for year, share in shares.items() if share > 0}
    if shares:
        share = _mean(shares.values())
        return Forecast(
            _rounded(so_far / share), "past_years", share, _error(whole, shares, until), tuple(sorted(shares))
        )
    planned = sum(cash_plan.values())
    share = _until(cash_plan, until) / planned if planned > 0 else Decimal(0)
    if not 0 < share <= 1:
        return None
    return Forecast(_rounded(so_far / share), "cash_plan", share, None, ())


def _error(whole: Mapping[int, Months], shares: Mapping[int, Decimal], until: int) -> Decimal | None:
    """Return the mean absolute percentage error of forecasting each year by the others."""
    if len(shares) == 1:
        return None
    errors = []
    for year in shares:
        others = _mean(share for other, share in shares.items() if other != year)
        actual = sum(whole[year].values())
        errors.append(abs(_until(whole[year], until) / others - actual) / actual * HUNDRED)
    return _mean(errors).quantize(TENTH, ROUND_HALF_UP)


def _mean(values: object) -> Decimal:
    held = list(values)  # type: ignore[call-overload]
    return sum(held, Decimal(0)) / len(held)


def _until(months: Months, until: int) -> Decimal:
    return sum((amount for month, amount in months.items() if month <= until), Decimal(0))


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(TYIYN, ROUND_HALF_UP)
