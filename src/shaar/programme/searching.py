"""What of programmes is searched: programmes and measures by everyone, units' reports by who may see them."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shaar.kernel import clock
from shaar.kernel.texts import Text
from shaar.programme import models, queries
from shaar.programme.permissions import VIEW
from shaar.search.api import Document, Source, changed, register

PROGRAMMES, MEASURES, REPORTS = "programme.programme", "programme.measure", "programme.report"


def register_sources() -> None:
    """Make the kinds known; called from AppConfig.ready."""
    register(Source(PROGRAMMES, _("Programmes"), 6, programmes))
    register(Source(MEASURES, _("Measures"), 3, measures))
    register(Source(REPORTS, _("Reports of units"), 1, reports, audiences=(VIEW,)))


def plan_changed() -> None:
    """Have programmes and measures found as the plan says now."""
    changed(PROGRAMMES)
    changed(MEASURES)


def programmes() -> Iterator[Document]:
    """Yield every programme."""
    for one in queries.programmes():
        url = reverse("programme:programme", kwargs={"code": one.code})
        yield Document(one.code, url, one.name, _joined(one.full_name, one.goal))


def measures() -> Iterator[Document]:
    """Yield the measures of every plan in force today."""
    for programme in queries.programmes():
        row = queries.required_programme(programme.code)
        for version in queries.versions_on(row, clock.today()):
            data = queries.measure_data(version)
            code = version.measure.code
            url = reverse("programme:measure", kwargs={"code": programme.code, "measure": code})
            words = _joined(data.expected, Text(data.number or ""), programme.name)
            yield Document(f"{programme.code}/{code}", url, data.text, words)


def reports() -> Iterator[Document]:
    """Yield the report of each unit in each round."""
    rows = models.UnitReport.objects.select_related("unit", "case", "round__programme__territory")
    for row in rows.order_by("pk"):
        yield Document(
            str(row.pk),
            reverse("programme:report", kwargs={"report": row.pk}),
            Text(row.case.title_ru, row.case.title_ky, row.case.title_en),
            audience=VIEW,
            unit=row.unit.code,
        )


def _joined(*texts: Text) -> Text:
    """Return texts one after another, each language by itself."""
    by_language = ([one.ru, one.ky, one.en] for one in texts)
    return Text(*(" · ".join(filter(None, parts)) for parts in zip(*by_language, strict=True)))
