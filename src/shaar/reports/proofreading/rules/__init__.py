"""The rules, one file each; a rule is a function from a text to findings."""

from collections.abc import Callable, Iterable

from shaar.reports.proofreading.findings import Finding
from shaar.reports.proofreading.rules import (
    anchored,
    appositions,
    balances,
    calendar,
    changes,
    differences,
    divided,
    durations,
    fractions,
    grammar,
    malformed,
    missing_total,
    multiples,
    no_period,
    parts,
    percents,
    products,
    rates,
    repeated,
    shares,
    summary,
    tables,
    totals,
    units,
)
from shaar.reports.proofreading.text import Text

Rule = Callable[[Text], Iterable[Finding]]
RULES: tuple[Rule, ...] = (
    malformed.find,
    parts.find,
    totals.find,
    percents.find,
    anchored.find,
    fractions.find,
    shares.find,
    divided.find,
    divided.find_scales,
    differences.find,
    differences.points,
    changes.find,
    balances.find,
    multiples.find,
    products.find,
    rates.find,
    calendar.find,
    appositions.find,
    durations.find,
    repeated.find,
    summary.find,
    tables.find,
    units.find,
    grammar.find,
    missing_total.find,
    no_period.find,
)
