"""The figures of the real report of 2022 are recognised with value and unit."""

import csv
from decimal import Decimal
from functools import cache
from io import BytesIO

from shaar.reports.proofreading import Proof, StatedFigure, check
from tests.architecture.sources import ROOT

REPORT = ROOT / "tests" / "reports" / "proofreading" / "report-2022.txt"
FIGURES = ROOT / "packs" / "bishkek" / "figures" / "2022.csv"
# What may be found as unit or counted noun for each measure of the pack.
MEANT = {
    "plan_measure": {"мероприятие"},
    "school": {"школа"},
    "preschool": {"организация", "учреждение"},
    "building": {"здание"},
    "facility": {"объект"},
    "centre": {"центр"},
    "grade": {"класс"},
    "district": {"район"},
    "person": {"ребенок", "человек"},
    "item": {"item", "комплекс"},
    "service_team": {"служба"},
    "nomination": {"номинация"},
    "event": {"мероприятие"},
    "medal": {"медаль"},
    "percent": {"percent"},
    "competition": {"соревнование"},
    "km": {"km"},
    "camera": {"камера"},
    "piece": {"piece", "светильник", "лампа"},
    "street": {"улица"},
    "residential_area": {"массив"},
    "case": {"ситуация"},
    "request": {"заявка"},
    "card": {"карта"},
    "bus": {"item"},
    "site": {"площадка"},
    "point": {"пункт"},
    "lift": {"лифт"},
    "year": {"year"},
    "running_metre": {"running_metre"},
    "parking_area": {"пространство"},
    "parking_place": {"машиноместо"},
    "accident": {"авария"},
    "metre": {"metre"},
    "pole": {"опора"},
    "square_metre": {"square_metre"},
    "tray": {"лоток"},
    "litre_per_second": {"litre_per_second"},
    "hectare": {"hectare"},
    "mln_som": {"som"},
    "service": {"услуга"},
    "goal": {"цель"},
    "version": {"version"},
}


@cache
def proof() -> Proof:
    return check(
        BytesIO((ROOT / "tests/reports/proofreading/report-2022.txt").read_bytes()), name="report-2022.txt"
    )


def is_found(row: dict[str, str], figure: StatedFigure) -> bool:
    wanted = MEANT[row["measure"]]
    if not wanted & {figure.unit, figure.noun, figure.kind}:
        return False
    if not row["value"]:
        return figure.qualifier == row["qualifier"] and figure.written == row["as_written"]
    is_upper = figure.upper == (Decimal(row["upper"]) if row["upper"] else None)
    return figure.value == Decimal(row["value"]) and is_upper and figure.qualifier == row["qualifier"]


def missed() -> list[str]:
    rows = [
        row
        for row in csv.DictReader(FIGURES.read_text(encoding="utf-8").splitlines())
        if row["stated"] == "yes"
    ]
    assert len(rows) == 100
    by_line: dict[int, list[StatedFigure]] = {}
    for figure in proof().figures:
        by_line.setdefault(figure.spot.line, []).append(figure)
    return [
        row["row"]
        for row in rows
        if not any(is_found(row, each) for each in by_line.get(int(row["line"]), []))
    ]


def test_at_least_98_of_the_100_stated_figures_are_recognised() -> None:
    assert len(missed()) <= 2, missed()


def test_acts_dates_schools_and_years_are_not_quantities() -> None:
    kinds = {(figure.spot.line, figure.written): figure.kind for figure in proof().figures}
    assert kinds[4, "435"] == "act"
    assert kinds[35, "40"] == kinds[35, "75"] == "act"
    assert kinds[51, "2"] == "phase"
    assert kinds[84, "2.0"] == "version"
    assert kinds[28, "19"] == "name"
    assert kinds[76, "2022-2024"] == "year"
