"""What of indicators is searched: every passport."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shaar.indicators import doors
from shaar.kernel.texts import Text
from shaar.search.api import Document, Source, register

INDICATORS = "indicators.indicator"


def register_sources() -> None:
    """Make the kind known; called from AppConfig.ready."""
    register(Source(INDICATORS, _("Indicators"), 4, indicators))


def indicators() -> Iterator[Document]:
    """Yield every indicator with the name of its section and its code."""
    sections = {one.code: one.name for one in doors.sections()}
    for one in doors.passports():
        url = reverse("indicators:indicator", kwargs={"code": one.code})
        section = sections.get(one.section, Text(""))
        named = Text(" · ".join(filter(None, (section.ru, one.row, one.code))), section.ky, section.en)
        yield Document(one.code, url, one.name, named)
