"""What the staff pages show: reports by state, who owes one, and what a report holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shaar.access.api import Actor, can, scope
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.programme import models, queries, reporting
from shaar.programme.facts import FIGURE_REPORTED
from shaar.programme.outcomes import EntryView, FigureView, MeasureView, ReportView
from shaar.programme.permissions import REPORT, VIEW
from shaar.programme.workflow import EDITABLE, RETURNED, UNIT_REPORT

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Filed:
    """A unit's report in a list."""

    id: int
    unit: Text
    programme: Text
    period: Period
    state: str
    state_name: Words
    due_at: datetime | None
    is_overdue: bool
    is_open: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator that a report asks for, with what it says of it."""

    passport: indicators.Passport
    symbol: Text
    territory: str | None
    held: FigureView | None


@dataclass(frozen=True, slots=True)
class Item:
    """A measure that a report asks for, with what it says of it and the figures that belong to it."""

    measure: MeasureView
    entry: EntryView | None
    figures: tuple[Figure, ...]
    files: tuple[cases.FileView, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A unit's report as its page shows it."""

    report: ReportView
    unit: Text
    programme: Text
    period: Period
    state_name: Words
    items: tuple[Item, ...]
    is_editable: bool


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a report's history, with what was done in words."""

    line: cases.EventView
    words: Words

    @property
    def text(self) -> str:
        """Return what a person wrote; a reminder's text is only the number of its level."""
        return "" if self.line.kind == "escalated" else self.line.text


def history(case_id: int) -> list[Event]:
    """Return what happened to a report, the oldest first."""
    return [Event(one, _words(one)) for one in cases.timeline(case_id)]


def _words(line: cases.EventView) -> Words:
    """Return what was done, as a step that is over: `handed in` where its button said `hand in`."""
    if line.transition == "reopen":
        return _("opened again")
    return UNIT_REPORT.state(line.target).name if line.transition else line.name


def remark(events: Sequence[Event]) -> cases.EventView | None:
    """Return the step that returned the report last, with its remark, whatever happened since."""
    return next((one.line for one in reversed(events) if one.line.target == RETURNED), None)


def filed(actor: Actor, verb: str, *, at: datetime, is_open: bool = False) -> list[Filed]:
    """Return the reports of the units where the person has a verb, in three queries; `is_open` those owed."""
    allowed = scope(actor, verb)
    rows = list(
        models.UnitReport.objects.select_related("round__programme__territory", "unit").order_by(
            "-round__last_day", "round__programme__code", "unit__code"
        )
    )
    states = cases.get_many([row.case_id for row in rows])
    names = _names()
    return [
        _filed(row, states[row.case_id], names, at)
        for row in rows
        if row.case_id in states
        and allowed.covers(unit=row.unit.code)
        and (not is_open or states[row.case_id].state in EDITABLE)
    ]


def sheet(report: int, *, actor: Actor) -> Sheet:
    """Return a report with all that its page shows; Refusal `unknown_report`, `forbidden`."""
    view = reporting.unit_report(report)
    if not can(actor, VIEW, unit=view.unit):
        raise Refusal("forbidden", "")
    period = Period.parse(view.round.period)
    programme = queries.programme(view.round.programme, on=period.end)
    found = {
        one.code: one for one in queries.own_measures(programme.code, year=period.end.year, on=period.end)
    }
    wanted = [found[code] for code in view.measures if code in found]
    state = cases.get(view.case_id)
    return Sheet(
        report=view,
        unit=_names().get(view.unit, Text(view.unit)),
        programme=programme.name,
        period=period,
        state_name=state.state_name,
        items=tuple(_items(view, wanted)),
        is_editable=view.state in EDITABLE and can(actor, REPORT, unit=view.unit),
    )


def _items(view: ReportView, wanted: Iterable[MeasureView]) -> Iterable[Item]:
    entries = {one.measure: one for one in view.entries}
    held = {(one.indicator, one.territory): one for one in view.figures}
    by_code = {one.indicator: one for one in view.figures}
    files = {one.id: one for one in cases.files_of(view.case_id)}
    shown: set[str] = set()
    for one in wanted:
        codes = [code for code in one.indicators if code not in shown]
        shown.update(codes)
        entry = entries.get(one.code)
        yield Item(
            measure=one,
            entry=entry,
            figures=tuple(_figure(passport, held, by_code) for passport in _asked(codes)),
            files=tuple(files[number] for number in (entry.files if entry else ()) if number in files),
        )


def _asked(codes: list[str]) -> list[indicators.Passport]:
    """Return the passports of the indicators whose figures units report by hand."""
    known = {one.code: one for one in indicators.passports(codes=codes)}
    return [
        known[code]
        for code in codes
        if code in known and (source := known[code].fact_source) and source.fact == FIGURE_REPORTED.name
    ]


def _figure(
    passport: indicators.Passport,
    held: Mapping[tuple[str, str], FigureView],
    by_code: Mapping[str, FigureView],
) -> Figure:
    territory = passport.where.get("territory")
    return Figure(
        passport=passport,
        symbol=indicators.measure(passport.measure).symbol,
        territory=territory,
        held=held.get((passport.code, territory)) if territory else by_code.get(passport.code),
    )


def _filed(row: models.UnitReport, case: cases.CaseView, names: Mapping[str, Text], at: datetime) -> Filed:
    is_open = case.state in EDITABLE
    return Filed(
        id=row.pk,
        unit=names.get(row.unit.code, Text(row.unit.code)),
        programme=row.round.programme.name,
        period=Period.parse(row.round.period),
        state=case.state,
        state_name=case.state_name,
        due_at=case.due_at,
        is_overdue=is_open and case.is_overdue(at),
        is_open=is_open,
        is_demo=row.round.is_demo,
    )


def _names() -> dict[str, Text]:
    from shaar.kernel import clock

    return {unit.code: unit.short if unit.short.ru else unit.name for unit in city.units(on=clock.today())}
