"""The staff's page of statistics: sums by day and by kind of page, as charts, tables and files."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shaar.access.api import requires
from shaar.kernel import clock
from shaar.portal.models import DayCount
from shaar.portal.permissions import STATISTICS
from shaar.ui.tables import Column, Table

SPANS = (7, 30, 90, 365)
DEVICES = {
    "phone": pgettext_lazy("device", "Telephone"),
    "tablet": pgettext_lazy("device", "Tablet"),
    "computer": pgettext_lazy("device", "Computer"),
}
NAMES = {
    "portal:home": gettext_lazy("First page"),
    "portal:news": gettext_lazy("News and notices"),
    "portal:article": pgettext_lazy("kind of page", "An article"),
    "portal:data": gettext_lazy("Open data"),
    "portal:dataset": pgettext_lazy("kind of page", "A dataset"),
    "portal:dataset-file": pgettext_lazy("kind of page", "A file of a dataset"),
    "indicators:index": gettext_lazy("Indicators"),
    "indicators:indicator": pgettext_lazy("kind of page", "An indicator"),
    "indicators:figure": pgettext_lazy("kind of page", "A figure and where it comes from"),
    "indicators:findings": gettext_lazy("Findings"),
    "programme:measures": gettext_lazy("Measures"),
    "programme:measure": pgettext_lazy("kind of page", "A measure"),
    "programme:programme": pgettext_lazy("kind of page", "A programme"),
    "search:search": gettext_lazy("Search"),
    "maps:map": gettext_lazy("Map"),
    "reports:download": pgettext_lazy("kind of page", "A file of a report"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """How often pages of a kind were read on a day in a language on a class of device."""

    day: date
    page: str
    language: str
    device: str
    count: int


COLUMNS: tuple[Column[Line], ...] = (
    Column("day", gettext_lazy("Day"), lambda one: one.day, kind="date", filters="range", is_heading=True),
    Column("page", pgettext_lazy("web", "Page"), lambda one: one.page, filters="contains"),
    Column("language", gettext_lazy("Language"), lambda one: one.language),
    Column("device", pgettext_lazy("column", "Device"), lambda one: one.device),
    Column("count", gettext_lazy("Times read"), lambda one: one.count, kind="number"),
)


@requires(STATISTICS)
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show how often public pages were read in the last days."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(one) for one in SPANS} else 30
    last = clock.today()
    rows = DayCount.objects.filter(day__gt=last - timedelta(days=days), day__lte=last)
    table = Table(_lines(rows), COLUMNS, request=request, caption=_("Times read")).carry("days")
    if table.wants_file:
        return table.file()
    context = {
        "table": table,
        "days": days,
        "spans": SPANS,
        "total": rows.aggregate(all=Sum("count"))["all"] or 0,
        "pages": _shares(rows, "page", NAMES),
        "by_language": _shares(rows, "language", {}),
        "devices": _shares(rows, "device", DEVICES),
        "by_day": _by_day(rows),
    }
    return render(request, "portal/statistics/index.html", context)


def _lines(rows: Any) -> list[Line]:
    return [
        Line(
            row.day,
            str(NAMES.get(row.page, row.page)),
            row.language,
            str(DEVICES.get(row.device, row.device)),
            row.count,
        )
        for row in rows.order_by("-day", "-count", "page")
    ]


def _shares(rows: Any, name: str, words: Any) -> list[tuple[str, int]]:
    found = rows.values_list(name).annotate(all=Sum("count")).order_by("-all", name)[:12]
    return [(str(words.get(key, key)), number) for key, number in found]


def _by_day(rows: Any) -> list[tuple[date, int]]:
    return list(rows.values_list("day").annotate(all=Sum("count")).order_by("day"))
