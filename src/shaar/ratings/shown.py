"""What the pages of ratings show: tables of groups, one unit step by step, comparison of editions."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from shaar.access.api import Actor, scope
from shaar.indicators import api as indicators
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.ratings import freezing
from shaar.ratings.matrix import CriterionResult, GroupResult, UnitResult
from shaar.ratings.models import Edition, Round
from shaar.ratings.permissions import VIEW
from shaar.ratings.scoring.robustness import RankInterval
from shaar.ui.tables import Column, Table

PROBLEMS: Mapping[str, Any] = {
    "missing": gettext_lazy("no data"),
    "disputed": gettext_lazy("the figure is disputed"),
    "no_indicator": gettext_lazy("not rated for this unit"),
    "no_target": gettext_lazy("there is no target"),
    "zero_target": gettext_lazy("the plan is zero"),
    "negative": gettext_lazy("the fact is negative"),
    "flat": gettext_lazy("the same for all: tells nobody apart"),
}
COMPARED_BY: Mapping[str, Any] = {
    "min-max": gettext_lazy("%(fact)s on the way from the worst unit to the best: %(points)s"),
    "z": gettext_lazy("%(fact)s in standard deviations from the mean of the units: %(points)s"),
}
REASONS: Mapping[str, Any] = {
    "no_data": gettext_lazy("No score: nothing of what is rated is known."),
    "too_little": gettext_lazy("No score: too little is known."),
    "not_judged": gettext_lazy("No score yet: the judged share is not given."),
}


def language() -> str:
    """Return the language of the page."""
    return (get_language() or "ru")[:2]


def visible(actor: Actor, units: Sequence[UnitResult]) -> list[UnitResult]:
    """Return the results that a person may see."""
    held = scope(actor, VIEW).units
    return [one for one in units if held is None or one.unit in held]


def group_table(
    row: Round, result: GroupResult, *, names: Mapping[str, Text], request: HttpRequest, actor: Actor
) -> Table[UnitResult]:
    """Return a group's units as a table, the best first, narrowed to what a person may see."""
    code = language()

    def link(one: UnitResult) -> str:
        url = reverse("ratings:unit", args=[row.pk, one.unit])
        return format_html('<a class="govuk-link" href="{}">{}</a>', url, names[one.unit].of(code))

    columns = (
        Column("rank", _("Rank"), lambda one: one.rank, kind="number"),
        Column("unit", _("Unit"), lambda one: names[one.unit].of(code), cell=link, is_heading=True),
        _score("score", _("Score"), lambda one: one.score),
        Column("interval", _("Rank interval, 5–95 %"), lambda one: _interval(one.interval)),
        Column("state", _("Band"), lambda one: _standing(one, code)),
        *_blocks(result, code),
        _score("judged", _("Judged"), lambda one: one.judged),
        _score("penalty", _("Penalty"), lambda one: one.penalty),
        Column("missing", _("Missing, %"), lambda one: round(one.missing_share * 100, 1), kind="number"),
    )
    rows = visible(actor, result.units)
    return Table(rows, columns, request=request, caption=result.group.name.of(code))


def _score(key: str, title: str, value: Callable[[UnitResult], Decimal | None]) -> Column[UnitResult]:
    return Column(key, title, value, kind="number", cell=lambda one: _points(value(one)))


def _blocks(result: GroupResult, code: str) -> list[Column[UnitResult]]:
    def column(at: int) -> Column[UnitResult]:
        block = result.group.blocks[at]
        return _score(f"block-{block.code}", block.name.of(code), lambda one: one.blocks[at].score)

    return [column(at) for at in range(len(result.group.blocks))]


def _standing(one: UnitResult, code: str) -> str:
    if one.reason:
        return str(REASONS[one.reason])
    return one.band.name.of(code) if one.band else _("below every band")


def _points(number: Decimal | None) -> str:
    return "—" if number is None else f"{number:.2f}".replace(".", ",")


def _interval(held: RankInterval | None) -> str:
    return interval(held.low, held.high) if held is not None else interval(None, None)


