"""The road graph: junctions and the stretches between them, as arrays that any program can read."""

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import numpy as np

from shaar.maps.building.tags import DRIVEN

EARTH = 6_371_008.8  # metres, mean radius
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Road:
    """A drivable way: its nodes in order, its class, direction (1, -1, 0), and its street's number or -1."""

    way: int
    nodes: Sequence[int]
    kind: str
    direction: int
    street: int


@dataclass(slots=True)
class Graph:
    """Arcs between junctions; a street driven both ways has one arc for each way."""

    roads: list[Road] = field(default_factory=list)
    places: dict[int, Position] = field(default_factory=dict)

    def add(self, road: Road, positions: Sequence[Position]) -> None:
        """Take in a road with the positions of its nodes."""
        self.roads.append(road)
        self.places.update(zip(road.nodes, positions, strict=True))

    def save(self, path: Path) -> tuple[int, int]:
        """Write the graph as a compressed npz and return the numbers of its nodes and arcs."""
        columns: dict[str, array[Any]] = {name: array(code) for name, code in COLUMNS.items()}
        numbers: dict[int, int] = {}
        for road, first, last, length in self._stretches():
            ends = [numbers.setdefault(one, len(numbers)) for one in (first, last)]
            about = (length, DRIVEN.index(road.kind), road.street, road.way, road.direction != 0)
            for arc in _ways(ends, road.direction):
                row = (*arc, *about)
                for column, value in zip(columns.values(), row, strict=True):
                    column.append(value)
        with path.open("wb") as file:
            np.savez_compressed(file, **self._nodes(numbers), **_arrays(columns), classes=np.array(DRIVEN))
        return len(numbers), len(columns["start"])

    def _nodes(self, numbers: dict[int, int]) -> dict[str, Any]:
        places = [self.places[node] for node in numbers]
        return {
            "node": np.fromiter(numbers, dtype=np.int64, count=len(numbers)),
            "lon": np.array([one[0] for one in places], dtype=np.float64),
            "lat": np.array([one[1] for one in places], dtype=np.float64),
        }

    def _stretches(self) -> Iterator[tuple[Road, int, int, float]]:
        """Yield each road cut where roads meet, with the length of the part in metres."""
        used = Counter(node for road in self.roads for node in road.nodes)
        for road in self.roads:
            used.update((road.nodes[0], road.nodes[-1]))
        for road in self.roads:
            first, length = road.nodes[0], 0.0
            for one, other in zip(road.nodes, road.nodes[1:], strict=False):
                length += metres(self.places[one], self.places[other])
                if used[other] > 1:
                    yield road, first, other, length
                    first, length = other, 0.0


COLUMNS = {
    "start": "i", "end": "i", "length": "f", "kind": "B", "street": "i", "way": "q", "is_one_way": "B",
}  # fmt: skip


def _ways(ends: Sequence[int], direction: int) -> list[tuple[int, int]]:
    forward, back = (ends[0], ends[1]), (ends[1], ends[0])
    return {1: [forward], -1: [back], 0: [forward, back]}[direction]


def _arrays(columns: dict[str, "array[Any]"]) -> dict[str, Any]:
    return {name: np.array(values, dtype=values.typecode) for name, values in columns.items()}


def metres(one: Position, other: Position) -> float:
    """Return the distance of two positions over the sphere, in metres (haversine)."""
    lon, lat, lon2, lat2 = map(radians, (*one, *other))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))
