"""The full base map that `./shaar geo build` makes of an extract."""

import errno
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest
from django.test import Client
from playwright.sync_api import Page

from shaar.config import cli
from shaar.config.environment import ROOT
from shaar.kernel.errors import Refusal
from shaar.maps.building import build as building
from shaar.maps.building.graph import metres
from shaar.maps.building.tags import area, direction, line, place
from tests.maps.test_page import WATCH, colours, show

AT = datetime(2026, 11, 23, tzinfo=UTC)
NODES = {1: (74.60, 42.87), 2: (74.61, 42.87), 3: (74.62, 42.87), 4: (74.61, 42.88), 5: (74.61, 42.86)}
CORNERS = {11: (74.600, 42.871), 12: (74.601, 42.871), 13: (74.601, 42.872), 14: (74.600, 42.872)}
KY, RU = "Үч өзөн көчөсү", "улица Трёх Рек"
MAIN = {"highway": "primary", "name": KY, "name:ru": RU, "name:ky": KY}


def quiet(_text: str) -> None:
    return None


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """Write an invented place: a main street, a street one way north across it, a house and a park."""
    path = tmp_path / "tiny.osm.pbf"
    make = osmium.osm.mutable
    with osmium.SimpleWriter(str(path)) as writer:
        for number, at in {**NODES, **CORNERS}.items():
            tags = {"place": "quarter", "name": "Ой-Тал"} if number == 4 else {}
            writer.add_node(make.Node(id=number, location=at, tags=tags))
        writer.add_way(make.Way(id=1, nodes=[1, 2, 3], tags=MAIN))
        writer.add_way(make.Way(id=2, nodes=[5, 2, 4], tags={"highway": "residential", "oneway": "yes"}))
        writer.add_way(make.Way(id=3, nodes=[1, 4], tags={"highway": "footway"}))
        writer.add_way(make.Way(id=4, nodes=[11, 12, 13, 14, 11], tags={"building": "yes"}))
        writer.add_way(make.Way(id=5, nodes=[11, 12, 13, 14, 11], tags={"leisure": "park"}))
    return path


@pytest.fixture
def built(extract: Path, settings: Any, tmp_path: Path) -> Path:
    """Build the place where the installation looks for its base map."""
    settings.SHAAR_HOME = tmp_path / "home"
    building.build(extract, settings.SHAAR_HOME / "geo", at=AT, told=quiet)
    return Path(settings.SHAAR_HOME) / "geo"


# What it makes ---------------------------------------------------------------------------------------------
def test_the_road_graph_has_an_arc_for_each_direction_and_the_lengths_of_the_streets(built: Path) -> None:
    graph = np.load(built / "roads.npz")
    assert sorted(graph["node"].tolist()) == [1, 2, 3, 4, 5]
    osm = graph["node"]
    arcs = {(int(osm[a]), int(osm[b])) for a, b in zip(graph["start"], graph["end"], strict=True)}
    assert arcs == {(1, 2), (2, 1), (2, 3), (3, 2), (5, 2), (2, 4)}
    lengths = dict(zip(graph["way"].tolist(), graph["length"].tolist(), strict=True))
    assert lengths[1] == pytest.approx(metres(NODES[2], NODES[3]), rel=1e-4)
    assert graph["is_one_way"].tolist().count(1) == 2


def test_the_street_list_has_names_in_both_languages_and_lengths_in_metres(built: Path) -> None:
    rows = json.loads((built / "streets.json").read_text())["streets"]
    street = next(row for row in rows if row["kind"] == "street")
    assert (street["name_ru"], street["name_ky"]) == ("улица Трёх Рек", "Үч өзөн көчөсү")
    assert street["length"] == pytest.approx(2 * metres(NODES[1], NODES[2]), rel=1e-4)
    assert [row["name_ru"] for row in rows] == ["Ой-Тал", "улица Трёх Рек"]


