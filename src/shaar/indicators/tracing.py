"""Follows a figure down to the facts, records and papers under it."""

from collections.abc import Iterable
from dataclasses import replace

from shaar.indicators.catalogue import Catalogue
from shaar.indicators.cells import Cell
from shaar.indicators.formulas import Step, steps
from shaar.indicators.outcomes import Finding, Trace, TracedFact, TracedOperand
from shaar.indicators.passports import Passport
from shaar.indicators.reading import reckoner
from shaar.indicators.reckoning import Reckoner, Scope
from shaar.indicators.sources import ground
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period


def trace(
    catalogue: Catalogue, code: str, period: Period, scope: Scope, *, findings: Iterable[Finding]
) -> Trace:
    """Return a figure and everything under it."""
    passport = catalogue.passport(code)
    reader = reckoner(catalogue, [code], first=period.start, last=period.end)
    known = _facts(reader, passport, period, scope)
    return Trace(
        passport=passport,
        value=reader.value(code, period, scope),
        facts=tuple(fact for fact in known if fact.is_counted),
        operands=tuple(
            TracedOperand(catalogue.passport(named), reader.value(named, period, scope))
            for named in passport.references
        ),
        steps=_steps(reader, passport, period, scope),
        findings=tuple(one for one in findings if code in one.indicators),
        history=tuple(known),
    )


def _facts(reader: Reckoner, passport: Passport, period: Period, scope: Scope) -> list[TracedFact]:
    source = passport.fact_source
    if source is None:
        return []
    base = ground()
    selection = reader.selection(passport, source, scope, base.places(period.end))
    found = base.facts(selection, first=period.start, last=period.end)
    entered = {_key_of_cell(cell) for cell in reader.counted(passport.code, period, scope)}
    return [_marked(fact, entered) for fact in found if period.contains(fact.period)]


def _marked(fact: TracedFact, entered: set[tuple[object, ...]]) -> TracedFact:
    stands = fact.reverses is None and fact.reversed_by is None
    return replace(fact, is_counted=stands and _key_of_fact(fact) in entered)


def _key_of_cell(cell: Cell) -> tuple[object, ...]:
    dimensions = tuple(sorted(cell.dimensions.items()))
    return cell.type, cell.measure, dimensions, cell.unit, cell.territory, cell.period


def _key_of_fact(fact: TracedFact) -> tuple[object, ...]:
    dimensions = tuple(sorted(fact.dimensions.items()))
    return fact.type, fact.measure, dimensions, fact.unit, fact.territory, fact.period


def _steps(reader: Reckoner, passport: Passport, period: Period, scope: Scope) -> tuple[Step, ...]:
    if passport.formula is None:
        return ()
    try:
        return steps(passport.formula, lambda named: reader.value(named, period, scope).quantity)
    except Refusal:
        return ()
