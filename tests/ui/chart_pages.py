"""Addresses for tests: the installation's own, and a page with every kind of chart and layer, invented."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from shaar.access.api import public
from shaar.config.urls import urlpatterns as own
from shaar.ui.charts import Chart, Series, Tile, bar, bullet, district_tiles, line, stacked_bar
from shaar.ui.heat import Outline, calendar, choropleth
from shaar.ui.panels import Areas, Feature, Lines, MapPanel, Points, point

PLACES = ["Ленинский район", "Октябрьский район, длинное название для проверки", "Свердловский район", "Өзөн"]
SEEN = [Decimal(851), Decimal("222.5"), None, Decimal(1200)]
PLANNED = [Decimal(900), Decimal(300), Decimal(100), None]
PAIR = [Series("план", PLANNED), Series("факт", SEEN)]
YEARS = ["2019", "2020", "2021", "2022"]
DAYS = {date(2022, 1, 1) + timedelta(n): Decimal(n * 37 % 101) for n in range(365) if n % 11}


def square(west: float, south: float, side: float = 0.04) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


SHAPES = [square(74.55, 42.85), square(74.60, 42.85), square(74.55, 42.90), square(74.60, 42.90)]


def charts() -> dict[str, Chart]:
    short = [name.split()[0] for name in PLACES]
    tiles = [Tile(name, n % 2, n // 2, SEEN[n]) for n, name in enumerate(short)]
    outlines = [Outline(*one) for one in zip(short, SHAPES, SEEN, strict=True)]
    states = [Series("да", [Decimal(55)]), Series("нет", [Decimal(12)])]
    return {
        "bars": bar(PLACES, [Series("камер", SEEN)], title="Камеры, демо", language="ru", heading="Район"),
        "grouped": bar(PLACES, PAIR, title="План и факт, демо", language="ru", unit="шт."),
        "stacked": stacked_bar(PLACES, PAIR, title="Части, демо", language="ru"),
        "one": stacked_bar(["2022"], states, title="Меры, демо", language="ru"),
        "bullet": bullet(
            PLACES, SEEN, PLANNED, title="Исполнение, демо", language="ru", names=("факт", "план")
        ),
        "lines": line(YEARS, PAIR, title="Ряды, демо", language="ru"),
        "calendar": calendar(DAYS, year=2022, title="По дням, демо", language="ru", heading="Месяц"),
        "areas": choropleth(outlines, title="Районы, демо", language="ru", note="Схема"),
        "tiles": district_tiles(tiles, title="Плитки, демо", language="ru", note="Схема"),
    }  # fmt: skip


def panel() -> MapPanel:
    lamps = [point(f"Фонарь {n}, демо", (74.56 + n % 7 * 0.004, 42.86 + n // 7 * 0.004)) for n in range(40)]
    wells = [point("Колодец <b>, демо", (74.64, 42.88), note="Жаңы өңүр", url="/map/")]
    path_ = {"type": "LineString", "coordinates": [[74.55, 42.84], [74.66, 42.85]]}
    areas = [Feature(name, shape, value) for name, shape, value in zip(PLACES, SHAPES, SEEN, strict=True)]
    return MapPanel(
        title="Всё сразу, демо",
        layers=[
            Areas("Районы, демо", areas, unit="шт."),
            Lines("Маршрут, демо", [Feature("Маршрут 1, демо", path_)]),
            Points("Фонари, демо", lamps),
            Points("Колодцы, демо", wells),
        ],
        columns=("Название", "Что это", "Значение", "Примечание"),
        language="ru",
        bounds=(74.53, 42.83, 74.68, 42.95),
    )


@public
def every_chart(request: HttpRequest) -> HttpResponse:
    source = (
        '{% extends "ui/base.html" %}{% load ui panels %}{% block content %}<h1>Демо</h1>'
        "{% for one in charts %}{% chart one %}{% endfor %}{% endblock %}"
    )
    template = engines["django"].from_string(source)
    return HttpResponse(template.render({"charts": charts().values()}, request))


@public
def every_layer(request: HttpRequest) -> HttpResponse:
    source = (
        '{% extends "ui/base.html" %}{% load panels %}{% block content %}<h1>Демо</h1>'
        "{% map_panel panel %}{% endblock %}"
    )
    return HttpResponse(engines["django"].from_string(source).render({"panel": panel()}, request))


urlpatterns = [*own, path("every-chart/", every_chart), path("every-layer/", every_layer)]
