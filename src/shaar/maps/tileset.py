"""The full base map that `./shaar geo build` writes: one PMTiles file and what was told of it."""

import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

TILES, STREETS, ROADS, MANIFEST = "base.pmtiles", "streets.json", "roads.npz", "manifest.json"
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Tileset:
    """A finished build: its tile file with a tag that changes with it, bounds, street list and source."""

    path: Path
    tag: str
    bounds: Bounds
    streets: Path
    attribution: str


def directory() -> Path:
    """Return where the installation keeps its full base map."""
    return Path(settings.SHAAR_HOME) / "geo"


def tileset() -> Tileset | None:
    """Return the full base map, None where none has been built."""
    home = directory()
    try:
        told = json.loads((home / MANIFEST).read_text(encoding="utf-8"))
        stat = (home / TILES).stat()
    except (OSError, ValueError):
        return None
    tag = f"{stat.st_mtime_ns:x}-{stat.st_size:x}"
    west, south, east, north = told["bounds"]
    return Tileset(home / TILES, tag, (west, south, east, north), home / STREETS, str(told["attribution"]))
