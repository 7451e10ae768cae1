"""Reads behind the door: passports, values, series, breakdowns, tables, traces, findings, answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from shaar.access.api import Actor
from shaar.indicators import answers, kept, tracing
from shaar.indicators.catalogue import Catalogue, catalogue
from shaar.indicators.outcomes import Finding, Table, Trace, Value
from shaar.indicators.passports import Measure, Passport, Section
from shaar.indicators.reading import breakdown as read_breakdown
from shaar.indicators.reading import newest_year, reckoner
from shaar.indicators.reckoning import Scope
from shaar.indicators.rules import RuleContext, run_rules
from shaar.indicators.sources import ground
from shaar.indicators.tables import RowKey, read_table
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.once import one_look
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.texts import Text

MOST_KEPT_UP = 10
ScopeProvider = Callable[..., Iterable[str]]
_scopes: dict[str, ScopeProvider] = {}


def passport(code: str) -> Passport:
    """Return an indicator's passport; raise Refusal `unknown_indicator`."""
    return catalogue().passport(code)


def passports(*, section: str | None = None, codes: Iterable[str] | None = None) -> list[Passport]:
    """Return the current passports in the pack's order, of one section or of some codes if asked."""
    wanted = None if codes is None else frozenset(codes)
    return [
        one
        for one in catalogue().passports.values()
        if (section is None or one.section == section) and (wanted is None or one.code in wanted)
    ]


def sections() -> list[Section]:
    """Return the headings of indicators in the pack's order."""
    return list(catalogue().sections.values())


def measure(code: str) -> Measure:
    """Return a unit of measure; raise Refusal `unknown_measure`."""
    return catalogue().measure(code)


@one_look()
def value(
    code: str,
    period: Period,
    *,
    unit: str | None = None,
    territory: str | None = None,
    where: Mapping[str, str] | None = None,
) -> Value:
    """Return an indicator's value for a period, the subtree of a unit and the subtree of a territory.

    Raises Refusal `unknown_indicator`, `unknown_unit`, `unknown_territory`.
    """
    scope = Scope(unit, territory, where or {})
    return reckoner(catalogue(), [code], first=period.start, last=period.end).value(code, period, scope)


@one_look()
def values(codes: Iterable[str], period: Period) -> dict[str, Value]:
    """Return the values of many indicators for one period, read in one go."""
    wanted = list(codes)
    reader = reckoner(catalogue(), wanted, first=period.start, last=period.end)
    return {code: reader.value(code, period) for code in wanted}


@one_look()
def values_of_units(
    codes: Iterable[str], period: Period, *, units: Iterable[str]
) -> dict[tuple[str, str], Value]:
    """Return the values of many indicators for the subtree of each unit, read in one go; by code and unit."""
    wanted = list(codes)
    reader = reckoner(catalogue(), wanted, first=period.start, last=period.end)
    return {(code, unit): reader.value(code, period, Scope(unit)) for unit in units for code in wanted}


@one_look()
def series(
    code: str,
    kind: PeriodKind,
    *,
    first: date,
    last: date,
    unit: str | None = None,
    territory: str | None = None,
) -> list[Value]:
    """Return an indicator's values for each whole period of a kind from one day to another."""
    reader = reckoner(catalogue(), [code], first=first, last=last)
    parts = Period.cumulative(last, since=first).parts(kind)
    return [reader.value(code, part, Scope(unit, territory)) for part in parts]


@one_look()
def breakdown(
    code: str,
    period: Period,
    *,
    by: str,
    unit: str | None = None,
    territory: str | None = None,
) -> list[tuple[str, Text, Value]]:
    """Return an indicator's values by "territory", "unit" or a dimension of its facts: key, name, value."""
    return read_breakdown(catalogue(), code, period, by=by, scope=Scope(unit, territory))


@one_look()
def table(
    *, codes: Iterable[str] | None = None, by: Sequence[RowKey], kind: PeriodKind, first: date, last: date
) -> Table:
    """Return values of many indicators in bulk, split by any of "indicator", "period", "unit"."""
    known = catalogue()
    wanted = list(known.passports) if codes is None else list(codes)
    return read_table(known, wanted, by=by, kind=kind, first=first, last=last)


