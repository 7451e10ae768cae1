"""What the base map is made of today: the pack's generalised layers, or the tiles of a full build."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from shapely.geometry import shape

from shaar.maps.models import BaseLayer
from shaar.maps.style import Json, Theme, style
from shaar.maps.tileset import Bounds, Tileset, tileset

SCHEMA: Mapping[str, str] = {  # our layer: the layer of the style's schema
    "outline": "outline", "streets": "roads", "water": "water", "places": "places",
    "villages": "places",
}  # fmt: skip
IN_TILES = ("roads", "buildings", "water", "landuse", "places")
WORLD: Bounds = (-180, -80, 180, 80)
MARGIN = 0.01  # degrees around the city


@dataclass(frozen=True, slots=True)
class Base:
    """The base map: its layers with their hashes, the tiles if there are any, bounds and attribution."""

    layers: Mapping[str, str]
    tiles: Tileset | None
    bounds: Bounds
    attribution: str

    @property
    def is_generalised(self) -> bool:
        """Tell whether only the pack's generalised layers are drawn."""
        return self.tiles is None

    @property
    def tag(self) -> str:
        """Return what changes whenever the base map does."""
        told = [*sorted(self.layers.items()), self.tiles.tag if self.tiles else ""]
        return sha256(str(told).encode()).hexdigest()[:16]


def base() -> Base:
    """Return the base map as it is now; one query."""
    rows = list(BaseLayer.objects.order_by("name").values_list("name", "hash", "attribution"))
    tiles = tileset()
    sources = [attribution for _name, _hash, attribution in rows]
    if tiles:
        sources.insert(0, tiles.attribution)
    layers = {name: digest for name, digest, _attribution in rows}
    return Base(layers, tiles, tiles.bounds if tiles else _bounds(layers), " · ".join(dict.fromkeys(sources)))


def style_of(found: Base, *, theme: Theme, language: str) -> Json:
    """Return the style of the base map."""
    sources: Json = {}
    where: dict[str, Json] = {}
    for name, digest in found.layers.items():
        schema = SCHEMA[name]
        if found.tiles and schema in IN_TILES:
            continue
        sources[name] = {"type": "geojson", "data": f"{reverse('maps:base', args=[name])}?v={digest[:12]}"}
        where.setdefault(schema, {"source": name})
    if found.tiles:
        address = f"pmtiles://{reverse('maps:tiles')}?v={found.tiles.tag}"
        sources["tiles"] = {"type": "vector", "url": address}
        where |= {schema: {"source": "tiles", "source-layer": schema} for schema in IN_TILES}
    made = style(sources, where, theme=theme, language=language, name=_("Base map"))
    villages = [
        {**one, "id": f"{one['id']}-villages", "source": "villages"}
        for one in made["layers"]
        if one.get("source") == "places" and "villages" in sources
    ]
    return {**made, "layers": [*made["layers"], *villages]}


def content(name: str) -> tuple[str, str] | None:
    """Return a layer's GeoJSON and hash, None where there is none of the name."""
    return BaseLayer.objects.filter(name=name).values_list("content", "hash").first()


def features(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the features of some layers; one query."""
    rows = BaseLayer.objects.filter(name__in=names).order_by("name").values_list("content", flat=True)
    return [feature for text in rows for feature in json.loads(text)["features"]]


def _bounds(layers: Mapping[str, str]) -> Bounds:
    name = "outline" if "outline" in layers else next(iter(layers), "")
    return _bounds_of(name, layers[name]) if name else WORLD


@lru_cache(maxsize=8)
def _bounds_of(name: str, _hash: str) -> Bounds:
    """Return the bounds of the largest part: a far enclave would make the city small."""
    shapes = [shape(one["geometry"]) for one in features([name])]
    parts = [part for one in shapes for part in getattr(one, "geoms", [one])]
    largest = max(parts, key=lambda part: (part.area, part.length), default=None)
    if largest is None:
        return WORLD
    west, south, east, north = largest.bounds
    return (west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
