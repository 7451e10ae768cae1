"""Map panels: points, lines and areas over the base map, each with its legend and the table of what it shows.

A panel is data: the page carries it as JSON for the script, and as a table for everyone.
"""

import csv
import io
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias
from zlib import crc32

from shaar.kernel.writing import format_number

Position: TypeAlias = tuple[float, float]  # longitude, latitude
Bounds: TypeAlias = tuple[float, float, float, float]  # west, south, east, north
Json: TypeAlias = dict[str, Any]
CLASSES = 5
NO_DATA = "—"


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing on a map: its name, its GeoJSON geometry, a value, a note and the page it leads to."""

    name: str
    geometry: Mapping[str, Any]
    value: Decimal | None = None
    note: str = ""
    url: str = ""


def point(name: str, at: Position, *, note: str = "", url: str = "") -> Feature:
    """Return a thing that lies at one place."""
    return Feature(name, {"type": "Point", "coordinates": list(at)}, note=note, url=url)


@dataclass(frozen=True, slots=True)
class Layer:
    """Things of one kind under a title, given here or by the address of a GeoJSON feature collection."""

    title: str
    features: Sequence[Feature] = ()
    data_url: str = ""
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Points(Layer):
    """Points of one kind; near ones are shown as one with their number unless `clusters` is off."""

    clusters: bool = True


@dataclass(frozen=True, slots=True)
class Lines(Layer):
    """Lines of one kind."""


@dataclass(frozen=True, slots=True)
class Areas(Layer):
    """Areas, shaded by their values where they have some: by colour, by pattern and by the number itself."""

    unit: str = ""
    language: str = "ru"

    @property
    def limits(self) -> list[Decimal]:
        """Return the upper limits of the classes: equal steps from the least value to the greatest."""
        known = [one.value for one in self.features if one.value is not None]
        if not known:
            return []
        low, high = min(known), max(known)
        steps = min(CLASSES, len(set(known)))
        return [low + (high - low) * (step + 1) / steps for step in range(steps)]

    def class_of(self, value: Decimal | None) -> int:
        """Return the number of a value's class from 0, -1 for a missing value."""
        if value is None:
            return -1
        return next((index for index, limit in enumerate(self.limits) if value <= limit), 0)


KINDS: Mapping[type[Layer], str] = {Points: "points", Lines: "lines", Areas: "areas"}


@dataclass(frozen=True, slots=True)
class Sign:
    """One line of a legend: a sign by its kind and number, and its words; `layer` where it switches one."""

    kind: str
    shade: int
    text: str
    layer: int | None = None
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class MapPanel:
    """A map with its layers; `columns` are the heads of its table: name, what it is, value and note.

    `list_url` is the page that lists what layers given by address show.
    """

    title: str
    layers: Sequence[Layer]
    columns: tuple[str, str, str, str]
    language: str
    note: str = ""
    bounds: Bounds | None = None
    list_url: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return an id that differs between the panels of a page."""
        return f"map-{crc32(repr((self.title, self.layers)).encode()):08x}"

    @property
    def table(self) -> list[list[str]]:
        """Return everything that is given here as rows, the head first; empty columns are left out."""
        rows = [
            [one.name, layer.title, _written(layer, one, self.language), one.note]
            for layer in self.layers
            for one in layer.features
        ]
        used = [0, *(column for column in (1, 2, 3) if any(row[column] for row in rows))]
        if len(self.layers) == 1 and len(used) > 2:
            used.remove(1)
        return [[row[column] for column in used] for row in [list(self.columns), *rows]] if rows else []

    @property
    def legend(self) -> list[Sign]:
        """Return what the signs mean."""
        signs: list[Sign] = []
        for number, layer in enumerate(self.layers):
            signs.append(Sign(KINDS[type(layer)], number, layer.title, number, layer.is_shown))
            if isinstance(layer, Areas):
                signs += _classes(layer)
        return signs

    @property
    def data(self) -> Json:
        """Return what the script of the page draws."""
        layers = [_layer_json(layer, self.language) for layer in self.layers]
        return {"layers": layers, "bounds": self.bounds, "words": {k: str(v) for k, v in self.words.items()}}


def csv_address(table: Iterable[Sequence[str]]) -> str:
    """Return a table as a CSV file inside an address, so that it can be saved without a script."""
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return "data:text/csv;charset=utf-8;base64," + b64encode(text.getvalue().encode("utf-8-sig")).decode()


def _written(layer: Layer, one: Feature, language: str) -> str:
    if isinstance(layer, Areas) and layer.limits:
        return NO_DATA if one.value is None else f"{format_number(one.value, language)} {layer.unit}".strip()
    return "" if one.value is None else format_number(one.value, language)


def _classes(layer: Areas) -> list[Sign]:
    signs, known = [], [one.value for one in layer.features if one.value is not None]
    low = min(known, default=Decimal(0))
    for index, limit in enumerate(layer.limits):
        span = dict.fromkeys(format_number(one, layer.language, precision=0) for one in (low, limit))
        signs.append(Sign("class", index, f"{'–'.join(span)} {layer.unit}".strip()))
        low = limit
    if known and len(known) < len(layer.features):
        signs.append(Sign("class", -1, NO_DATA))
    return signs


def _layer_json(layer: Layer, language: str) -> Json:
    drawn: Json = {"kind": KINDS[type(layer)], "title": layer.title, "shown": layer.is_shown}
    if isinstance(layer, Points):
        drawn["clusters"] = layer.clusters
    if layer.data_url:
        return drawn | {"data": layer.data_url}
    found = [
        {
            "type": "Feature",
            "geometry": dict(one.geometry),
            "properties": {
                "name": one.name,
                "value": _written(layer, one, language),
                "note": one.note,
                "url": one.url,
                "class": layer.class_of(one.value) if isinstance(layer, Areas) else 0,
            },
        }
        for one in layer.features
    ]
    return drawn | {"data": {"type": "FeatureCollection", "features": found}}
