"""Reads an extract once and writes what the tiles, the street list and the road graph are made of."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import osmium
from osmium.geom import GeoJSONFactory

from shaar.kernel.errors import Refusal
from shaar.maps.building.graph import Graph, Position, Road, metres
from shaar.maps.building.tags import DRIVEN, Drawn, area, direction, line, names, place

LAYERS = ("roads", "buildings", "water", "landuse", "places")
STEP = 20_000  # objects between two words of progress


@dataclass(slots=True)
class Named:
    """A street or place under way: its number, names, length in metres and bounds."""

    number: int
    kind: str
    names: Mapping[str, str]
    length: float = 0.0
    bounds: list[float] = field(default_factory=lambda: [180.0, 90.0, -180.0, -90.0])

    def cover(self, position: Position) -> None:
        """Widen the bounds to a position."""
        west, south, east, north = self.bounds
        lon, lat = position
        self.bounds = [min(west, lon), min(south, lat), max(east, lon), max(north, lat)]


class Reading:
    """What has been read so far: files of features by layer, streets and places by name, the road graph."""

    def __init__(self, directory: Path, stack: ExitStack) -> None:
        self.files: dict[str, TextIO] = {
            name: stack.enter_context((directory / f"{name}.jsonl").open("w", encoding="utf-8"))
            for name in LAYERS
        }
        self.counts = dict.fromkeys(LAYERS, 0)
        self.named: dict[tuple[str, str, str], Named] = {}
        self.graph = Graph()
        self.whole = Named(-1, "all", {})
        self.geometry = GeoJSONFactory()

    def take(self, found: Any) -> None:
        """Take in one object of the extract."""
        tags = found.tags
        if found.is_way():
            self._take_way(found, tags)
        elif found.is_area():
            drawn = area(tags)
            if drawn:
                self._write(drawn, tags, self.geometry.create_multipolygon(found))
        elif found.is_node() and (drawn := place(tags)):
            at = (found.location.lon, found.location.lat)
            self._name(drawn.kind, tags, [at], 0.0)
            self._write(drawn, tags, json.dumps({"type": "Point", "coordinates": at}))

    def _take_way(self, way: Any, tags: Any) -> None:
        drawn = line(tags)
        nodes = [node for node in way.nodes if node.location.valid()] if drawn else []
        if drawn is None or len(nodes) < 2:
            return
        positions = [(node.lon, node.lat) for node in nodes]
        if drawn.layer == "roads":
            length = sum(map(metres, positions, positions[1:]))
            number = self._name("street", tags, positions, length) if drawn.kind != "path" else -1
            if drawn.kind in DRIVEN:
                refs = [node.ref for node in nodes]
                self.graph.add(Road(way.id, refs, drawn.kind, direction(tags), number), positions)
        rounded = [[round(lon, 6), round(lat, 6)] for lon, lat in positions]
        self._write(drawn, tags, json.dumps({"type": "LineString", "coordinates": rounded}))

    def _name(self, kind: str, tags: Any, positions: list[Position], length: float) -> int:
        for one in positions:
            self.whole.cover(one)
        given = names(tags)
        if not given:
            return -1
        key = (kind, given.get("name_ru") or given.get("name", ""), given.get("name_ky", ""))
        found = self.named.setdefault(key, Named(len(self.named), kind, given))
        found.length += length
        for one in positions:
            found.cover(one)
        return found.number

    def _write(self, drawn: Drawn, tags: Any, geometry: str) -> None:
        properties = json.dumps({"class": drawn.kind, **names(tags)}, ensure_ascii=False)
        self.files[drawn.layer].write(
            f'{{"type":"Feature","tippecanoe":{{"minzoom":{drawn.zoom}}},"properties":{properties},'
            f'"geometry":{geometry}}}\n'
        )
        self.counts[drawn.layer] += 1


def read(source: Path, directory: Path, *, told: Callable[[str], None]) -> Reading:
    """Read an extract into files of a directory; Refusal `unreadable_extract`, `empty_extract`."""
    with ExitStack() as stack:
        reading = Reading(directory, stack)
        try:
            for count, found in enumerate(_objects(source), start=1):
                reading.take(found)
                if count % STEP == 0:
                    told(f"read {count:,} objects")
        except (RuntimeError, ValueError) as error:
            message = f"{source.name} cannot be read as an OpenStreetMap extract: {error}"
            raise Refusal("unreadable_extract", message) from error
    if not reading.counts["roads"]:
        raise Refusal("empty_extract", f"{source.name} holds no roads; name an extract of the city")
    return reading


def _objects(source: Path) -> Iterator[Any]:
    wanted = osmium.filter.KeyFilter(
        "highway", "waterway", "building", "natural", "landuse", "leisure", "place"
    )
    yield from osmium.FileProcessor(str(source)).with_locations().with_areas(wanted).with_filter(wanted)
