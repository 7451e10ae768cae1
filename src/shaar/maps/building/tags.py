"""What an OpenStreetMap object is on our map, told from its tags; the one place that knows the tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Tags: TypeAlias = Mapping[str, str]
ROADS: Mapping[str, str] = {
    "motorway": "trunk", "trunk": "trunk", "primary": "primary", "secondary": "secondary",
    "tertiary": "tertiary", "residential": "street", "unclassified": "street", "living_street": "street",
    "road": "street", "pedestrian": "path", "service": "service", "footway": "path", "path": "path",
    "cycleway": "path", "track": "path", "steps": "path",
}  # fmt: skip
DRIVEN = ("trunk", "primary", "secondary", "tertiary", "street", "service")
WATERWAYS = ("river", "canal", "stream", "drain", "ditch")
PLACES = {
    "city": "city", "town": "town", "village": "village", "hamlet": "village", "suburb": "suburb",
    "quarter": "microdistrict", "neighbourhood": "microdistrict",
}  # fmt: skip
GREEN: Mapping[tuple[str, str], str] = {
    ("leisure", "park"): "park", ("leisure", "garden"): "park", ("landuse", "forest"): "forest",
    ("natural", "wood"): "forest", ("landuse", "grass"): "grass", ("landuse", "meadow"): "grass",
    ("landuse", "cemetery"): "cemetery", ("landuse", "residential"): "residential",
    ("landuse", "industrial"): "industrial", ("landuse", "commercial"): "commercial",
    ("landuse", "retail"): "commercial",
}  # fmt: skip
ZOOMS: Mapping[str, int] = {  # from which zoom a class is in the tiles
    "trunk": 6, "primary": 8, "secondary": 9, "tertiary": 11, "street": 12, "service": 13, "path": 13,
    "river": 8, "canal": 9, "stream": 12, "drain": 13, "ditch": 13, "lake": 8, "city": 6, "town": 7,
    "village": 9, "suburb": 11, "microdistrict": 11, "building": 13,
}  # fmt: skip
LANDUSE_ZOOM = 10
YES, NO = ("yes", "true", "1"), ("no", "false", "0")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layer of the tiles, and the class that the style draws."""

    layer: str
    kind: str

    @property
    def zoom(self) -> int:
        """Return the first zoom whose tiles hold it."""
        return ZOOMS.get(self.kind, LANDUSE_ZOOM)


def line(tags: Tags) -> Drawn | None:
    """Return what a way is as a line, None for nothing of ours."""
    road = ROADS.get(tags.get("highway", "").removesuffix("_link"))
    if road and tags.get("area") not in YES:
        return Drawn("roads", road)
    if tags.get("waterway") in WATERWAYS:
        return Drawn("water", tags["waterway"])
    return None


def area(tags: Tags) -> Drawn | None:
    """Return what an area is, None for nothing of ours."""
    if tags.get("building", "no") not in NO:
        return Drawn("buildings", "building")
    if tags.get("natural") == "water" or tags.get("landuse") == "reservoir":
        return Drawn("water", "lake")
    if tags.get("waterway") == "riverbank":
        return Drawn("water", "lake")
    found = (GREEN[pair] for pair in GREEN if tags.get(pair[0]) == pair[1])
    kind = next(found, None)
    return Drawn("landuse", kind) if kind else None


def place(tags: Tags) -> Drawn | None:
    """Return what a node is as a place with a name, None for nothing of ours."""
    kind = PLACES.get(tags.get("place", ""))
    return Drawn("places", kind) if kind and tags.get("name") else None


def names(tags: Tags) -> dict[str, str]:
    """Return the names of an object that it has: as it is written there, in Russian and in Kyrgyz."""
    given = {"name": tags.get("name"), "name_ru": tags.get("name:ru"), "name_ky": tags.get("name:ky")}
    return {key: value for key, value in given.items() if value}


def direction(tags: Tags) -> int:
    """Return how a road is driven: 1 only as it is drawn, -1 only against that, 0 both ways."""
    word = tags.get("oneway", "")
    if word in ("-1", "reverse"):
        return -1
    is_round = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return 1 if word in YES or (is_round and word not in NO) else 0
