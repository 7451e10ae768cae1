import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from shaar.ui.charts import Chart, Series, Tile, bar, bullet, district_tiles, line, stacked_bar
from shaar.ui.heat import Outline, calendar, choropleth

VALUES = [Decimal(851), Decimal("222.5"), None]
LABELS = ["Ленинский", "Октябрьский <&>", "Свердловский"]
PAIR = [Series("план", VALUES), Series("факт", VALUES)]
PLANS = [Decimal(900), None, Decimal(3)]
YES_NO = [Series("да", [Decimal(55)]), Series("нет", [None])]
TILES = [
    Tile(label, place, 0, value) for place, (label, value) in enumerate(zip(LABELS, VALUES, strict=True))
]
CHARTS = {
    "bar": bar(LABELS, [Series("камер", VALUES)], title="Камеры", language="ru"),
    "grouped": bar(LABELS, PAIR, title="Камеры", language="ru"),
    "stacked": stacked_bar(LABELS, PAIR, title="Камеры", language="ru"),
    "one stack": stacked_bar(["2022"], YES_NO, title="Меры", language="ru"),
    "bullet": bullet(LABELS, VALUES, PLANS, title="План", language="ru", names=("факт", "план")),
    "line": line(["2020", "2021", "2022"], [Series("камер", VALUES)], title="Ряд", language="ru"),
    "tiles": district_tiles(
        TILES,
        title="Районы", language="ru", note="Схема",
    ),
    "nothing": bar([], [Series("камер", [])], title="Пусто", language="ru"),
}  # fmt: skip


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_drawing_is_wellformed_and_holds_no_style_script_or_colour_of_text(chart: Chart) -> None:
    root = ElementTree.fromstring(chart.svg)
    for element in root.iter():
        assert element.tag.rpartition("}")[2] not in {"style", "script", "foreignObject"}
        assert "style" not in element.attrib
        assert not [name for name in element.attrib if name.startswith("on")]
        if element.tag.endswith("text"):
            assert element.get("fill") == "currentColor"


@pytest.mark.parametrize("chart", [one for name, one in CHARTS.items() if name != "nothing"])
def test_alternative_text_and_table_say_every_value(chart: Chart) -> None:
    said = [cell for row in chart.table[1:] for cell in row[1:]]
    assert all(cell in chart.alt for cell in said)
    assert "—" in said
    assert all(len(row) == len(chart.table[0]) for row in chart.table)


def test_a_missing_value_is_a_dash_and_draws_nothing() -> None:
    chart = bar(["А"], [Series("камер", [None])], title="Камеры", language="ru")
    assert chart.table == [["", "камер"], ["А", "—"]]
    assert "url(#" not in chart.svg
    broken = line(
        ["1", "2", "3"], [Series("ряд", [Decimal(1), None, Decimal(3)])], title="Ряд", language="ru"
    )
    assert len(re.findall(r'd="M[\d. ]+M', broken.svg)) == 1


def test_bars_are_as_long_as_their_values_say() -> None:
    chart = bar(["А", "Б"], [Series("камер", [Decimal(100), Decimal(50)])], title="Камеры", language="ru")
    widths = [
        float(width) for width in re.findall(r'<rect x="0.0" [^>]*width="([\d.]+)" height="22.0"', chart.svg)
    ]
    assert widths[0] == pytest.approx(2 * widths[1], rel=0.001)


def test_two_drawings_on_one_page_share_no_names() -> None:
    first, second = CHARTS["bar"], CHARTS["line"]
    names = [set(re.findall(r'id="([^"]+)"', chart.svg)) for chart in (first, second)]
    assert not names[0] & names[1]


def test_what_a_script_draws_is_what_the_table_says() -> None:
    for chart in CHARTS.values():
        assert chart.data
        told = chart.data.as_json()
        columns = [list(column) for column in zip(*[row[1:] for row in chart.table[1:]], strict=True)]
        assert told["written"] == columns or not chart.table[1:]
        assert list(told["labels"]) == [row[0] for row in chart.table[1:]]


def test_the_heat_of_a_year_has_a_cell_for_each_day_and_a_leap_year_one_more() -> None:
    for year, days in ((2022, 365), (2024, 366)):
        drawn = calendar({date(year, 2, 28): Decimal(3)}, year=year, title="Дни", language="ky")
        assert drawn.svg.count("<title>") == days
        assert f"<title>{year}-02-28: 3</title>" in drawn.svg
        assert len(drawn.table) == 13


def test_equal_values_and_no_values_are_drawn_too() -> None:
    for values in ({}, {date(2022, 1, 1): Decimal(5), date(2022, 1, 2): Decimal(5)}):
        ElementTree.fromstring(calendar(values, year=2022, title="Дни", language="ru").svg)
    ElementTree.fromstring(choropleth([], title="Районы", language="ru").svg)


def test_an_area_with_a_hole_and_a_missing_value_is_drawn() -> None:
    ring = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
    hole = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
    area = Outline("Сад <&>", {"type": "Polygon", "coordinates": [ring, hole]}, None)
    drawn = choropleth([area], title="Сады", language="ru")
    root = ElementTree.fromstring(drawn.svg)
    path = next(one for one in root.iter() if one.tag.endswith("path") and one.get("fill-rule"))
    assert (path.get("d") or "").count("M") == 2
    assert path.get("fill") == "none"
    assert drawn.table[1] == ["Сад <&>", "—"]