@one_look()
def trace(
    code: str,
    period: Period,
    *,
    unit: str | None = None,
    territory: str | None = None,
    where: Mapping[str, str] | None = None,
) -> Trace:
    """Return a figure with its facts, formula steps, findings and history, reversals included."""
    known = catalogue()
    scope = Scope(unit, territory, where or {})
    known.passport(code)
    said = _findings(known, None, period, on=clock.today(), only=None)
    found = answers.with_answers(one for one in said if code in one.indicators)
    return tracing.trace(known, code, period, scope, findings=found)


@one_look()
def traces(codes: Iterable[str], period: Period) -> dict[str, Trace]:
    """Return many figures with their facts, formulas and histories; findings are asked for apart."""
    known = catalogue()
    return {code: tracing.trace(known, code, period, Scope(None, None, {}), findings=()) for code in codes}


@one_look()
def findings(
    codes: Iterable[str] | None, period: Period, *, on: date | None = None, rules: Iterable[str] | None = None
) -> list[Finding]:
    """Return what the pack's rules find and confirm about indicators (None: all) in a period, with answers.

    `on` is the day by which reports are judged due (today by default).
    """
    known = catalogue()
    wanted = None if codes is None else [known.passport(code).code for code in codes]
    chosen = None if rules is None else frozenset(rules)
    return answers.with_answers(_findings(known, wanted, period, on=on or clock.today(), only=chosen))


def state() -> str | None:
    """Return a short text that changes whenever a value or a finding may have; None where it is not told."""
    return kept.state(catalogue())


@one_look()
def keep_findings() -> None:
    """Reckon what was asked lately and has changed since, and the newest year, before anyone asks."""
    known = catalogue()
    asked = [*kept.asked_lately(MOST_KEPT_UP), (None, newest_year())]
    for codes, period in asked:
        if codes is None or known.passports.keys() >= set(codes):
            _findings(known, codes, period, on=clock.today(), only=None)


def _findings(
    known: Catalogue, wanted: Sequence[str] | None, period: Period, *, on: date, only: frozenset[str] | None
) -> list[Finding]:
    said = kept.findings(known, wanted, period, on=on, reckon=lambda: _run(known, wanted, period, on=on))
    return [one for one in said if only is None or one.rule in only]


def _run(known: Catalogue, codes: Sequence[str] | None, period: Period, *, on: date) -> list[Finding]:
    if not known.rules:
        return []
    wanted = list(known.passports) if codes is None else codes
    context = RuleContext(
        catalogue=known,
        reckoner=reckoner(known, _with_named(known, wanted), first=_year_before(period), last=period.end),
        period=period,
        codes=frozenset(wanted),
        setting=known.rules[0],
        is_due=lambda part, calendar: ground().is_due(part, calendar, on=on),
    )
    with one_look():
        return list(run_rules(context, known.rules))


def answer_finding(key: str, *, actor: Actor, at: datetime, text: str) -> None:
    """Write an answer to a finding beside the earlier ones; raise Refusal `forbidden`, `answer_empty`."""
    answers.answer(key, actor=actor, at=at, text=text)


def register_scope(name: str, provider: ScopeProvider) -> None:
    """Add a named set of indicators, such as "programme": `provider(code, year=…)` returns their codes."""
    _scopes[name] = provider


def scope_codes(name: str, code: str, *, year: int) -> list[str]:
    """Return the indicators of a named set; raise Refusal `unknown_scope`."""
    if (provider := _scopes.get(name)) is None:
        raise Refusal("unknown_scope", _("Nothing here knows what “%(name)s” is.") % {"name": name})
    return list(provider(code, year=year))


def _with_named(known: Catalogue, codes: Iterable[str]) -> list[str]:
    """Return the indicators and all that rules compare them with."""
    found: dict[str, None] = {}
    for code in codes:
        one = known.passport(code)
        named = one.expected.references if one.expected else ()
        plan = (one.plan,) if one.plan else ()
        found |= dict.fromkeys([code, *one.parts, *one.covered, *one.added, *one.removed, *plan, *named])
    return [code for code in found if code in known.passports]


def _year_before(period: Period) -> date | None:
    if period.start is None or period.kind is PeriodKind.CUMULATIVE:
        return period.start
    return period.previous().start
