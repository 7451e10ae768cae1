"""The map's part of a city pack: the generalised base layers in geo/ and geo/base/."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from shapely.errors import ShapelyError
from shapely.geometry import shape

from shaar.kernel import clock
from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.maps.models import BaseLayer

FILES: Mapping[str, str] = {
    "outline": "geo/city.geojson",
    "streets": "geo/base/streets.geojson",
    "water": "geo/base/water.geojson",
    "places": "geo/base/places.geojson",
    "villages": "geo/base/villages.geojson",
}
LARGEST = 1_000_000  # bytes: every reader of the page loads these


@dataclass(frozen=True, slots=True)
class LayerFile:
    """A base layer as its file gives it, without spaces."""

    name: str
    content: str
    attribution: str

    @property
    def hash(self) -> str:
        """Return what changes with every change of the layer."""
        return sha256(self.content.encode()).hexdigest()


def check(pack: Path) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the base layers; a pack may leave any of them out."""
    try:
        read_layers(pack)
    except Refusal as refusal:
        yield from (str(problem) for problem in refusal.problems)


def load_pack(pack: Path, *, actor: str) -> None:
    """Keep the base layers of a pack, and drop those that it no longer gives."""
    layers = read_layers(pack)
    kept = dict(BaseLayer.objects.values_list("name", "hash"))
    for layer in layers:
        if kept.get(layer.name) != layer.hash:
            values = {"content": layer.content, "hash": layer.hash, "attribution": layer.attribution}
            BaseLayer.objects.update_or_create(
                name=layer.name, defaults=values | {"loaded_at": clock.now(), "loaded_by": actor}
            )
    BaseLayer.objects.exclude(name__in=[layer.name for layer in layers]).delete()


def read_layers(pack: Path) -> list[LayerFile]:
    """Return the base layers that a pack gives; raise Refusals with the place of each mistake."""
    layers, problems = [], []
    for name, file in FILES.items():
        path = pack / file
        if not path.exists():
            continue
        try:
            layers.append(_read(name, path))
        except Refusal as refusal:
            problems.append(refusal)
    refuse_all(problems)
    return layers


def _read(name: str, path: Path) -> LayerFile:
    where = Place(file=str(path))
    if path.stat().st_size > LARGEST:
        message = _("This layer is larger than %(limit)s bytes: simplify it.") % {"limit": LARGEST}
        raise Refusal("large_layer", message, place=where)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        features = found["features"]
        attribution = str(found["attribution"]).strip()
        drawn = [_feature(one) for one in features]
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        message = _("This is no feature collection with an attribution: %(problem)s.") % {"problem": error}
        raise Refusal("broken_layer", message, place=where) from error
    if not attribution:
        raise Refusal("no_attribution", _("Name the source of this layer in “attribution”."), place=where)
    content = {"type": "FeatureCollection", "attribution": attribution, "features": drawn}
    return LayerFile(name, json.dumps(content, ensure_ascii=False, separators=(",", ":")), attribution)


def _feature(given: Any) -> dict[str, Any]:
    """Return a feature with its properties; raise ValueError for a shape that is empty or not in degrees."""
    geometry = shape(given["geometry"])
    west, south, east, north = geometry.bounds if not geometry.is_empty else (0, 99, 0, 99)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("a shape is empty or not in degrees")
    return {
        "type": "Feature",
        "properties": dict(given.get("properties") or {}),
        "geometry": given["geometry"],
    }
