"""Map panels as data: their classes, legends and tables."""

from decimal import Decimal

from shaar.ui.panels import Areas, Feature, Layer, MapPanel, Points, point
from tests.ui.chart_pages import SHAPES, panel

COLUMNS = ("Name", "Kind", "Value", "Note")


def areas(*values: int | None) -> Areas:
    known = [None if value is None else Decimal(value) for value in values]
    found = [Feature(str(n), SHAPES[0], value) for n, value in enumerate(known)]
    return Areas("Areas", found)


def shown(*layers: Layer) -> MapPanel:
    return MapPanel(title="T", layers=layers, columns=COLUMNS, language="ru")


def test_the_classes_cover_every_value_from_the_least_to_the_greatest() -> None:
    layer = areas(0, 10, 30, 55, 100, None)
    assert layer.limits == [20, 40, 60, 80, 100]
    assert [layer.class_of(one.value) for one in layer.features] == [0, 0, 1, 2, 4, -1]


def test_equal_values_are_one_class_and_no_values_are_none() -> None:
    assert areas(7, 7).limits == [7]
    assert areas(None).limits == []


def test_the_legend_tells_each_layer_each_class_and_what_is_missing() -> None:
    made = shown(areas(0, 100, None))
    assert [(one.kind, one.shade, one.text) for one in made.legend] == [
        ("areas", 0, "Areas"), ("class", 0, "0–50"), ("class", 1, "50–100"), ("class", -1, "—"),
    ]  # fmt: skip


def test_the_table_has_a_row_for_each_thing_and_no_empty_column() -> None:
    made = shown(Points("Wells", [point("A", (74, 42)), point("B", (75, 42))]))
    assert made.table == [["Name", "Kind"], ["A", "Wells"], ["B", "Wells"]]
    assert shown().table == []


def test_the_script_is_given_what_the_table_shows() -> None:
    made = panel()
    names = [one["properties"]["name"] for layer in made.data["layers"] for one in layer["data"]["features"]]
    assert names == [row[0] for row in made.table[1:]]


def test_a_large_layer_comes_by_its_address() -> None:
    made = shown(Points("Lamps", data_url="/lamps.geojson"))
    assert made.data["layers"][0]["data"] == "/lamps.geojson"
