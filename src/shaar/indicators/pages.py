"""What the pages of indicators show, gathered in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise

from shaar.indicators.catalogue import Catalogue
from shaar.indicators.labels import APPROVALS
from shaar.indicators.outcomes import Finding, Outcome, State, Trace, TracedFact, Value
from shaar.indicators.passports import Measure, Passport, Section
from shaar.indicators.reading import breakdown_rows, newest_year, reckoner
from shaar.indicators.reckoning import WHOLE, Reckoner
from shaar.indicators.sources import ground
from shaar.kernel.clock import city_date
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.texts import Text

YEARS_OF_TREND = 5
PARTS_OF_TREND = 12
MOST_PLACED = 16


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator with its value."""

    passport: Passport
    measure: Measure
    value: Value


@dataclass(frozen=True, slots=True)
class Heading:
    """A section with its indicators."""

    section: Section
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """An indicator's values by one key; `by` is territory, unit or a dimension."""

    by: str
    rows: tuple[tuple[str, Text, Value], ...]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator: its value, plan, trend and breakdowns."""

    line: Line
    plan: Line | None
    trend: tuple[Value, ...]
    breakdowns: tuple[Breakdown, ...]
    parts: tuple[Line, ...]
    operands: tuple[Line, ...]


def asked_period(code: str) -> Period:
    """Return the period that an address names, the newest year when it names none."""
    return Period.parse(code) if code else newest_year()


def headings(known: Catalogue, period: Period, *, query: str = "", section: str = "") -> list[Heading]:
    """Return the sections with the indicators that match a search, each with its value."""
    wanted = [one for one in known.passports.values() if _matches(one, query, section)]
    reader = reckoner(known, [one.code for one in wanted], first=period.start, last=period.end)
    lines: dict[str, list[Line]] = {}
    for passport in wanted:
        lines.setdefault(passport.section, []).append(_line(known, reader, passport.code, period))
    return [Heading(one, tuple(lines[one.code])) for one in known.sections.values() if one.code in lines]


def indicator_page(known: Catalogue, code: str, period: Period) -> IndicatorPage:
    """Return what the page of one indicator shows; raise Refusal `unknown_indicator`."""
    passport = known.passport(code)
    parts = [part for part in (*passport.parts, *passport.covered) if part in known.passports]
    named = [code, *parts, *passport.references, *([passport.plan] if passport.plan else [])]
    kind = _trend_kind(passport, period)
    first = _trend_start(period, kind)
    reader = reckoner(known, named, first=first, last=period.end)
    trend = Period.cumulative(period.end, since=first).parts(kind)
    return IndicatorPage(
        line=_line(known, reader, code, period),
        plan=_line(known, reader, passport.plan, period) if passport.plan else None,
        trend=tuple(reader.value(code, part) for part in trend),
        breakdowns=tuple(_breakdowns(reader, code, period)),
        parts=tuple(_line(known, reader, part, period) for part in parts),
        operands=tuple(_line(known, reader, named, period) for named in passport.references),
    )


@dataclass(frozen=True, slots=True)
class NamedFact:
    """A fact with the names of its unit and territory."""

    fact: TracedFact
    unit: Text
    territory: Text

    @property
    def approvals(self) -> list[tuple[str | Promise, date]]:
        """Return each step of the approval and its day; who took it stays in the record of changes."""
        taken = self.fact.approval
        steps = [(step, taken.get(f"{step}_at")) for step in APPROVALS if f"{step}_by" in taken]
        return [(APPROVALS[step], city_date(datetime.fromisoformat(at))) for step, at in steps if at]


@dataclass(frozen=True, slots=True)
class Names:
    """The facts under a figure, and the names of units and territories met there."""

    facts: tuple[NamedFact, ...]
    units: dict[str, Text]
    territories: dict[str, Text]


def named(trace: Trace) -> Names:
    """Return the names of what a trace shows, as they were on the period's last day."""
    base, on = ground(), trace.value.period.end
    asked_unit = [trace.value.unit] if trace.value.unit else []
    asked_territory = [trace.value.territory] if trace.value.territory else []
    units = base.units(sorted({*asked_unit, *(fact.unit for fact in trace.facts)}), on=on)
    territories = base.territories(
        sorted({*asked_territory, *(fact.territory for fact in trace.facts)}), on=on
    )
    facts = (NamedFact(fact, units[fact.unit], territories[fact.territory]) for fact in trace.facts)
    return Names(tuple(facts), units, territories)


def middles(page: IndicatorPage, period: Period) -> dict[str, tuple[float, float]]:
    """Return where the territories of a breakdown lie; nothing when there are none or too many to draw."""
    codes = [key for one in page.breakdowns if one.by == "territory" for key, _name, _value in one.rows]
    return ground().middles(codes, on=period.end) if 0 < len(codes) <= MOST_PLACED else {}


def chosen(
    findings: Sequence[Finding], *, rule: str = "", severity: str = "", state: str = "", query: str = ""
) -> list[Finding]:
    """Return the findings that a person's filters leave; `state` is open, answered or confirmed."""
    return [
        one
        for one in findings
        if (not rule or one.rule == rule)
        and (not severity or one.severity == severity)
        and _state(one) in ({state} if state else {"open", "answered"})
        and (not query or query.lower() in str(one.message).lower() or query in one.rows)
    ]


def _state(finding: Finding) -> str:
    if finding.outcome is Outcome.CONFIRMED:
        return "confirmed"
    return "answered" if finding.answers else "open"


def _matches(passport: Passport, query: str, section: str) -> bool:
    if section and passport.section != section:
        return False
    words = f"{passport.name.ru} {passport.name.ky} {passport.name.en} {passport.code} {passport.row}".lower()
    return all(word in words for word in query.lower().split())


def _line(known: Catalogue, reader: Reckoner, code: str, period: Period) -> Line:
    passport = known.passport(code)
    return Line(passport, known.measure(passport.measure), reader.value(code, period))


def _trend_kind(passport: Passport, period: Period) -> PeriodKind:
    every = passport.calendar.every if passport.calendar else PeriodKind.YEAR
    kind = PeriodKind.YEAR if every in {PeriodKind.CUMULATIVE, PeriodKind.DAY} else every
    return kind if period.start is None or kind.rank <= period.kind.rank else period.kind


def _trend_start(period: Period, kind: PeriodKind) -> date:
    part = Period.of(period.end, kind)
    for _step in range((YEARS_OF_TREND if kind is PeriodKind.YEAR else PARTS_OF_TREND) - 1):
        part = part.previous()
    return min(part.start or part.end, period.start or part.end)


def _breakdowns(reader: Reckoner, code: str, period: Period) -> list[Breakdown]:
    cells = reader.stated(code, period)
    fixed = {"figure", *reader.catalogue.passport(code).where}
    dimensions = sorted({key for cell in cells for key in cell.dimensions} - fixed)
    found: list[Breakdown] = []
    for by in ("territory", *dimensions, "unit"):
        try:
            rows = breakdown_rows(reader, code, period, by=by, scope=WHOLE)
        except Refusal:
            continue
        if sum(1 for _key, _name, value in rows if value.state is not State.MISSING) > 1:
            found.append(Breakdown(by, tuple(rows)))
    return found
