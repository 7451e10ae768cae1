"""Reads cells for many values in one go, and builds series, breakdowns and tables from them."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from shaar.indicators.catalogue import Catalogue, catalogue
from shaar.indicators.cells import Selection
from shaar.indicators.outcomes import State, Value
from shaar.indicators.passports import Passport, Take
from shaar.indicators.reckoning import Reckoner, Scope, convertible
from shaar.indicators.sources import ground
from shaar.kernel import clock
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text

MOST_CHILDREN = 60


def newest_year() -> Period:
    """Return the newest year for which an indicator has facts, the last full year when there is none."""
    newest = ground().newest(_all_selections(catalogue()))
    return Period.year(newest.year if newest else clock.today().year - 1)


@lru_cache(maxsize=4)
def _all_selections(known: Catalogue) -> tuple[Selection, ...]:
    return tuple(selections(known, known.passports.values()))


def closure(catalogue: Catalogue, codes: Iterable[str]) -> list[Passport]:
    """Return the passports of some indicators and of all that their formulas need."""
    found: dict[str, Passport] = {}
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found[code] = catalogue.passport(code)
            waiting.extend(found[code].references)
    return list(found.values())


def selections(catalogue: Catalogue, passports: Iterable[Passport]) -> list[Selection]:
    """Return the widest selection of each passport that reads facts, each once."""
    found: dict[tuple[object, ...], Selection] = {}
    for passport in passports:
        source = passport.fact_source
        if source is None:
            continue
        measures = None if source.take is Take.COUNT else convertible(catalogue, passport.measure)
        key = (source.fact, tuple(sorted(source.dimensions.items())), measures)
        found.setdefault(key, Selection(source.fact, source.dimensions, measures))
    return list(found.values())


def reckoner(catalogue: Catalogue, codes: Iterable[str], *, first: date | None, last: date) -> Reckoner:
    """Return a reckoner that knows every cell of some indicators between two days."""
    wanted = selections(catalogue, closure(catalogue, codes))
    base = ground()
    cells = base.cells(wanted, first=first, last=last) if wanted else []
    return Reckoner(catalogue, cells, base.places)


def breakdown(
    catalogue: Catalogue, code: str, period: Period, *, by: str, scope: Scope
) -> list[tuple[str, Text, Value]]:
    """Return an indicator's values by territory, unit or dimension, in the order of their keys."""
    reader = reckoner(catalogue, [code], first=period.start, last=period.end)
    return breakdown_rows(reader, code, period, by=by, scope=scope)


def breakdown_rows(
    reader: Reckoner, code: str, period: Period, *, by: str, scope: Scope
) -> list[tuple[str, Text, Value]]:
    """Return a breakdown from cells that were read before."""
    if by == "territory":
        return _by_territory(reader, code, period, scope)
    if by == "unit":
        return _by_unit(reader, code, period, scope)
    return _by_dimension(reader, code, period, by, scope)


def _by_territory(reader: Reckoner, code: str, period: Period, scope: Scope) -> list[tuple[str, Text, Value]]:
    """Return the values of the territories just below, of the kinds for which anything is stated."""
    children = ground().territories_under(scope.territory, on=period.end)
    names = ground().territories(children, on=period.end)
    found = [
        (child, names[child], reader.value(code, period, Scope(scope.unit, child, scope.where)))
        for child in children
    ]
    kinds = ground().territory_kinds(children, on=period.end)
    stated = {kinds[child] for child, _name, value in found if value.state is not State.MISSING}
    siblings = [row for row in found if kinds[row[0]] in stated]
    if len(siblings) <= MOST_CHILDREN:
        return siblings
    return [row for row in siblings if row[2].state is not State.MISSING]


def _by_unit(reader: Reckoner, code: str, period: Period, scope: Scope) -> list[tuple[str, Text, Value]]:
    codes = sorted({cell.unit for cell in reader.stated(code, period, scope)})
    names = ground().units(codes, on=period.end)
    return [
        (unit, names[unit], reader.value(code, period, Scope(unit, scope.territory, scope.where)))
        for unit in codes
    ]


def _by_dimension(
    reader: Reckoner, code: str, period: Period, by: str, scope: Scope
) -> list[tuple[str, Text, Value]]:
    cells = reader.stated(code, period, scope)
    keys = sorted({cell.dimensions[by] for cell in cells if by in cell.dimensions})
    return [
        (
            key,
            _kind_name(reader.catalogue, by, key),
            reader.value(code, period, Scope(scope.unit, scope.territory, {**scope.where, by: key})),
        )
        for key in keys
    ]


def _kind_name(catalogue: Catalogue, by: str, key: str) -> Text:
    """Return the name that the pack gives to a value of a dimension, or else the value as it is written."""
    dimension = catalogue.dimensions.get(by)
    return dimension.values.get(key, Text(key)) if dimension else Text(key)
