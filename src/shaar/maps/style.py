"""The style of the base map: our own, small, in light and dark, with the names in the language of the page.

The pack's generalised layers and the tiles of a full base map carry the same properties (`class`, `name`,
`name_ru`, `name_ky`), so both are drawn by the same rules. Labels use the fonts of the page: no glyph files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Theme: TypeAlias = Literal["light", "dark"]
Json: TypeAlias = dict[str, Any]
FONT = ["Golos Text"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme."""

    ground: str
    city: str
    edge: str
    green: str
    built: str
    building: str
    wall: str
    water: str
    water_text: str
    road: str
    main_road: str
    casing: str
    text: str
    quiet: str
    halo: str


PALETTES: Mapping[Theme, Palette] = {
    "light": Palette(
        ground="#eef2f0", city="#f9faf7", edge="#6f8f8a", green="#d8ead2", built="#f0ece4",
        building="#e4ded3", wall="#d3cbbc",
        water="#a9d3e6", water_text="#20597a", road="#ffffff", main_road="#f8d98f",
        casing="#b8ad98", text="#23302e", quiet="#5a6865", halo="#ffffff",
    ),
    "dark": Palette(
        ground="#111917", city="#18231f", edge="#6f8f8a", green="#1c3226", built="#1f2927",
        building="#2a3634", wall="#202a28",
        water="#24566f", water_text="#9cd0ea", road="#4a5a56", main_road="#8a7335",
        casing="#0d1312", text="#e8efed", quiet="#a9b8b4", halo="#101715",
    ),
}  # fmt: skip
WIDTHS: Mapping[str, tuple[float, float, float]] = {  # class: pixels at zoom 10, 14 and 18
    "trunk": (2.2, 7, 26), "primary": (1.8, 6, 24), "secondary": (1.2, 4.6, 20), "tertiary": (0.5, 3.4, 16),
    "street": (0, 1.8, 12), "service": (0, 0.6, 7), "path": (0, 0.7, 3),
}  # fmt: skip
MAIN = ("trunk", "primary")


def style(sources: Json, where: Mapping[str, Json], *, theme: Theme, language: str, name: str) -> Json:
    """Return a MapLibre style; `where` says for each layer of the schema which source holds it."""
    palette = PALETTES[theme]
    layers: list[Json] = [
        {"id": "ground", "type": "background", "paint": {"background-color": palette.ground}}
    ]
    for drawn in (*_grounds(palette), *_roads(palette), *_labels(palette, language)):
        schema = drawn.pop("of")
        if schema in where:
            layers.append({**drawn, **where[schema]})
    return {"version": 8, "name": name, "sources": sources, "layers": layers}


def _grounds(palette: Palette) -> list[Json]:
    green = ["in", ["get", "class"], ["literal", ["park", "forest", "grass", "cemetery"]]]
    is_area = ["==", ["geometry-type"], "Polygon"]
    return [
        {"of": "outline", "id": "city", "type": "fill", "paint": {"fill-color": palette.city}},
        {"of": "landuse", "id": "built", "type": "fill", "filter": ["!", green],
         "paint": {"fill-color": palette.built, "fill-opacity": 0.7}},
        {"of": "landuse", "id": "green", "type": "fill", "filter": green,
         "paint": {"fill-color": palette.green}},
        {"of": "water", "id": "water-area", "type": "fill", "filter": is_area,
         "paint": {"fill-color": palette.water}},
        {"of": "water", "id": "water-line", "type": "line", "filter": ["!", is_area],
         "layout": {"line-cap": "round", "line-join": "round"},
         "paint": {"line-color": palette.water, "line-width": _by_zoom(1.5, 4, 9)}},
        {"of": "buildings", "id": "buildings", "type": "fill", "minzoom": 13,
         "paint": {"fill-color": palette.building, "fill-outline-color": palette.wall}},
        {"of": "outline", "id": "edge", "type": "line",
         "paint": {"line-color": palette.edge, "line-width": 1.6}},
    ]  # fmt: skip


def _roads(palette: Palette) -> list[Json]:
    drawn: list[Json] = []
    layout = {"line-cap": "round", "line-join": "round"}
    for casing in (True, False):
        for kind in reversed(list(WIDTHS)):
            low, middle, high = WIDTHS[kind]
            more = 1.4 if casing else 0
            fill = palette.main_road if kind in MAIN else palette.road
            paint: Json = {
                "line-color": palette.casing if casing else fill,
                "line-width": _by_zoom(low + (more if low else 0), middle + more, high + more),
            }
            if kind == "path":
                paint |= {"line-dasharray": [2, 2], "line-color": palette.casing}
            drawn.append({
                "of": "roads", "id": f"road-{kind}{'-casing' if casing else ''}", "type": "line",
                "filter": ["==", ["get", "class"], kind], "layout": layout, "paint": paint,
                "minzoom": 0 if low else 12,
            })  # fmt: skip
    return drawn


def _labels(palette: Palette, language: str) -> list[Json]:
    is_place = ["in", ["get", "class"], ["literal", ["city", "town", "microdistrict", "suburb"]]]
    along = {"symbol-placement": "line", "symbol-spacing": 350}
    water = {"text-color": palette.water_text, "text-halo-color": palette.halo, "text-halo-width": 1}
    return [
        _label("water", "water-names", language, water, size=(11, 13), layout=along),
        _label("roads", "road-names", language, _ink(palette.text, palette), size=(11, 14), layout=along)
        | {"minzoom": 11.5, "filter": ["!=", ["get", "class"], "service"]},
        _label("places", "village-names", language, _ink(palette.quiet, palette), size=(11, 13))
        | {"filter": ["!", is_place], "minzoom": 9.5},
        _label("places", "place-names", language, _ink(palette.text, palette), size=(13, 17), layout={
            "text-padding": 8, "text-letter-spacing": 0.03}) | {"filter": is_place},
    ]  # fmt: skip


def _label(
    of: str, name: str, language: str, paint: Json, *, size: tuple[int, int], layout: Json | None = None
) -> Json:
    text = ["coalesce", ["get", f"name_{language}"], ["get", "name"], ["get", "name_ru"], ""]
    placed = {"text-field": text, "text-font": FONT, "text-size": _by_zoom(size[0], *size)}
    return {"of": of, "id": name, "type": "symbol", "layout": placed | (layout or {}), "paint": paint}


def _ink(colour: str, palette: Palette) -> Json:
    return {"text-color": colour, "text-halo-color": palette.halo, "text-halo-width": 1.6}


def _by_zoom(low: float, middle: float, high: float) -> list[Any]:
    return ["interpolate", ["exponential", 1.4], ["zoom"], 10, low, 14, middle, 18, high]
