"""Gathers a snapshot through the doors of indicators and programme: all that a report ever reads."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from shaar.indicators import api as indicators
from shaar.indicators.api import Passport, Trace, UnitOfMeasure, Value
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import Text
from shaar.reports.forms import Form
from shaar.reports.programmes import plan
from shaar.reports.snapshot import Figure, Finding, Snapshot, Source

# Things of these dimensions are counted and named («14 единиц»); others take the symbol («150,6 км»).
COUNTED = frozenset({"count", "time"})
# Numbers of this dimension count nothing: «2.0» is the name of a version and takes no unit.
NAMES = "none"
NOTHING = Quantity(None, None, Qualifier.DISPUTED, "")


def gather(programme: str, year: int, *, form: Form, at: datetime) -> Snapshot:
    """Return everything that the report of a programme's year says; raise Refusal `unknown_programme`."""
    planned = plan(programme, year)
    period = Period.year(year)
    codes = _with_charts(planned.indicators, form)
    return Snapshot(
        programme=programme,
        programme_name=planned.name,
        author=planned.author,
        year=year,
        taken_at=at.replace(microsecond=0),
        figures=figures(codes, period),
        findings=tuple(_finding(one) for one in indicators.findings(codes, period)),
        acts=planned.acts,
        measures=planned.measures,
        directions=planned.directions,
        charts=form.charts,
        templates=form.templates,
        template_files=form.files,
    )


def figures(codes: Iterable[str], period: Period) -> tuple[Figure, ...]:
    """Return the figures of a period in the order of the pack's passports."""
    wanted = frozenset(codes)
    passports = [one for one in indicators.passports() if one.code in wanted]
    values = indicators.values([one.code for one in passports], period)
    traces = indicators.traces([one.code for one in passports], period)
    return tuple(_figure(one, values[one.code], traces[one.code], period) for one in passports)


def _figure(passport: Passport, value: Value, trace: Trace, period: Period) -> Figure:
    measure = indicators.measure(value.measure or passport.measure)
    quantity = value.quantity or NOTHING
    return Figure(
        indicator=passport.code,
        name=passport.name,
        period=str(period),
        state=value.state.value,
        unit=Text("") if measure.dimension == NAMES else measure.symbol,
        section=passport.section,
        row=passport.row,
        owner=passport.owner,
        territory=passport.where.get("territory", ""),
        value=quantity.value,
        upper=quantity.upper,
        qualifier=quantity.qualifier if value.quantity else Qualifier.EXACT,
        as_written=quantity.as_written,
        noun=_noun(passport, measure),
        precision=passport.precision,
        plan=passport.plan,
        sources=_sources(trace),
        note=passport.note or Text(""),
    )


def _noun(passport: Passport, measure: UnitOfMeasure) -> Text:
    if passport.nouns:
        return Text(passport.nouns.get("ru", ""), passport.nouns.get("ky", ""), passport.nouns.get("en", ""))
    return measure.one if measure.dimension in COUNTED else Text("")


def _sources(trace: Trace) -> tuple[Source, ...]:
    found = [
        Source(kind=paper.kind, ref=paper.ref, title=paper.title, place=paper.place, sha256=paper.sha256)
        for fact in trace.facts
        for paper in fact.evidence
    ]
    return tuple(dict.fromkeys(found))


def _finding(finding: indicators.Finding) -> Finding:
    return Finding(
        key=finding.key,
        rule=finding.rule,
        outcome=finding.outcome.value,
        severity=finding.severity.value,
        indicators=finding.indicators,
        period=str(finding.period),
        message=finding.message,
        rows=finding.rows,
        answer=finding.answers[-1].text if finding.answers else "",
    )


def _with_charts(codes: Sequence[str], form: Form) -> list[str]:
    charted = [code for chart in form.charts for code in chart.indicators]
    return list(dict.fromkeys([*codes, *charted]))
