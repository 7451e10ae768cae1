"""What a programme or a contract promised over its years, and what came of it so far, year by year."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shaar.indicators import api as indicators
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.programme.outcomes import ProgrammeView

HUNDRED, TENTH = Decimal(100), Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Promise:
    """An indicator over the years of a programme.

    `sum` is its years added up, for a flow of exact figures only; `plan` the sum of what the passport names
    as its plan. Each is None where nothing can be said.
    """

    passport: indicators.Passport
    symbol: Text
    years: tuple[tuple[Period, indicators.Value], ...]
    sum: Decimal | None
    plan: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        """Return how much of the plan is done, in percent to one decimal."""
        if self.sum is None or not self.plan:
            return None
        return (self.sum / self.plan * HUNDRED).quantize(TENTH, ROUND_HALF_UP)


def of(view: ProgrammeView) -> list[Promise]:
    """Return the indicators by which a programme is judged as a whole, each over its years."""
    passports = {one.code: one for one in indicators.passports(codes=view.indicators)}
    plans = {one.plan for one in passports.values() if one.plan}
    periods = [Period.year(year) for year in range(view.first_year, view.last_year + 1)]
    values = {period: indicators.values([*passports, *plans], period) for period in periods}

    def series(code: str) -> tuple[tuple[Period, indicators.Value], ...]:
        return tuple((period, values[period][code]) for period in periods)

    return [
        Promise(
            passport=passport,
            symbol=indicators.measure(passport.measure).symbol,
            years=series(code),
            sum=_sum(passport, series(code)),
            plan=_sum(passport, series(passport.plan)) if passport.plan else None,
        )
        for code in view.indicators
        if (passport := passports.get(code))
    ]


def _sum(passport: indicators.Passport, years: tuple[tuple[Period, indicators.Value], ...]) -> Decimal | None:
    """Add the years of a flow up; None for what does not add up or of which nothing is known."""
    if passport.kind is not indicators.Kind.FLOW:
        return None
    known = [one.quantity for _period, one in years if one.quantity is not None]
    exact = [one.value for one in known if one.value is not None and one.is_exact]
    return sum(exact, Decimal(0)) if exact and len(exact) == len(known) else None
