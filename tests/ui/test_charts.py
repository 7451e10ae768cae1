import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from shaar.ui.charts import Chart, Series, Tile, bar, bullet, district_tiles, line, stacked_bar

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
