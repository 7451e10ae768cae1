"""What a report takes from a programme: its name, directions, acts, itemised measures and indicators."""

from dataclasses import dataclass
from datetime import date

from shaar.city import api as city
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.programme import api as programme
from shaar.programme.api import MeasureView
from shaar.reports.snapshot import Act, Direction, PlannedMeasure


@dataclass(frozen=True, slots=True)
class Plan:
    """A programme's year as a report needs it."""

    code: str
    name: Text
    author: Text
    directions: tuple[Direction, ...]
    acts: tuple[Act, ...]
    measures: tuple[PlannedMeasure, ...]
    indicators: tuple[str, ...]


def plan(code: str, year: int) -> Plan:
    """Return a programme as it stood on the last day of a year; raise Refusal `unknown_programme`."""
    on = date(year, 12, 31)
    view = programme.programme(code, on=on)
    return Plan(
        code=code,
        name=view.full_name,
        author=_unit_name(view.unit, on),
        directions=tuple(Direction(number=int(one.number), name=one.name) for one in view.directions),
        acts=tuple(Act(code=act.code, name=act.name) for act in programme.acts()),
        measures=tuple(_measure(one, on) for one in programme.measures(code, year=year, on=on)),
        indicators=tuple(programme.indicator_codes(code, year=year)),
    )


def _measure(view: MeasureView, on: date) -> PlannedMeasure:
    return PlannedMeasure(
        code=view.code,
        number=view.number or "",
        text=view.text,
        direction=int(view.direction),
        responsible=tuple(_unit_name(code, on) for code in view.responsible),
        status=str(view.status or ""),
    )


def _unit_name(code: str, on: date) -> Text:
    try:
        return city.unit(code, on=on).name
    except Refusal:
        return Text(code)
