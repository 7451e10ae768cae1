"""What a line of the budget pays for: measures of programmes and indicators, named by a person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor, acting, check
from shaar.budget import totals
from shaar.budget.models import Line
from shaar.budget.permissions import AMEND
from shaar.indicators import api as indicators
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.texts import Text
from shaar.programme import api as programme

INDICATOR, MEASURE = "indicator", "measure"


@dataclass(frozen=True, slots=True)
class Result:
    """A measure or an indicator that a line may pay for; `code` of a measure holds its programme."""

    kind: str
    code: str
    name: Text

    @property
    def key(self) -> str:
        """What a form sends for it."""
        return f"{self.kind}:{self.code}"

    @property
    def programme(self) -> str:
        """The programme of a measure."""
        return self.code.partition("/")[0]

    @property
    def measure(self) -> str:
        """The code of a measure in its programme."""
        return self.code.partition("/")[2]


def results(year: int) -> list[Result]:
    """Return every measure that runs in a year and every indicator that is not money itself."""
    measures = [
        Result(MEASURE, f"{one.code}/{measure.code}", measure.text)
        for one in programme.programmes()
        for measure in programme.measures(one.code, year=year)
        if measure.programme == one.code
    ]
    figures = [
        Result(INDICATOR, one.code, one.name)
        for one in indicators.passports()
        if not one.measure.endswith("som")
    ]
    return measures + figures


def results_of(line: Line) -> list[Result]:
    """Return what a line pays for; a result that is no longer known is shown by its code."""
    if not line.measures and not line.indicators:
        return []
    names = {one.code: one.name for one in indicators.passports(codes=line.indicators)}
    for code in {one.partition("/")[0] for one in line.measures}:
        for one in programme.measures(code, year=line.year):
            names[f"{code}/{one.code}"] = one.text
    return [
        Result(kind, code, names.get(code, Text(code)))
        for kind, codes in ((MEASURE, line.measures), (INDICATOR, line.indicators))
        for code in codes
    ]


def link(number: int, key: str, *, actor: Actor) -> None:
    """Let a line pay for a result; Refusal `forbidden`, `unknown_line`, `unknown_result`, `linked`."""
    with transaction.atomic(), acting(actor):
        line = _line(number, actor)
        found = next((one for one in results(line.year) if one.key == key), None)
        if found is None:
            text = _("Choose a measure of the year or an indicator.")
            raise Refusal("unknown_result", text, place=Place(field="result"))
        held = _held(line, found.kind)
        if found.code in held:
            raise Refusal("linked", _("The line pays for this already."), place=Place(field="result"))
        _keep(line, found.kind, [*held, found.code])


def unlink(number: int, key: str, *, actor: Actor) -> None:
    """End that a line pays for a result; Refusal `forbidden`, `unknown_line`, `unknown_result`."""
    kind, _sign, code = key.partition(":")
    with transaction.atomic(), acting(actor):
        line = _line(number, actor)
        held = _held(line, kind)
        if code not in held:
            raise Refusal("unknown_result", _("The line does not pay for this."), place=Place(field="result"))
        _keep(line, kind, [one for one in held if one != code])


def _line(number: int, actor: Actor) -> Line:
    check(actor, AMEND)
    visible = totals.visible(actor).select_related("unit").select_for_update(of=("self",))
    line = visible.filter(pk=number).first()
    if line is None:
        raise Refusal("unknown_line", _("There is no such line of the budget."))
    check(actor, AMEND, unit=line.unit.code)
    return line


def _held(line: Line, kind: str) -> Sequence[str]:
    return line.measures if kind == MEASURE else line.indicators


def _keep(line: Line, kind: str, codes: list[str]) -> None:
    name = "measures" if kind == MEASURE else "indicators"
    setattr(line, name, codes)
    line.save(update_fields=[name])