def test_one_file_of_tiles_and_nothing_half_done_is_left(built: Path) -> None:
    assert (built / "base.pmtiles").read_bytes()[:7] == b"PMTiles"
    assert sorted(one.name for one in built.iterdir()) == [
        ".lock", "base.pmtiles", "manifest.json", "roads.npz", "streets.json",
    ]  # fmt: skip
    told = json.loads((built / "manifest.json").read_text())
    assert told["counts"] == {"roads": 3, "buildings": 1, "water": 0, "landuse": 1, "places": 1}
    assert told["bounds"] == [74.6, 42.86, 74.62, 42.88]


def test_distances_are_those_of_the_sphere() -> None:
    assert metres((74.6, 42.0), (74.6, 43.0)) == pytest.approx(111_195, rel=1e-4)


@pytest.mark.parametrize(
    ("tags", "way"),
    [
        ({}, 0), ({"oneway": "yes"}, 1), ({"oneway": "-1"}, -1), ({"oneway": "no"}, 0),
        ({"junction": "roundabout"}, 1), ({"junction": "roundabout", "oneway": "no"}, 0),
        ({"highway": "motorway"}, 1), ({"oneway": "alternating"}, 0),
    ],
)  # fmt: skip
def test_the_direction_of_a_road_is_read(tags: dict[str, str], way: int) -> None:
    assert direction(tags) == way


def test_what_is_not_ours_is_left_out() -> None:
    assert line({"highway": "proposed"}) is None
    assert line({"highway": "pedestrian", "area": "yes"}) is None
    assert line({"highway": "primary_link"}) == line({"highway": "primary"})
    assert area({"building": "no"}) is None
    assert place({"place": "village"}) is None


