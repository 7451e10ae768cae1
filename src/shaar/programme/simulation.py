"""Makes up daily figures for every indicator of the pack, labelled as invented, through the ledger's door.

A simulated series goes on from what the ledger holds of it: the last figure of a year that a document stated.
Its share of a day follows the seasons and the week of the pack's `demo/simulation.yaml`; chance depends on
the seed, the day and the series only, so that a day is the same in a short run and in a long one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from pathlib import Path
from random import Random
from typing import Literal

from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import PeriodKind
from shaar.kernel.yamlfile import Code, PackModel, load
from shaar.ledger import api as ledger
from shaar.programme.facts import FIGURE_REPORTED

LABEL = "Вымышленный показатель (демо)"
ACTOR = "system:simulation"
SATURDAY = 5
LEVELS_EVERY = 7  # days between two readings of a stock
WHOLE = Decimal(1)
LARGE = 30.0  # mean from which a normal distribution stands for Poisson's


class Place(PackModel):
    """A territory, the unit that answers for it, and its share of what happens in the city."""

    territory: Code
    unit: Code
    share: float


class Disturbance(PackModel):
    """A share of the series and the last days in which something is wrong with them."""

    share: float
    days: int
    factor: float = 0.0


class Recipe(PackModel):
    """How the life of the example city is made up; file `demo/simulation.yaml` of a pack."""

    demonstration: Literal[True]
    places: tuple[Place, ...]
    units: Mapping[str, Code]
    left_out: tuple[str, ...]
    seasons: Mapping[str, tuple[float, ...]]
    weekend: float
    yearly_growth: float
    plan_above_base: float
    silent: Disturbance
    changed: Disturbance
    beginning: Disturbance


@dataclass(frozen=True, slots=True)
class Line:
    """A series that goes on: what one year of it held, and the passport that tells how it behaves."""

    passport: indicators.Passport
    dimensions: Mapping[str, str]
    measure: str
    base: Decimal
    unit: str
    territory: str
    year: int

    @property
    def key(self) -> str:
        """What tells this series from others."""
        return "|".join(
            (self.measure, *(f"{name}={value}" for name, value in sorted(self.dimensions.items())))
        )


def simulate(pack: Path, *, days: int, seed: int, until: date) -> Iterator[str]:
    """Record the days that are not there yet and tell how many facts came of them.

    Refusal `nothing_to_simulate` where the ledger holds no figure of a year to go on from.
    """
    recipe = load(pack / "demo" / "simulation.yaml", Recipe)
    lines = _lines()
    if not lines:
        raise Refusal("nothing_to_simulate", "No figure of a year is recorded; load the demonstration first.")
    written = present = facts = 0
    for back in range(days - 1, -1, -1):
        day = until - timedelta(days=back)
        facts_of_day = _city_day(lines, day, recipe, seed=seed, until=until)
        try:
            facts += ledger.record_many(facts_of_day, key=f"programme.simulated:{day.isoformat()}").count
            written += 1
        except Refusal as refusal:
            if refusal.code != "already_recorded":
                raise
            present += 1
    yield f"programme: {facts} invented facts of {written} days; {present} days were there already"


def _city_day(
    lines: Sequence[Line], day: date, recipe: Recipe, *, seed: int, until: date
) -> Iterator[ledger.Fact]:
    """Yield what happened on a day: each series, the totals of their parts, and plans on New Year's Day."""
    parts: dict[tuple[str, str], list[ledger.Fact]] = {}
    for line in lines:
        for fact in _of_day(line, day, recipe, seed=seed, until=until):
            parts.setdefault((line.passport.code, fact.territory), []).append(fact)
            yield fact
    for line in lines:
        if _is_total(line):
            yield from _total(line, parts)
        elif _is_plan(line) and (day.month, day.day) == (1, 1):
            yield _plan(line, day, recipe, seed=seed)


def _total(line: Line, parts: Mapping[tuple[str, str], Sequence[ledger.Fact]]) -> Iterator[ledger.Fact]:
    """Yield the sum of a total's parts for each territory."""
    for territory in sorted({territory for _code, territory in parts}):
        added = [fact for code in line.passport.parts for fact in parts.get((code, territory), ())]
        if added:
            amount = sum((fact.quantity or Decimal(0) for fact in added), Decimal(0))
            yield replace(added[0], quantity=amount, measure=line.measure, dimensions=line.dimensions)


def _lines() -> list[Line]:
    """Return one line for each series that has an exact figure of a year, the latest year taken."""
    query = ledger.FactQuery(types=(FIGURE_REPORTED.name,), covers=(PeriodKind.YEAR,), limit=100_000)
    latest: dict[int, ledger.FactView] = {}
    for fact in ledger.find(query):
        held = latest.get(fact.series.id)
        if fact.quantity and fact.subject.kind != "simulation" and (held is None or fact.day >= held.day):
            latest[fact.series.id] = fact
    passports = [one for one in indicators.passports() if one.fact_source]
    found = ((fact, _narrowest(passports, fact)) for _series, fact in sorted(latest.items()))
    return [_line(fact, passport) for fact, passport in found if passport is not None]


