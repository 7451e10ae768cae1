"""Reckons values from cells: flows are summed, of stocks the last is taken, missing is never zero."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from shaar.indicators import arithmetic
from shaar.indicators.catalogue import Catalogue
from shaar.indicators.cells import Cell, Places, Selection, counted, inside, latest
from shaar.indicators.formulas import Formula, evaluate
from shaar.indicators.outcomes import State, Value
from shaar.indicators.passports import FactSource, Passport, Take
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier, Quantity


@dataclass(frozen=True)
class Scope:
    """The part of the city and of the facts that a value is asked for; None means all of it."""

    unit: str | None = None
    territory: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)


WHOLE = Scope()
COUNT = "count"


class Reckoner:
    """Reckons any value from cells that were read in one go."""

    def __init__(self, catalogue: Catalogue, cells: Iterable[Cell], places: Callable[[date], Places]) -> None:
        self.catalogue = catalogue
        self._cells: dict[str, list[Cell]] = {}
        self._figures: dict[tuple[str, str], list[Cell]] = {}
        self._ask_places = places
        self._known_places: dict[date, Places] = {}
        self._kept: dict[tuple[object, ...], Value] = {}
        for cell in cells:
            self._cells.setdefault(cell.type, []).append(cell)
            if figure := cell.dimensions.get("figure"):
                self._figures.setdefault((cell.type, figure), []).append(cell)

    def _places(self, on: date) -> Places:
        if on not in self._known_places:
            self._known_places[on] = self._ask_places(on)
        return self._known_places[on]

    def value(self, code: str, period: Period, scope: Scope = WHOLE) -> Value:
        """Return a value; raise Refusal for an unknown indicator, unit or territory."""
        key = (code, period, scope.unit, scope.territory, tuple(sorted(scope.where.items())))
        if key not in self._kept:
            self._kept[key] = self._value(self.catalogue.passport(code), period, scope)
        return self._kept[key]

    def counted(self, code: str, period: Period, scope: Scope = WHOLE) -> list[Cell]:
        """Return the cells that enter an indicator's value; none for a formula."""
        passport = self.catalogue.passport(code)
        if passport.fact_source is None:
            return []
        return self._counted(passport, passport.fact_source, period, scope)

    def stated(self, code: str, period: Period, scope: Scope = WHOLE) -> list[Cell]:
        """Return the cells of an indicator's selection, those that a figure for the whole covers included."""
        passport = self.catalogue.passport(code)
        if passport.fact_source is None:
            return [cell for named in passport.references for cell in self.stated(named, period, scope)]
        return self._taken(passport.fact_source, passport, period, scope)

    def of_cells(self, code: str, period: Period, cells: Sequence[Cell], *, unit: str | None = None) -> Value:
        """Return what some of an indicator's counted cells make together."""
        passport = self.catalogue.passport(code)
        take = passport.fact_source.take if passport.fact_source else Take.SUM
        return self._result(
            passport,
            period,
            Scope(unit),
            self._quantity(passport, take, cells),
            facts=sum(cell.facts for cell in cells),
            missing=missing_parts(passport, period, cells, is_last=take is Take.LAST),
            is_period_stated=all(cell.is_period_stated for cell in cells),
        )

    def evaluate(self, formula: Formula, period: Period, scope: Scope = WHOLE) -> Quantity | None:
        """Return what a formula gives for a period; None when an operand is missing or nothing comes out."""
        try:
            return evaluate(formula, lambda code: self.value(code, period, scope).quantity)
        except Refusal as refusal:
            if refusal.code in {"division_by_zero", "number_too_large"}:
                return None
            raise

    def selection(self, passport: Passport, source: FactSource, scope: Scope, places: Places) -> Selection:
        """Return the facts that an indicator takes within a scope."""
        measures = None if source.take is Take.COUNT else convertible(self.catalogue, passport.measure)
        return Selection(
            type=source.fact,
            dimensions={**scope.where, **source.dimensions},
            measures=measures,
            units=_both(places.unit_subtree, source.where.get("unit"), scope.unit),
            territories=_both(places.territory_subtree, source.where.get("territory"), scope.territory),
        )

    def _value(self, passport: Passport, period: Period, scope: Scope) -> Value:
        if passport.formula is not None:
            return self._of_formula(passport, passport.formula, period, scope)
        if passport.fact_source is None:
            raise ValueError(f"{passport.code} has no source")
        return self._of_facts(passport, passport.fact_source, period, scope)

    def _counted(self, passport: Passport, source: FactSource, period: Period, scope: Scope) -> list[Cell]:
        return counted(self._taken(source, passport, period, scope), self._places(period.end))

    def _taken(self, source: FactSource, passport: Passport, period: Period, scope: Scope) -> list[Cell]:
        if any(source.dimensions.get(key, value) != value for key, value in scope.where.items()):
            return []
        selection = self.selection(passport, source, scope, self._places(period.end))
        figure = selection.dimensions.get("figure")
        near = self._figures.get((source.fact, figure), []) if figure else self._cells.get(source.fact, [])
        return [cell for cell in inside(near, period) if selection.takes(cell)]

    def _of_facts(self, passport: Passport, source: FactSource, period: Period, scope: Scope) -> Value:
        found = self.of_cells(passport.code, period, self._counted(passport, source, period, scope))
        return replace(found, unit=scope.unit, territory=scope.territory, where=dict(scope.where))

    def _quantity(self, passport: Passport, take: Take, cells: Sequence[Cell]) -> Quantity | None:
        if not cells:
            return None
        if take is Take.COUNT:
            return Quantity(Decimal(sum(cell.facts for cell in cells)))
        chosen = latest(cells) if take is Take.LAST else cells
        if take is Take.LAST and not passport.is_additive:
            chosen = [max(chosen, key=lambda cell: cell.period.end)]
        return arithmetic.add([self._in_measure(cell, passport.measure) for cell in chosen])

    def _in_measure(self, cell: Cell, measure: str) -> Quantity:
        quantity = cell.quantity or arithmetic.DISPUTED
        if cell.measure == measure:
            return quantity
        own, other = self.catalogue.measure(measure), self.catalogue.measure(cell.measure)
        return arithmetic.scaled(quantity, other.factor / own.factor)

    def _of_formula(self, passport: Passport, formula: Formula, period: Period, scope: Scope) -> Value:
        operands = [self.value(code, period, scope) for code in formula.references]
        missing = dict.fromkeys(part for operand in operands for part in operand.missing_parts)
        quantity = self.evaluate(formula, period, scope)
        if quantity is not None and passport.precision is not None:
            quantity = arithmetic.rounded(quantity, passport.precision)
        return self._result(
            passport,
            period,
            scope,
            quantity,
            facts=sum(operand.facts for operand in operands),
            missing=tuple(missing),
            is_period_stated=all(operand.is_period_stated for operand in operands),
        )

    def _result(
        self,
        passport: Passport,
        period: Period,
        scope: Scope,
        quantity: Quantity | None,
        *,
        facts: int,
        missing: tuple[Period, ...],
        is_period_stated: bool,
    ) -> Value:
        return Value(
            indicator=passport.code,
            period=period,
            quantity=quantity,
            measure=passport.measure,
            state=state_of(quantity, missing),
            unit=scope.unit,
            territory=scope.territory,
            where=dict(scope.where),
            facts=facts,
            missing_parts=missing,
            is_period_stated=is_period_stated,
        )


