"""The map's page, and what its script asks for: the style, the layers and the tiles."""

from dataclasses import dataclass
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shaar.access.api import public
from shaar.city import api as city
from shaar.kernel import clock
from shaar.maps import base as bases
from shaar.maps.files import file_response
from shaar.maps.places import LIMIT, Place, matching, places
from shaar.maps.style import PALETTES, Theme
from shaar.maps.tileset import Bounds, tileset
from shaar.ui.panels import Areas, Feature, MapPanel

LANGUAGES = ("ru", "ky", "en")
LONGEST = 100
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Found:
    """A place as the list beside the map shows it."""

    place: Place
    name: str
    other: str


@public
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Show the base map with the districts, and the streets and places that the asked words find."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    language = (get_language() or "ru")[:2]
    base = bases.base()
    known = places(base, language=language)
    found = matching(known, words)
    context = {
        "query": words,
        "found": [_found(one, language) for one in found[:LIMIT]],
        "count": len(found),
        "limit": LIMIT,
        "base": base,
        "panel": _panel(base, language, _view(request.GET.get("at", ""))),
    }
    return render(request, "maps/map.html", context)


@public
@require_safe
def map_style(request: HttpRequest) -> HttpResponseBase:
    """Send the style of the base map in a theme and a language; unknown ones count as light and Russian."""
    theme = request.GET.get("theme", "light")
    language = request.GET.get("lang", "ru")
    base = bases.base()
    with override(language if language in LANGUAGES else "ru"):
        chosen = cast("Theme", theme) if theme in PALETTES else "light"
        made = bases.style_of(base, theme=chosen, language=(get_language() or "ru")[:2])
    made["metadata"] = {"attribution": base.attribution}
    answer = JsonResponse(made, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})
    return _cached(request, answer, f"{base.tag}-{theme}-{language}"[:80], seconds=300)


@public
@require_safe
def base_layer(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send a layer of the generalised base map as GeoJSON; its address carries its hash."""
    kept = bases.content(name)
    if kept is None:
        raise Http404
    answer = HttpResponse(kept[0], content_type="application/geo+json")
    is_exact = request.GET.get("v", "") == kept[1][:12]
    return _cached(request, answer, kept[1][:32], seconds=YEAR if is_exact else 300)


@public
@require_safe
def tiles(request: HttpRequest) -> HttpResponseBase:
    """Send the tiles of the full base map, whole or by ranges; 404 where none has been built."""
    found = tileset()
    if found is None:
        raise Http404
    return file_response(request, found.path, tag=found.tag, content_type="application/vnd.pmtiles")


def _cached(request: HttpRequest, answer: HttpResponse, tag: str, *, seconds: int) -> HttpResponseBase:
    etag = f'"{tag}"'
    if etag in request.headers.get("If-None-Match", ""):
        answer = HttpResponse(status=304)
    answer["ETag"] = etag
    patch_cache_control(answer, public=True, max_age=seconds)
    return answer


def _found(one: Place, language: str) -> Found:
    name = one.name(language)
    other = one.name_ru if language == "ky" else one.name_ky
    return Found(one, name, other if other != name else "")


def _panel(base: bases.Base, language: str, asked: Bounds | None) -> MapPanel:
    districts = city.territories(on=clock.today(), kind="district", with_geometry=True)
    drawn = [
        Feature(one.name.of(language), one.geometry, note=str(_("approximate")) if one.is_approximate else "")
        for one in districts
        if one.geometry
    ]
    is_rough = any(one.note for one in drawn)
    title = _("Districts, an approximate scheme") if is_rough else _("Districts")
    note = _("Generalised, not for navigation.") if base.is_generalised else ""
    return MapPanel(
        title=_("Map of the city"),
        layers=[Areas(title, drawn, language=language)] if drawn else [],
        columns=(pgettext("place", "Name"), _("What it is"), _("Value"), _("Note")),
        language=language,
        note=note,
        bounds=asked or base.bounds,
    )


def _view(text: str) -> Bounds | None:
    """Return bounds written as four numbers (west, south, east, north), None for anything else."""
    try:
        west, south, east, north = (float(one) for one in text.split(","))
    except ValueError:
        return None
    is_right = -180 <= west <= east <= 180 and -85 <= south <= north <= 85
    return (west, south, east, north) if is_right else None
