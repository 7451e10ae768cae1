"""Finds streets and places of the base map by a part of their name, in Russian or in Kyrgyz."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from shapely.geometry import shape

from shaar.city.api import sort_key
from shaar.maps.base import Base, features
from shaar.maps.tileset import Bounds

LIMIT = 50
SEARCHED = ("streets", "places", "villages")
PLAIN = str.maketrans("ёңөүЁҢӨҮ", "еноуЕНОУ")


@dataclass(frozen=True, slots=True)
class Place:
    """A street or place with its names and where it lies; `length` is in metres, 0 for what is no street."""

    kind: str
    name_ru: str
    name_ky: str
    bounds: Bounds
    length: int = 0

    def name(self, language: str) -> str:
        """Return the name in a language, else in the other."""
        return (self.name_ky or self.name_ru) if language == "ky" else (self.name_ru or self.name_ky)

    @property
    def view(self) -> str:
        """Return the bounds as an address carries them."""
        return ",".join(f"{one:.5f}" for one in self.bounds)


def places(found: Base, *, language: str) -> Sequence[Place]:
    """Return every named street and place of the base map, by name."""
    known = _built(found.tiles.streets, found.tiles.tag) if found.tiles else _loaded(found.tag)
    return sorted(known, key=lambda place: sort_key(place.name(language)))


def matching(known: Sequence[Place], words: str) -> list[Place]:
    """Return the places whose name holds every word; ё, ң, ө and ү may be typed without their marks."""
    parts = _plain(words).split()
    return [one for one in known if all(part in _plain(f"{one.name_ru} {one.name_ky}") for part in parts)]


def _plain(text: str) -> str:
    return text.casefold().translate(PLAIN)


@lru_cache(maxsize=4)
def _loaded(_tag: str) -> tuple[Place, ...]:
    named: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in features(SEARCHED):
        told = one["properties"]
        if told.get("name_ru") or told.get("name_ky"):
            kind = "street" if "Line" in one["geometry"]["type"] else str(told.get("class", "place"))
            named.setdefault((kind, told.get("name_ru") or told["name_ky"]), []).append(one)
    return tuple(_place(kind, group) for (kind, _name), group in named.items())


def _place(kind: str, group: Sequence[dict[str, Any]]) -> Place:
    told = group[0]["properties"]
    bounds = [shape(one["geometry"]).bounds for one in group]
    whole = (
        min(one[0] for one in bounds), min(one[1] for one in bounds),
        max(one[2] for one in bounds), max(one[3] for one in bounds),
    )  # fmt: skip
    return Place(kind, told.get("name_ru", ""), told.get("name_ky", ""), whole)


@lru_cache(maxsize=2)
def _built(streets: Path, _tag: str) -> tuple[Place, ...]:
    rows = json.loads(streets.read_text(encoding="utf-8"))["streets"]
    return tuple(
        Place(row["kind"], row["name_ru"], row["name_ky"], tuple(row["bounds"]), round(row["length"]))
        for row in rows
    )
