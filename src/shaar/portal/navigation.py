"""The entries of navigation and foot, and the urgent notices over the pages."""

from django.http import HttpRequest
from django.template.defaultfilters import date as written
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shaar.access.api import actor_of, can
from shaar.kernel import clock
from shaar.portal.news import queries
from shaar.portal.pages.texts import TITLES
from shaar.portal.permissions import STATISTICS, WRITE
from shaar.ui.banners import Banner, register_banners
from shaar.ui.navigation import Entry, register, register_foot


def register_entries() -> None:
    """Add the entries; called from AppConfig.ready."""
    register(Entry(gettext_lazy("News"), "portal:news", 50))
    register(Entry(gettext_lazy("Open data"), "portal:data", 60))
    register(
        Entry(gettext_lazy("News and notices"), "portal:staff-news", 60, is_staff=True, shown=_may_write)
    )
    register(Entry(gettext_lazy("Text pages"), "portal:staff-pages", 61, is_staff=True, shown=_may_write))
    statistics = Entry(
        gettext_lazy("How often pages are read"),
        "portal:statistics",
        62,
        is_staff=True,
        shown=_may_see_statistics,
        group="check",
    )
    register(statistics)
    for rank, code in enumerate(TITLES):
        register_foot(Entry(TITLES[code], f"portal:{code}", rank))
    register_banners("portal.urgent", _banners)


def _banners(request: HttpRequest) -> list[Banner]:
    """Return the urgent notices, on a page of one district only those that concern it."""
    asked = request.GET.get("territory") or request.GET.get("district") or ""
    return [
        Banner(one.title, reverse("portal:article", args=[one.number]), _about(one))
        for one in queries.urgent(clock.now())
        if not asked or not one.codes or asked in one.codes
    ]


def _about(one: queries.Urgent) -> str:
    ends = written(one.ends_at.astimezone(clock.city_time_zone()), "d.m.Y H:i")
    places = [str(place) for place in one.places]
    return " · ".join([*places, _("until %(moment)s") % {"moment": ends}])


def _may_write(request: HttpRequest) -> bool:
    return can(actor_of(request), WRITE)


def _may_see_statistics(request: HttpRequest) -> bool:
    return can(actor_of(request), STATISTICS)
