"""Builds the full base map beside the old one and puts it in its place when it is whole."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from errno import ENOSPC
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shaar.city.api import sort_key
from shaar.kernel.errors import Refusal
from shaar.maps.building.reading import LAYERS, Reading, read
from shaar.maps.tileset import MANIFEST, ROADS, STREETS, TILES

ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
ZOOMS = ("-Z5", "-z14")
ROOM = 8  # times the size of the extract: layers as text, tiles twice
LEAST_ROOM = 50_000_000
READ = "read.json"
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build has made: where, the numbers of features by layer, and of the graph's nodes and arcs."""

    directory: str
    counts: dict[str, int]
    streets: int
    nodes: int
    arcs: int
    bounds: list[float]


def build(source: Path, target: Path, *, at: datetime, told: Told) -> Built:
    """Make tiles, street list and road graph of an extract in a directory; Refusal with one line.

    A build that was broken off goes on from its last finished step; the old map serves until the end.
    """
    _check(source)
    try:
        target.mkdir(parents=True, exist_ok=True)
        _check_room(source, target)
        with _alone(target):
            work = target / f".building-{_mark(source)}"
            work.mkdir(exist_ok=True)
            built = _read_once(source, work, target, told)
            _tile_once(work, told)
            _put(work, target, built, source, at)
    except OSError as error:
        reason = "there is no space left" if error.errno == ENOSPC else error.strerror
        raise Refusal("cannot_write", f"{target} cannot be written: {reason}") from error
    return built


def _check(source: Path) -> None:
    if not source.exists():
        raise Refusal("no_extract", f"there is no file {source}; name an extract such as city.osm.pbf")
    if not source.is_file():
        raise Refusal("no_extract", f"{source} is not a file; name an extract such as city.osm.pbf")
    if not source.stat().st_size:
        raise Refusal("empty_extract", f"{source.name} is empty; download it again")


def _check_room(source: Path, target: Path) -> None:
    needed = max(LEAST_ROOM, ROOM * source.stat().st_size)
    free = shutil.disk_usage(target).free
    if free < needed:
        message = f"{target} has {free // 10**6} MB free and about {needed // 10**6} MB are needed"
        raise Refusal("no_space", f"{message}; make room or name another place by --out")


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    with (target / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal("being_built", f"another build is writing to {target}; wait for it") from None
        yield


def _mark(source: Path) -> str:
    """Return what differs between two extracts, so that a build goes on only with its own."""
    stat = source.stat()
    return sha256(f"{source.resolve()} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:12]


def _read_once(source: Path, work: Path, target: Path, told: Told) -> Built:
    kept = work / READ
    if kept.exists():
        told("going on after what was read before")
        return Built(**json.loads(kept.read_text(encoding="utf-8")))
    told(f"reading {source.name}")
    try:
        reading = read(source, work, told=told)
    except Refusal:
        shutil.rmtree(work)
        raise
    told("writing the road graph")
    nodes, arcs = reading.graph.save(work / ROADS)
    listed = _streets(reading)
    _write(work / STREETS, {"attribution": ATTRIBUTION, "streets": listed})
    built = Built(str(target), reading.counts, len(listed), nodes, arcs, reading.whole.bounds)
    _write(kept, asdict(built))
    return built


def _streets(reading: Reading) -> list[dict[str, Any]]:
    """Return streets and places by their Russian name; `number` is what the road graph calls a street."""
    rows = [
        {
            "number": one.number,
            "kind": one.kind,
            "name_ru": one.names.get("name_ru") or one.names.get("name", ""),
            "name_ky": one.names.get("name_ky", ""),
            "length": round(one.length, 1),
            "bounds": [round(side, 6) for side in one.bounds],
        }
        for one in reading.named.values()
    ]
    return sorted(rows, key=lambda row: sort_key(str(row["name_ru"])))


def _tile_once(work: Path, told: Told) -> None:
    if (work / TILES).exists():
        return
    told("making tiles")
    unfinished = work / f"new-{TILES}"
    files = {name: work / f"{name}.jsonl" for name in LAYERS}
    layers = [f"-L{name}:{file}" for name, file in files.items() if file.stat().st_size]
    done = subprocess.run(
        [*_tippecanoe(), "--force", "--quiet", *ZOOMS, "--drop-densest-as-needed", "-t", str(work),
         f"--attribution={ATTRIBUTION}", "--name=Shaar", "-o", str(unfinished), *layers],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"tippecanoe ended with {done.returncode}"]
        if "No space left" in done.stderr:
            raise OSError(ENOSPC, "")
        raise Refusal("no_tiles", f"the tiles could not be made: {lines[-1]}")
    unfinished.replace(work / TILES)


def _tippecanoe() -> Sequence[str]:
    found = find_spec("cubao_tippecanoe")
    if found is None or not found.origin:
        raise Refusal("no_tippecanoe", "the package cubao-tippecanoe is missing; run ./shaar setup")
    return [str(Path(found.origin).parent / "__cubao_tippecanoe_tippecanoe.exe")]


def _put(work: Path, target: Path, built: Built, source: Path, at: datetime) -> None:
    manifest = {**asdict(built), "source": source.name, "attribution": ATTRIBUTION, "made_at": at.isoformat()}
    manifest.pop("directory")
    _write(work / MANIFEST, manifest)
    for name in (ROADS, STREETS, TILES, MANIFEST):
        (work / name).replace(target / name)
    for old in target.glob(".building-*"):
        shutil.rmtree(old)


def _write(path: Path, content: object) -> None:
    unfinished = path.with_name(f"new-{path.name}")
    unfinished.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    unfinished.replace(path)