def interval(low: int | None, high: int | None) -> str:
    """Return an interval of ranks as people write it."""
    if low is None:
        return "—"
    return str(low) if low == high else f"{low}–{high}"


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion of a unit as its page tells it."""

    result: CriterionResult
    name: Text
    problem: str
    formula: str
    trace_url: str
    unit_of_measure: Text
    corrected: str


def criterion_lines(
    row: Round, one: UnitResult, entries: Mapping[int, Any]
) -> dict[str, list[CriterionLine]]:
    """Return the lines of every block of a unit."""
    period = Period.parse(row.period)
    return {
        block.block.code: [_line(part, one.unit, period, entries) for part in block.criteria]
        for block in one.blocks
    }


def _line(part: CriterionResult, unit: str, period: Period, entries: Mapping[int, Any]) -> CriterionLine:
    code = part.criterion.indicator_of(unit)
    url = f"{reverse('indicators:figure', args=[code, str(period)])}?unit={unit}" if code else ""
    measure = indicators.measure(indicators.passport(code).measure).symbol if code else Text("")
    entry = entries.get(part.figure.entry or 0)
    return CriterionLine(
        result=part,
        name=part.criterion.name,
        problem=str(PROBLEMS.get(part.problem, part.problem)) if part.problem else "",
        formula=formula(part),
        trace_url=url,
        unit_of_measure=measure,
        corrected=entry.comment if entry is not None and entry.objection_id else "",
    )


def formula(part: CriterionResult) -> str:
    """Return how the points of a criterion came about, with its numbers."""
    fact, target, done, one = part.figure.number, part.figure.target, part.execution, part.criterion
    if part.points is None or done is None:
        return ""
    if part.problem:
        return _("Nothing is known, which counts as nothing done: 0 points.")
    points = _points(part.points)
    if one.method in {"min-max", "z"}:
        words = COMPARED_BY[one.method]
        return str(words) % {"fact": plain(fact), "points": points}
    upper, lower = (fact, target) if one.good == "up" else (target, fact)
    said = f"{plain(upper)} / {plain(lower)} = {plain(done)}"
    if one.good == "down" and fact == 0:
        said = _("nothing of what there should be little of: %(best)s") % {"best": plain(done)}
    if one.method == "corridor":
        low, high = plain(one.t_zero), plain(one.t_max)
        return f"{said}; ({plain(done)} − {low}) / ({high} − {low}) × 100 = {points}"
    if done > one.cap:
        said = _("%(said)s, at most %(cap)s") % {"said": said, "cap": plain(one.cap)}
    return f"{said}; × 100 = {points}"


def plain(number: Decimal | None) -> str:
    """Return a number with at most four decimals, as people write it."""
    if number is None:
        return "—"
    return f"{round(number, 4).normalize():f}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Compared:
    """A unit in two editions."""

    name: Text
    now: Decimal | None
    before: Decimal | None
    rank: int | None
    rank_before: int | None

    @property
    def change(self) -> Decimal | None:
        """By how much the score has changed."""
        return None if self.now is None or self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """An edition beside an earlier one."""

    earlier: Edition
    period: Period
    is_same_regulation: bool
    units: Sequence[Compared]


def document_of(edition: Edition) -> dict[str, Any]:
    """Return what an edition says."""
    return json.loads(edition.document)  # type: ignore[no-any-return]


def comparison(edition: Edition) -> Comparison | None:
    """Return an edition beside the latest earlier one of the same regulation; None for the first."""
    earlier = (
        Edition.objects.select_related("round")
        .filter(round__code=edition.round.code, pk__lt=edition.pk)
        .order_by("-pk")
        .first()
    )
    if earlier is None:
        return None
    now, before = document_of(edition), document_of(earlier)
    held = freezing.scores(before)
    units = []
    for group in now["groups"]:
        for one in group["units"]:
            score, rank = held.get(one["unit"], (None, None))
            current = Decimal(one["score"]) if one["score"] is not None else None
            units.append(Compared(Text(**one["name"]), current, score, one["rank"], rank))
    same = now["regulation"]["sha256"] == before["regulation"]["sha256"]
    return Comparison(earlier, Period.parse(before["period"]), same, units)
