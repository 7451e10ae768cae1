"""Reads the report's forms from a city pack: texts in each language and declared charts."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, TypeAdapter

from shaar.kernel.errors import Place, Refusal
from shaar.kernel.yamlfile import Code, Names, PackModel, load
from shaar.reports.models import ReportForm
from shaar.reports.snapshot import ChartPlan

ANNUAL = "annual"
TEMPLATE_NAME = re.compile(r"annual\.(ru|ky|en)\.md\.j2")
CHARTS = TypeAdapter(tuple[ChartPlan, ...])


class ChartModel(PackModel):
    """One chart of `reports/charts.yaml`."""

    code: Code
    kind: Literal["bars", "parts", "plan_fact", "tiles"]
    title: Names
    indicators: Annotated[tuple[str, ...], Field(min_length=1)]
    labels: tuple[Names, ...] = ()
    tiles: tuple[tuple[int, int], ...] = ()
    note: Names | None = None


class ChartsModel(PackModel):
    """The file `reports/charts.yaml`."""

    charts: tuple[ChartModel, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Texts by language, their files, and the charts they may show."""

    templates: dict[str, str]
    files: dict[str, str]
    charts: tuple[ChartPlan, ...]


def read_form(pack: Path) -> Form:
    """Read the pack's annual report; raise Refusals that name file, line and field."""
    folder = pack / "reports"
    templates, files = {}, {}
    for path in sorted(folder.glob("annual.*.md.j2")):
        match = TEMPLATE_NAME.fullmatch(path.name)
        if match is None:
            message = _("A report's text is named annual.ru.md.j2, annual.ky.md.j2 or annual.en.md.j2.")
            raise Refusal("unknown_template", message, place=Place(file=str(path)))
        templates[match[1]] = path.read_text(encoding="utf-8")
        files[match[1]] = f"reports/{path.name}"
    if "ru" not in templates:
        message = _("The pack has no text of the annual report in Russian.")
        raise Refusal("template_missing", message, place=Place(file=str(folder / "annual.ru.md.j2")))
    return Form(templates, files, _read_charts(folder / "charts.yaml"))


def keep_form(form: Form, *, actor: str, at: datetime) -> None:
    """Store the form for later reports; doing it twice changes nothing."""
    charts = CHARTS.dump_python(form.charts, mode="json")
    given = {"templates": form.templates, "files": form.files, "charts": charts}
    kept = ReportForm.objects.filter(code=ANNUAL).first()
    if kept is not None and all(getattr(kept, name) == value for name, value in given.items()):
        return
    ReportForm.objects.update_or_create(code=ANNUAL, defaults={**given, "loaded_at": at, "loaded_by": actor})


def kept_form() -> Form:
    """Return the stored form; raise Refusal `template_missing`."""
    kept = ReportForm.objects.filter(code=ANNUAL).first()
    if kept is None:
        raise Refusal("template_missing", _("No pack with a report's text is loaded."))
    return Form(dict(kept.templates), dict(kept.files), CHARTS.validate_python(kept.charts))


def _read_charts(path: Path) -> tuple[ChartPlan, ...]:
    if not path.exists():
        return ()
    read = load(path, ChartsModel).charts
    _check_lengths(path, read)
    return tuple(
        ChartPlan(
            code=chart.code,
            kind=chart.kind,
            title=chart.title,
            indicators=chart.indicators,
            labels=chart.labels,
            tiles=chart.tiles,
            **({"note": chart.note} if chart.note else {}),
        )
        for chart in read
    )


def _check_lengths(path: Path, charts: tuple[ChartModel, ...]) -> None:
    for chart in charts:
        for name, given in (("labels", chart.labels), ("tiles", chart.tiles)):
            if given and len(given) != len(chart.indicators):
                message = _("The chart “%(code)s” must have as many %(name)s as indicators.")
                said = message % {"code": chart.code, "name": name}
                raise Refusal("uneven_chart", said, place=Place(file=str(path), field=f"{chart.code}.{name}"))