def convertible(catalogue: Catalogue, code: str) -> frozenset[str]:
    """Return the measures that convert to one; of counted things those that count as it, and no others."""
    measure = catalogue.measure(code)
    if measure.dimension == COUNT:
        return frozenset({code, *(one.code for one in catalogue.measures.values() if one.counts_as == code)})
    return frozenset(one.code for one in catalogue.measures.values() if one.dimension == measure.dimension)


def state_of(quantity: Quantity | None, missing: Sequence[Period]) -> State:
    """Return how far a value is known."""
    if quantity is None:
        return State.MISSING
    if quantity.qualifier is Qualifier.DISPUTED:
        return State.DISPUTED
    return State.PARTIAL if missing else State.KNOWN


def missing_parts(
    passport: Passport, period: Period, cells: Sequence[Cell], *, is_last: bool = False
) -> tuple[Period, ...]:
    """Return the calendar's periods for which nothing came; of a stock, those since the last value."""
    if passport.calendar is None or period.start is None:
        return ()
    every = passport.calendar.every
    if every is PeriodKind.CUMULATIVE or every.rank > period.kind.rank:
        return ()
    known = [cell.period for cell in cells]
    missing = [part for part in period.parts(every) if not any(_touches(part, one) for one in known)]
    if is_last and known:
        newest = max(one.end for one in known)
        missing = [part for part in missing if part.end > newest]
    return tuple(missing)


def _touches(part: Period, known: Period) -> bool:
    return known.contains(part) or part.contains(known)


def _both(
    subtree: Callable[[str], frozenset[str]], first: str | None, second: str | None
) -> frozenset[str] | None:
    found = [subtree(code) for code in (first, second) if code]
    return None if not found else frozenset.intersection(*found)