# What is broken off or wrong -------------------------------------------------------------------------------
def test_a_build_that_was_broken_off_goes_on_and_the_old_map_serves_until_then(
    built: Path, extract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (built / "base.pmtiles").read_bytes()
    extract.touch()
    with monkeypatch.context() as patch:
        patch.setattr(building, "_tippecanoe", lambda: ["false"])
        with pytest.raises(Refusal, match="tiles could not be made"):
            building.build(extract, built, at=AT, told=quiet)
    assert (built / "base.pmtiles").read_bytes() == before
    told: list[str] = []
    building.build(extract, built, at=AT, told=told.append)
    assert told == ["going on after what was read before", "making tiles"]
    assert not list(built.glob(".building-*"))


def write(directory: Path, name: str, content: bytes) -> Path:
    path = directory / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.osm.pbf", None, "there is no file"),
        ("empty.osm.pbf", b"", "is empty"),
        ("text.osm.pbf", b"this is no extract at all" * 100, "cannot be read"),
        ("cut.osm.pbf", "cut", "cannot be read"),
        ("wrong.xyz", b"x", "cannot be read"),
        ("none.osm", b"<osm version='0.6'></osm>", "holds no roads"),
    ],
)
def test_what_is_no_extract_is_told_in_one_line(
    tmp_path: Path, extract: Path, name: str, content: Any, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if content is not None:
        write(tmp_path, name, extract.read_bytes()[:-40] if content == "cut" else content)
    out = tmp_path / "out"
    assert cli.main(["geo", "build", "--osm", str(path), "--out", str(out)]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert len(told.err.splitlines()) == 1
    assert told.out == ""
    assert not (out / "base.pmtiles").exists()


def test_a_directory_is_no_extract(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="is not a file"):
        building.build(tmp_path, tmp_path / "out", at=AT, told=quiet)


def test_too_little_room_is_told_before_the_work(
    extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "LEAST_ROOM", 10**18)
    with pytest.raises(Refusal, match="MB are needed; make room"):
        building.build(extract, tmp_path / "out", at=AT, told=quiet)


def test_a_disk_that_fills_up_is_told(extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(building, "read", full)
    with pytest.raises(Refusal, match="there is no space left"):
        building.build(extract, tmp_path / "out", at=AT, told=quiet)


def test_a_place_that_is_a_file_cannot_be_written_to(extract: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be written"):
        building.build(extract, write(tmp_path, "taken", b""), at=AT, told=quiet)


def test_two_builds_do_not_write_to_one_place(extract: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with building._alone(tmp_path / "out"), pytest.raises(Refusal, match="another build"):
        building.build(extract, tmp_path / "out", at=AT, told=quiet)


def test_the_command_prints_what_it_made_and_is_silent_meanwhile(
    extract: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["geo", "build", "--osm", str(extract), "--out", str(tmp_path / "out")]) == 0
    told = capsys.readouterr()
    assert "3 roads" in told.out
    assert "5 nodes and 6 arcs" in told.out
    assert told.err == ""


# How it is served ------------------------------------------------------------------------------------------
def test_tiles_are_sent_by_ranges(client: Client, built: Path) -> None:
    whole = (built / "base.pmtiles").read_bytes()
    part = client.get("/map/base.pmtiles", headers={"Range": "bytes=0-126"})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == whole[:127]  # type: ignore[attr-defined]
    assert part["Content-Range"] == f"bytes 0-126/{len(whole)}"
    assert part["Content-Length"] == "127"
    assert part["Accept-Ranges"] == "bytes"
    answer = client.get("/map/base.pmtiles")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == whole  # type: ignore[attr-defined]


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=0-1,5-6", "bytes=-0"])
def test_a_range_that_cannot_be_given_is_refused(client: Client, built: Path, asked: str) -> None:
    answer = client.get("/map/base.pmtiles", headers={"Range": asked})
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{(built / 'base.pmtiles').stat().st_size}"


def test_head_and_conditions_are_answered(client: Client, built: Path) -> None:
    head = client.head("/map/base.pmtiles")
    size = (built / "base.pmtiles").stat().st_size
    assert (head.status_code, head["Content-Length"]) == (200, str(size))
    assert b"".join(head.streaming_content) == b""  # type: ignore[attr-defined]
    tag = head["ETag"]
    assert client.get("/map/base.pmtiles", headers={"If-None-Match": tag}).status_code == 304
    ranged = {"Range": "bytes=0-9"}
    assert client.get("/map/base.pmtiles", headers={**ranged, "If-Range": tag}).status_code == 206
    assert client.get("/map/base.pmtiles", headers={**ranged, "If-Range": '"other"'}).status_code == 200


@pytest.mark.django_db
def test_where_nothing_was_built_there_are_no_tiles(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.SHAAR_HOME = tmp_path
    assert client.get("/map/base.pmtiles").status_code == 404


def test_the_style_draws_the_tiles_and_the_page_finds_their_streets(
    client: Client, base_map: Path, built: Path
) -> None:
    sources = json.loads(client.get("/map/style.json").content)["sources"]
    assert set(sources) == {"outline", "tiles"}
    assert sources["tiles"]["url"].startswith("pmtiles:///map/base.pmtiles?v=")
    assert "улица Трёх Рек" in client.get("/map/", {"q": "уч озон"}).content.decode()


def test_the_tiles_are_drawn_in_the_browser(page: Page, transactional_db: None, built: Path) -> None:
    page.add_init_script(WATCH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("range", "")))
    show(page, "/map/")
    assert page.evaluate("window.violations") == []
    assert [one for one in asked if one.startswith("bytes=")], "the tiles were not asked for by ranges"
    assert colours(page) > 30, "the canvas is blank"


@pytest.mark.skipif(
    not (ROOT.parent / "shared/geo/duitama.osm.pbf").exists(), reason="the geodata are not beside the project"
)
def test_a_whole_town_is_built(tmp_path: Path) -> None:
    built = building.build(ROOT.parent / "shared/geo/duitama.osm.pbf", tmp_path, at=AT, told=quiet)
    assert built.counts["roads"] > 4_000
    assert built.counts["buildings"] > 30_000
    assert built.arcs > built.nodes > 4_000