def _line(fact: ledger.FactView, passport: indicators.Passport) -> Line:
    base = fact.quantity or Decimal(0)
    return Line(passport, fact.dimensions, fact.measure, base, fact.unit, fact.territory, fact.day.year)


def _narrowest(passports: Sequence[indicators.Passport], fact: ledger.FactView) -> indicators.Passport | None:
    """Return the passport that names the most of a fact's dimensions, or None where none selects it."""
    fitting = [
        one
        for one in passports
        if one.fact_source
        and one.fact_source.fact == fact.type
        and one.fact_source.dimensions.items() <= fact.dimensions.items()
    ]
    return max(
        fitting, key=lambda one: len(one.fact_source.dimensions if one.fact_source else {}), default=None
    )


def _of_day(line: Line, day: date, recipe: Recipe, *, seed: int, until: date) -> Iterator[ledger.Fact]:
    """Yield the facts of a series on a day; none where it is silent or nothing happened."""
    if line.passport.role not in {indicators.Role.FACT, indicators.Role.TOTAL, indicators.Role.COVERAGE}:
        return
    if _is_total(line) or line.passport.section in recipe.left_out:
        return
    factor = _disturbance(line, day, recipe, seed=seed, until=until)
    if factor is None:
        return
    growth = (1 + recipe.yearly_growth) ** (day.year - line.year + day.timetuple().tm_yday / 366)
    chance = Random(f"{seed}:{line.key}:{day.isoformat()}")  # noqa: S311 - not for secrets
    if line.passport.kind is indicators.Kind.STOCK:
        if day.toordinal() % LEVELS_EVERY == 0:
            level = float(line.base) * growth * factor * chance.uniform(0.99, 1.01)
            yield _fact(line, day, _rounded(level, line), line.unit, line.territory, seed=seed)
        return
    seasons = recipe.seasons.get(line.passport.section, recipe.seasons["default"])
    week = recipe.weekend if day.weekday() >= SATURDAY else (7 - 2 * recipe.weekend) / 5
    mean = float(line.base) / 365 * growth * factor * seasons[day.month - 1] * week
    for place in recipe.places:
        amount = _drawn(mean * place.share, line, chance)
        if amount:
            unit = recipe.units.get(line.passport.section, place.unit)
            yield _fact(line, day, amount, unit, place.territory, seed=seed)


def _disturbance(line: Line, day: date, recipe: Recipe, *, seed: int, until: date) -> float | None:
    """Return by what a series is multiplied on a day, or None on which it says nothing."""
    fate = Random(f"{seed}:{line.key}").random()  # noqa: S311 - not for secrets
    back = (until - day).days
    for one, is_off in (
        (recipe.silent, back < recipe.silent.days),
        (recipe.beginning, back >= recipe.beginning.days),
    ):
        if fate < one.share:
            return None if is_off else 1.0
        fate -= one.share
    return recipe.changed.factor if fate < recipe.changed.share and back < recipe.changed.days else 1.0


def _drawn(mean: float, line: Line, chance: Random) -> Decimal:
    """Return an amount around a mean: whole things by Poisson, what is measured by a gamma distribution."""
    if line.base != line.base.to_integral_value():
        return _rounded(chance.gammavariate(2.0, mean / 2) if mean > 0 else 0.0, line)
    if mean >= LARGE:
        return Decimal(max(0, round(chance.gauss(mean, mean**0.5))))
    bound, count, product = exp(-mean), 0, chance.random()
    while product > bound:
        product *= chance.random()
        count += 1
    return Decimal(count)


def _rounded(amount: float, line: Line) -> Decimal:
    """Return an amount as finely as the series was stated, and two places finer for what is measured."""
    exponent = line.base.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Decimal(amount).quantize(WHOLE.scaleb(-places - 2) if places else WHOLE)


def _is_total(line: Line) -> bool:
    """Tell whether a series follows from parts, which are made up themselves."""
    return bool(line.passport.parts) and line.passport.role is indicators.Role.TOTAL


def _is_plan(line: Line) -> bool:
    return line.passport.role is indicators.Role.PLAN and line.passport.kind is indicators.Kind.FLOW


def _plan(line: Line, day: date, recipe: Recipe, *, seed: int) -> ledger.Fact:
    """Return the invented plan of the whole year that begins on a day."""
    growth = (1 + recipe.yearly_growth) ** (day.year - line.year)
    amount = _rounded(float(line.base) * (1 + recipe.plan_above_base) * growth, line)
    stated = _fact(line, day, amount, line.unit, line.territory, seed=seed)
    return replace(stated, covers=PeriodKind.YEAR)


def _fact(
    line: Line,
    day: date,
    amount: Decimal,
    unit: str,
    territory: str,
    *,
    seed: int,
) -> ledger.Fact:
    return ledger.Fact(
        FIGURE_REPORTED.name,
        clock.noon(day),
        unit=unit,
        territory=territory,
        quantity=amount,
        measure=line.measure,
        subject=ledger.Subject("programme", "simulation", f"{seed}/{day.isoformat()}", title=LABEL),
        actor=ACTOR,
        dimensions=line.dimensions,
    )
