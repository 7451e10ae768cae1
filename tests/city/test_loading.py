"""Loading a pack: what it writes, what a second load changes, and how mistakes are told."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from shaar.city import api as city
from shaar.city import models
from shaar.config.environment import ROOT
from shaar.kernel.errors import Refusal
from tests.city.conftest import SHAPE, Loader, content, write

DAY = date(2023, 5, 1)
TABLES = (
    models.UnitVersion,
    models.TerritoryVersion,
    models.Alias,
    models.WorkingHours,
    models.CalendarDay,
    models.Unit,
)


def keys() -> list[set[int]]:
    return [set(table.objects.values_list("pk", flat=True)) for table in TABLES]


def test_loading_twice_changes_nothing(load: Loader) -> None:
    load(content(), on=DAY)
    first = keys()
    load(content(), on=DAY + timedelta(days=400))
    assert keys() == first


def test_a_changed_name_holds_from_the_day_of_loading_and_the_old_one_before(load: Loader) -> None:
    load(content(), on=date(2022, 1, 1))
    changed = content()
    changed["units"][1]["name"] = {"ru": "Лифты города"}
    load(changed, on=DAY)
    assert city.unit("lifts", on=DAY - timedelta(days=1)).name.ru == "Бишкекгорлифт"
    assert city.unit("lifts", on=DAY).name.ru == "Лифты города"
    assert city.unit("lifts", on=DAY).valid_from == DAY


def test_a_unit_that_left_the_pack_is_closed_and_stays_in_the_past(load: Loader) -> None:
    load(content(), on=date(2022, 1, 1))
    smaller = content()
    del smaller["units"][2]
    load(smaller, on=DAY)
    assert city.unit("parks", on=DAY - timedelta(days=1)).code == "parks"
    with pytest.raises(Refusal) as refused:
        city.unit("parks", on=DAY)
    assert refused.value.code == "unknown_unit"


def test_versions_in_the_pack_tell_the_whole_history(load: Loader) -> None:
    pack = content()
    pack["units"][1]["versions"] = [
        {"valid_to": "2020-12-31", "name": {"ru": "Лифтремонт"}},
        {"valid_from": "2021-01-01", "parent": None},
    ]
    load(pack, on=DAY)
    assert city.unit("lifts", on=date(2020, 12, 31)).name.ru == "Лифтремонт"
    assert city.unit("lifts", on=date(2020, 12, 31)).parent == "hall"
    assert city.unit("lifts", on=date(2021, 1, 1)).parent is None


def test_an_alias_that_is_gone_ends_and_a_new_one_is_found(load: Loader) -> None:
    load(content(), on=date(2022, 1, 1))
    pack = content()
    pack["units"][1]["aliases"] = {"ru": ["Лифтовое хозяйство"]}
    load(pack, on=DAY)
    assert city.find_unit("лифтовое хозяйство", on=DAY).code == "lifts"
    assert city.find_unit("МП Горлифт", on=date(2023, 4, 30)).code == "lifts"
    with pytest.raises(Refusal):
        city.find_unit("МП Горлифт", on=DAY)


def test_shapes_belong_to_the_territories_whose_code_they_carry(load: Loader, tmp_path: Path) -> None:
    (tmp_path / "geo").mkdir()
    feature = {"type": "Feature", "properties": {"code": "north", "approximate": True}, "geometry": SHAPE}
    collection = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "geo" / "districts.geojson").write_text(json.dumps(collection))
    load(content(), on=DAY)
    north = city.territory("north", on=DAY, with_geometry=True)
    assert north.is_approximate
    assert north.geometry is not None
    assert north.geometry["coordinates"][0][0] == (74.5, 42.8)
    assert not city.territory("town", on=DAY).has_geometry


@pytest.mark.parametrize(
    ("change", "code", "field", "file"),
    [
        (lambda p: p["units"][1].update(parent="nobody"), "unknown_parent", "units[1].parent", "units.yaml"),
        (lambda p: p["units"][1].update(kind="castle"), "unknown_kind", "units[1].kind", "units.yaml"),
        (lambda p: p["units"][2].update(code="hall"), "repeated_code", "units[2].code", "units.yaml"),
        (lambda p: p["units"][0].update(parent="lifts"), "circle", "units[0].parent", "units.yaml"),
        (lambda p: p["units"][0].update(nmae="x"), "pack_extra_forbidden", "units[0].nmae", "units.yaml"),
        (
            lambda p: p["units"][0].update(versions=[{}, {}]),
            "overlapping_versions",
            "units[0].versions",
            "units.yaml",
        ),
        (
            lambda p: p["calendar"]["working_week"][0].update(hours=["12:00-09:00"]),
            "broken_hours",
            "working_week[0].hours",
            "calendar.yaml",
        ),
        (
            lambda p: p["calendar"]["days"].append(p["calendar"]["days"][0]),
            "repeated_day",
            "days[2].day",
            "calendar.yaml",
        ),
    ],
)
def test_a_mistake_is_told_by_file_line_and_field(  # type: ignore[no-untyped-def]
    load: Loader, change, code: str, field: str, file: str
) -> None:
    pack = content()
    change(pack)
    with pytest.raises(Refusal) as refused:
        load(pack)
    places = {(problem.code, problem.place.field) for problem in refused.value.problems if problem.place}
    assert (code, field) in places
    place = refused.value.place
    assert place is not None
    assert place.file is not None
    assert place.file.endswith(file)
    assert place.line is not None


def test_a_broken_pack_writes_nothing(load: Loader) -> None:
    pack = content()
    pack["calendar"]["days"][0]["day"] = "yesterday"
    with pytest.raises(Refusal):
        load(pack)
    assert not models.Unit.objects.exists()


def test_a_broken_shape_is_told_with_its_file(tmp_path: Path, load: Loader) -> None:
    (tmp_path / "geo").mkdir()
    (tmp_path / "geo" / "x.geojson").write_text('{"features": [{"properties": {"code": "north"}}]}')
    with pytest.raises(Refusal) as refused:
        load(content())
    assert refused.value.code == "broken_geometry"
    assert "x.geojson" in str(refused.value)


def test_every_change_of_a_load_names_the_pack_in_the_history(load: Loader) -> None:
    load(content(), on=date(2022, 1, 1))
    changed = content()
    changed["units"][1]["name"] = {"ru": "Лифты города"}
    load(changed, on=DAY)
    events = models.UnitVersion.pgh_event_models["update"].objects.select_related("pgh_context")  # type: ignore[attr-defined]
    assert {event.pgh_context.metadata["actor"] for event in events} == {"pack:test"}


def test_the_pack_of_bishkek_loads_and_holds_its_districts(db: None) -> None:
    city.load_pack(ROOT / "packs" / "bishkek", actor="pack:bishkek")
    districts = city.territories(on=date(2022, 7, 1), kind="district", with_geometry=True)
    assert len(districts) == 4
    assert all(district.geometry for district in districts)
    assert city.find_unit("Горкенеш", on=date(2022, 7, 1)).code == "city-council"
    assert not city.is_working_day(date(2022, 3, 21))


def test_a_right_pack_checks_clean_without_a_database(tmp_path: Path) -> None:
    from shaar.city.pack import check

    assert not list(check(write(tmp_path, content())))
