"""What the public pages of a programme show, gathered in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.programme import queries
from shaar.programme.models import Status
from shaar.programme.outcomes import (
    IndicatorData,
    MeasureView,
    NodeView,
    ProgrammeView,
    ProgressSummary,
    RevisionView,
    StatedTotals,
    TargetData,
)
from shaar.ui.charts import Chart, Series, bar

UNKNOWN_STATUS = "unknown"
STATUSES: Mapping[str, str | Promise] = {
    **{str(status.value): status.label for status in Status},
    UNKNOWN_STATUS: gettext_lazy("not stated"),
}


# What kinds of programmes there are; a pack may name others, which are then called programmes.
KINDS: Mapping[str, str | Promise] = {
    "development": gettext_lazy("Programme"),
    "plan": gettext_lazy("Plan of action"),
    "contract": gettext_lazy("Contract"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """The year that a page is about, and the day on which its plan is read."""

    year: int
    on: date
    is_dated: bool

    @property
    def period(self) -> Period:
        """Return the year as a period."""
        return Period.year(self.year)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list of measures; empty ones let everything through."""

    status: str = ""
    direction: int | None = None
    unit: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A measure in a list: its status in words and the names of its units."""

    measure: MeasureView
    status: str
    status_name: str | Promise
    responsible: tuple[Text, ...]
    co: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A direction with the number of its measures, in all and by status."""

    node: NodeView
    count: int
    counts: tuple[tuple[str, str | Promise, int], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """A target of a measure beside what was reached."""

    target: TargetData
    reached: indicators.Value | None


@dataclass(frozen=True, slots=True)
class Linked:
    """An indicator of a measure with its value of the year and its targets."""

    data: IndicatorData
    passport: indicators.Passport
    symbol: Text
    value: indicators.Value
    targets: tuple[Judged, ...]


def year_of(view: ProgrammeView, asked: str) -> int:
    """Return the asked year if the programme runs in it, else the last year that a source counts."""
    if asked.isdecimal() and view.first_year <= int(asked) <= view.last_year:
        return int(asked)
    counted = [one.year for one in view.stated_totals]
    return max(counted) if counted else min(max(clock.today().year, view.first_year), view.last_year)


def moment(code: str, *, year: str, on: str) -> tuple[ProgrammeView, Moment]:
    """Return a programme with its plan of the asked day; Refusal `malformed_date`, `unknown_programme`."""
    if on:
        day = _day(on)
        view = queries.programme(code, on=day)
        return view, Moment(min(max(day.year, view.first_year), view.last_year), day, is_dated=True)
    view = queries.programme(code, on=date.max)
    chosen = year_of(view, year)
    day = date(chosen, 12, 31)
    return queries.programme(code, on=day), Moment(chosen, day, is_dated=False)


def lines(code: str, when: Moment, asked: Asked | None = None) -> list[Line]:
    """Return the measures of a year that the filters let through, in the plan's order."""
    wanted = asked or Asked()
    found = queries.measures(
        code, year=when.year, on=when.on, direction=wanted.direction, unit=wanted.unit or None
    )
    names = unit_names(when.on)
    everything = (_line(one, names) for one in found)
    words = wanted.query.casefold().split()
    return [
        line
        for line in everything
        if (not wanted.status or line.status == wanted.status) and _holds(line.measure, words)
    ]


def line_of(one: MeasureView, on: date) -> Line:
    """Return one measure as a list shows it."""
    return _line(one, unit_names(on))


def cards(view: ProgrammeView, found: Sequence[Line]) -> list[Card]:
    """Return the directions of a plan with the number of their measures by status."""
    counts: dict[int, Counter[str]] = {}
    for line in found:
        counts.setdefault(line.measure.direction, Counter())[line.status] += 1
    return [
        Card(node, sum(counts.get(node.number, Counter()).values()), _by_status(counts.get(node.number, {})))
        for node in view.directions
    ]


def counts(found: Iterable[Line]) -> Counter[str]:
    """Return how many measures there are in each status."""
    return Counter(line.status for line in found)


def status_chart(counts: Mapping[str, int], *, language: str) -> Chart | None:
    """Draw how many measures there are in each status; None where there are no measures."""
    rows = _by_status(counts)
    if not rows:
        return None
    return bar(
        [str(name).capitalize() for _code, name, _count in rows],
        [Series(_("Measures"), [Decimal(count) for _code, _name, count in rows])],
        title=_("Itemised measures by status"),
        language=language,
        heading=_("Status"),
    )


def totals(view: ProgrammeView, year: int) -> StatedTotals | None:
    """Return which indicators hold the totals that a source states for a year."""
    return next((one for one in view.stated_totals if one.year == year), None)


def unlisted(summary: ProgressSummary) -> Decimal:
    """Return by how many measures the stated total differs from the itemised ones; 0 where none is stated."""
    return Decimal(0) if summary.stated_all is None else summary.stated_all - summary.itemised


def linked(one: MeasureView, year: int) -> list[Linked]:
    """Return the indicators of a measure with their values of a year and of each target's period."""
    codes = [link.code for link in one.linked]
    passports = {found.code: found for found in indicators.passports(codes=codes)}
    periods = {str(Period.year(year))} | {target.period for _code, target in one.targets}
    values = {period: indicators.values(passports, Period.parse(period)) for period in sorted(periods)}
    return [
        Linked(
            data=link,
            passport=passports[link.code],
            symbol=indicators.measure(passports[link.code].measure).symbol,
            value=values[str(Period.year(year))][link.code],
            targets=tuple(Judged(each, values[each.period].get(link.code)) for each in link.targets),
        )
        for link in one.linked
        if link.code in passports
    ]


def revisions_of(view: ProgrammeView) -> list[RevisionView]:
    """Return the enacted revisions of a plan in order."""
    return [one for one in view.revisions if one.enacted_at]


def unit_names(on: date) -> dict[str, Text]:
    """Return the short names of the units of a day by code."""
    return {unit.code: unit.short if unit.short.ru else unit.name for unit in city.units(on=on)}


def responsible_units(found: Iterable[MeasureView], on: date) -> list[tuple[str, Text]]:
    """Return the units that answer for the measures, by name."""
    names = unit_names(on)
    codes = {code for one in found for code in (*one.responsible, *one.co)}
    return sorted(((code, names.get(code, Text(code))) for code in codes), key=lambda pair: pair[1].ru)


def _line(one: MeasureView, names: Mapping[str, Text]) -> Line:
    status = one.status or UNKNOWN_STATUS
    return Line(
        measure=one,
        status=status,
        status_name=STATUSES[status],
        responsible=tuple(names.get(code, Text(code)) for code in one.responsible),
        co=tuple(names.get(code, Text(code)) for code in one.co),
    )


def _holds(one: MeasureView, words: Iterable[str]) -> bool:
    """Tell whether a measure's texts hold every word, however it is spelt in capitals."""
    text = " ".join((one.number or "", one.code, one.text.ru, one.text.ky, one.text.en)).casefold()
    return all(word in text for word in words)


def _by_status(counts: Mapping[str, int]) -> tuple[tuple[str, str | Promise, int], ...]:
    return tuple((code, name, counts[code]) for code, name in STATUSES.items() if counts.get(code))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("malformed_date", _("Write the date as year-month-day, such as 2022-12-31.")) from None
