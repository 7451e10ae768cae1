"""Draws the charts that a pack declares from the values of a snapshot.

Kinds: `bars` (one bar an indicator), `parts` (one bar made of indicators), `plan_fact` (each indicator beside
the one that holds its plan), `tiles` (districts as a scheme).
"""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext as _

from shaar.kernel.errors import Refusal
from shaar.reports.snapshot import ChartPlan, Figure, Snapshot
from shaar.ui.charts import Chart, Series, Tile, bar, bullet, district_tiles, stacked_bar


def draw(name: str, snapshot: Snapshot, language: str) -> Chart:
    """Draw a chart by name; raise Refusal `unknown_chart` or `unknown_indicator`."""
    plan = next((chart for chart in snapshot.charts if chart.code == name), None)
    if plan is None:
        raise Refusal("unknown_chart", _("There is no chart “%(name)s”.") % {"name": name})
    figures = [_figure(snapshot, code) for code in plan.indicators]
    return DRAWERS[plan.kind](plan, figures, snapshot, language)


def _figure(snapshot: Snapshot, code: str) -> Figure:
    figure = snapshot.figure(code)
    if figure is None:
        message = _("There is no indicator “%(code)s” for %(period)s.")
        raise Refusal("unknown_indicator", message % {"code": code, "period": snapshot.period})
    return figure


def _labels(plan: ChartPlan, figures: list[Figure], language: str) -> list[str]:
    if plan.labels:
        return [label.of(language) for label in plan.labels]
    return [figure.name.of(language) for figure in figures]


def _unit(figures: list[Figure], language: str) -> str:
    units = {figure.unit.of(language) for figure in figures}
    return units.pop() if len(units) == 1 else ""


def _bars(plan: ChartPlan, figures: list[Figure], _snapshot: Snapshot, language: str) -> Chart:
    series = [Series(_("Value"), [figure.value for figure in figures])]
    return bar(
        _labels(plan, figures, language), series, title=plan.title.of(language), language=language,
        heading=_("Indicator"), unit=_unit(figures, language),
    )  # fmt: skip


def _parts(plan: ChartPlan, figures: list[Figure], _snapshot: Snapshot, language: str) -> Chart:
    names = _labels(plan, figures, language)
    series = [Series(name, [figure.value]) for name, figure in zip(names, figures, strict=True)]
    title = plan.title.of(language)
    drawn = stacked_bar([title], series, title=title, language=language, heading=_("Indicator"))
    upright = [
        [_("Indicator"), _("Value")],
        *([name, value] for name, value in zip(names, drawn.table[1][1:], strict=True)),
    ]
    said = "; ".join(f"{name} — {value}" for name, value in upright[1:])
    alt = f"{title}. {said}."
    return replace(drawn, alt=alt, table=upright)


def _plan_fact(plan: ChartPlan, figures: list[Figure], snapshot: Snapshot, language: str) -> Chart:
    plans = [snapshot.figure(figure.plan) if figure.plan else None for figure in figures]
    return bullet(
        _labels(plan, figures, language), [figure.value for figure in figures],
        [planned.value if planned else None for planned in plans], title=plan.title.of(language),
        language=language, names=(_("Fact"), _("Plan")), heading=_("Indicator"),
        unit=_unit(figures, language),
    )  # fmt: skip


def _tiles(plan: ChartPlan, figures: list[Figure], _snapshot: Snapshot, language: str) -> Chart:
    labels = _labels(plan, figures, language)
    places = plan.tiles or tuple((index % 2, index // 2) for index in range(len(figures)))
    tiles = [
        Tile(label, place[0], place[1], figure.value)
        for label, place, figure in zip(labels, places, figures, strict=True)
    ]
    return district_tiles(
        tiles, title=plan.title.of(language), language=language, heading=_("Territory"),
        unit=_unit(figures, language),
        note=plan.note.of(language) or _("A scheme: places of the districts are approximate."),
    )  # fmt: skip


DRAWERS: dict[str, Callable[[ChartPlan, list[Figure], Snapshot, str], Chart]] = {
    "bars": _bars,
    "parts": _parts,
    "plan_fact": _plan_fact,
    "tiles": _tiles,
}
