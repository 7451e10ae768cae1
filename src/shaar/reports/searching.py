"""What of reports is searched: the published report of each year, by its title."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from shaar.kernel.periods import Period
from shaar.kernel.texts import LANGUAGES, Text
from shaar.programme import api as programmes
from shaar.reports.models import Edition
from shaar.search.api import Document, Source, register

REPORTS = "reports.report"


def register_sources() -> None:
    """Make the kind known; called from AppConfig.ready."""
    register(Source(REPORTS, _("Annual reports"), 6, reports))


def reports() -> Iterator[Document]:
    """Yield the report of each programme and year that has been published."""
    names = {one.code: one.full_name for one in programmes.programmes()}
    published = Edition.objects.values_list("programme", "year").distinct()
    for programme, year in published.order_by("programme", "year"):
        url = reverse("reports:report", kwargs={"programme": programme, "year": year})
        name = names.get(programme, Text(programme))
        title = Text(*(f"{_kind(language)}: {Period.year(year).name(language)}" for language in LANGUAGES))
        yield Document(f"{programme}/{year}", url, title, name)


def _kind(language: str) -> str:
    with override(language):
        return gettext("Annual report")
