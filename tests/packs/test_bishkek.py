"""The Bishkek pack agrees with itself and with control numbers copied from its source by hand."""

import csv
import json
import re
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

PACK = Path(__file__).parents[2] / "packs" / "bishkek"
LANGUAGES = ("ru", "ky")
UNSTATED = {"P01", "S16", "G01", "G03", "A00", "Z10", "U01", "U03"}
WITHOUT_PERIOD = {"S17", "S18", "S19", "B01", "B02", "B03", "B04", "B05", "B06"}

# row → value as the source states it; chosen to touch every section of the report.
CONTROL = {
    "P02": "167", "P03": "55", "P04": "112", "S01": "15", "S04": "74", "S11": "145", "S17": "212733",
    "S18": "175297", "S19": "31378", "S22": "127", "S23": "184", "S27": "45", "B01": "1506",
    "B02": "851", "B03": "222", "B04": "317", "B05": "116", "B06": "42", "O01": "10531", "O02": "5532",
    "O03": "402", "O04": "3610", "O05": "39", "O07": "150.6", "O08": "117.7", "O09": "2105",
    "O10": "1152", "T01": "219", "T02": "3882", "T03": "120", "W01": "16", "W02": "2", "L01": "975",
    "L02": "663", "L03": "312", "L04": "100", "L06": "20", "A02": "71", "A03": "10300", "A07": "2575",
    "I01": "8.71", "I02": "0.62", "I03": "1737", "I04": "994", "I06": "104.97", "I07": "25.5",
    "I10": "57800.6", "I11": "1005", "I12": "2450", "Z01": "8038", "Z02": "2693", "Z03": "4458",
    "Z04": "206153", "Z05": "939662", "Z06": "1511", "Z08": "5.5", "Z09": "10.2", "M01": "15420.6",
    "M02": "14719.8", "M03": "104.8", "M04": "700.8", "M05": "14695.7", "M06": "99.8", "M07": "14721.7",
    "M08": "26.0", "U04": "20", "U05": "8", "U06": "5", "U07": "3", "U08": "9",
}  # fmt: skip
INEXACT = {
    "S09": ("range", "1", "4", "1–4"),
    "S20": ("at_least", "4000", "", "более 4 тысяч"),
    "G02": ("at_least", "80", "", "более 80ти"),
    "O06": ("disputed", "", "", "1 1684"),
    "Z07": ("range", "45", "50", "45–50"),
    "U03": ("range", "5", "6", "5 или 6"),
}
# Figures that count the same object with the same action, though neither is a part or a kind of the other.
QUESTIONABLE_PAIRS = {("S04", "S16"), ("B01", "B06"), ("O08", "I06"), ("W01", "W02"), ("A03", "I07")}


@cache
def document(name: str) -> Any:
    return yaml.safe_load((PACK / name).read_text(encoding="utf-8"))


def codes(name: str, key: str) -> set[str]:
    listed = [item["code"] for item in document(name)[key]]
    assert [code for code, count in Counter(listed).items() if count > 1] == []
    return set(listed)


@cache
def passports() -> dict[str, dict[str, Any]]:
    files = sorted((PACK / "indicators").glob("*.yaml"))
    listed = [item for file in files for item in document(f"indicators/{file.name}")["indicators"]]
    assert len({item["code"] for item in listed}) == len(listed)
    return {item["code"]: item for item in listed}


@cache
def by_row() -> dict[str, dict[str, Any]]:
    return {item["row"]: item for item in passports().values() if "row" in item}


@cache
def figures() -> dict[str, dict[str, str]]:
    with (PACK / "figures" / "2022.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["row"] for row in rows}) == len(rows)
    return {row["row"]: row for row in rows}


def template(language: str) -> str:
    return (PACK / "reports" / f"annual.{language}.md.j2").read_text(encoding="utf-8")


def dimensions(row: dict[str, str]) -> dict[str, str]:
    pairs = (pair.split("=", 1) for pair in row["dimensions"].split(";") if pair)
    return {"figure": row["figure"], **dict(pairs)}


def test_each_of_the_108_rows_has_one_fact_and_one_passport() -> None:
    assert len(figures()) == 108
    assert set(by_row()) == set(figures())
    assert sum("row" in item for item in passports().values()) == 108


@pytest.mark.parametrize("row", sorted(CONTROL))
def test_a_figure_is_what_the_source_states(row: str) -> None:
    assert figures()[row]["value"] == CONTROL[row]


def test_inexact_figures_keep_their_qualifier_and_their_wording() -> None:
    found = {
        code: (row["qualifier"], row["value"], row["upper"], row["as_written"])
        for code, row in figures().items()
        if row["qualifier"] != "exact"
    }
    assert found == INEXACT


def test_figures_that_the_source_does_not_write_and_those_without_a_period_are_marked() -> None:
    assert {code for code, row in figures().items() if row["stated"] == "no"} == UNSTATED
    assert {code for code, row in figures().items() if row["period_stated"] == "no"} == WITHOUT_PERIOD


def test_a_passport_selects_the_fact_of_its_row_and_no_other() -> None:
    for code, passport in by_row().items():
        where = dict(passport["source"]["where"])
        territory = where.pop("territory", None)
        chosen = [
            row["row"]
            for row in figures().values()
            if where.items() <= dimensions(row).items() and territory in (None, row["territory"])
        ]
        assert chosen == [code]
        assert passport["measure"] == figures()[code]["measure"]
        assert passport["owner"] == figures()[code]["unit"]


def test_a_passport_without_a_row_breaks_down_several_figures() -> None:
    for passport in passports().values():
        if "row" not in passport:
            figure = passport["source"]["where"]["figure"]
            assert sum(row["figure"] == figure for row in figures().values()) > 1


def test_every_code_that_a_passport_names_exists() -> None:
    known = {
        "section": codes("sections.yaml", "sections"),
        "measure": codes("units-of-measure.yaml", "units"),
        "object": codes("objects.yaml", "objects"),
        "action": codes("objects.yaml", "actions"),
        "owner": codes("units.yaml", "units"),
        "legal_basis": codes("acts.yaml", "acts"),
        "plan": set(passports()),
    }
    for passport in passports().values():
        for key, allowed in known.items():
            assert passport.get(key) is None or passport[key] in allowed, (passport["code"], key)
        parts = passport.get("parts", {})
        assert {*parts.get("complete", ()), *parts.get("covers", ())} <= set(passports())
        assert set(re.findall(r"[a-z_]+\.[a-z_]+", passport.get("expected", ""))) <= set(passports())


def test_dimensions_of_figures_are_declared() -> None:
    declared = {
        item["code"]: {value["code"] for value in item.get("values", ())}
        for item in document("dimensions.yaml")["dimensions"]
    }
    for row in figures().values():
        for key, value in dimensions(row).items():
            assert key == "figure" or value in declared[key], row["row"]


def test_facts_name_known_units_and_territories() -> None:
    assert {row["unit"] for row in figures().values()} <= codes("units.yaml", "units")
    assert {row["territory"] for row in figures().values()} <= codes("territories.yaml", "territories")
    assert {row["document"] for row in figures().values()} <= codes("sources.yaml", "sources")


def test_only_the_led_lamps_do_not_sum_to_their_total() -> None:
    def number(code: str) -> int:
        return int(figures()[passports()[code]["row"]]["value"])

    gaps = {}
    for code, passport in passports().items():
        if complete := passport.get("parts", {}).get("complete"):
            gaps[code] = number(code) - sum(number(part) for part in complete)
    assert {code: gap for code, gap in gaps.items() if gap} == {"lighting.led_total": 1389}
    assert len(gaps) == 6


def test_only_the_five_questionable_pairs_share_object_and_action() -> None:
    whole_of = {
        part: code
        for code, passport in passports().items()
        for part in passport.get("parts", {}).get("complete", ())
    }
    classified = [item for item in by_row().values() if "object" in item and item["code"] not in whole_of]
    found = set()
    for first, second in combinations(classified, 2):
        same_figure = first["source"]["where"]["figure"] == second["source"]["where"]["figure"]
        same_kind = (first["object"], first["action"]) == (second["object"], second["action"])
        if same_kind and not same_figure:
            found.add((first["row"], second["row"]))
    assert found == QUESTIONABLE_PAIRS


def test_growth_of_medals_has_no_formula_because_its_base_is_not_named() -> None:
    assert "expected" not in by_row()["S27"]
    checked = {row for row, passport in by_row().items() if "expected" in passport}
    assert checked == {"M03", "M04", "M06", "M08"}


def test_everything_counted_is_named_in_russian_and_kyrgyz() -> None:
    for passport in passports().values():
        assert all(passport["name"].get(language) for language in LANGUAGES), passport["code"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_uses_every_figure(language: str) -> None:
    used = set(re.findall(r'(?:fig|num)\("([^"]+)"', template(language)))
    assert used == {passport["code"] for passport in by_row().values()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_calls_only_what_the_contract_offers(language: str) -> None:
    calls = set(re.findall(r"{{\s*(\w+)\(", template(language)))
    assert calls <= {"fig", "num", "act", "measures"}
    assert set(re.findall(r'act\("([^"]+)"', template(language))) <= codes("acts.yaml", "acts")
    charts = re.findall(r"^```chart (\w+)$", template(language), flags=re.MULTILINE)
    assert set(charts) == codes("reports/charts.yaml", "charts")


def test_both_editions_have_the_six_directions() -> None:
    names = [direction["name"] for direction in document("programmes/bishkek-2026.yaml")["directions"]]
    for language in LANGUAGES:
        headings = re.findall(r"^## (.+)$", template(language), flags=re.MULTILINE)
        assert headings[:6] == [name[language] for name in names]


def test_charts_show_known_indicators() -> None:
    for chart in document("reports/charts.yaml")["charts"]:
        assert set(chart["indicators"]) <= set(passports())
        assert len(chart["labels"]) == len(chart["indicators"])


def test_measures_of_the_programme_name_known_things_and_no_invented_numbers() -> None:
    programme = document("programmes/bishkek-2026.yaml")
    measures = programme["measures"]
    assert len({measure["code"] for measure in measures}) == len(measures)
    for measure in measures:
        assert measure["number"] is None
        assert measure["direction"] in range(1, 7)
        assert all(measure["text"][language] for language in LANGUAGES)
        assert set(measure.get("indicators", ())) <= set(passports())
        units = {*measure.get("responsible", ()), *measure.get("co_responsible", ())}
        assert units <= codes("units.yaml", "units")
        assert [status["status"] in {"executed", "in_progress"} for status in measure["status"]] == [True]
    itemised = Counter(measure["status"][0]["status"] for measure in measures)
    assert len(measures) < int(figures()["P02"]["value"])
    assert itemised["executed"] <= int(figures()["P03"]["value"])
    assert itemised["in_progress"] <= int(figures()["P04"]["value"])


def test_an_indicator_belongs_to_one_measure_of_the_programme() -> None:
    programme = document("programmes/bishkek-2026.yaml")
    linked = Counter(code for measure in programme["measures"] for code in measure.get("indicators", ()))
    assert [code for code, count in linked.items() if count > 1] == []
    general = {item["code"] for item in by_row().values() if item["section"] in {"parameters", "execution"}}
    assert set(linked) == {item["code"] for item in by_row().values()} - general


def test_targets_and_acts_of_the_programme_are_those_that_the_source_states() -> None:
    programme = document("programmes/bishkek-2026.yaml")
    targets = {target["indicator"]: target["value"] for target in programme["targets"]}
    assert targets == {
        "transport.buses_delivered": "120",
        "lifts.delivered": "100",
        "budget.revenue": "14719.8",
        "budget.expenditure": "14721.7",
    }
    acts = {act["code"]: act for act in document("acts.yaml")["acts"]}
    assert len(acts) == 14
    approval = acts[programme["programme"]["approval_act"]]
    plan = acts[programme["revisions"][0]["act"]]
    assert (approval["number"], str(approval["date"])) == ("30", "2022-05-26")
    assert (plan["number"], str(plan["date"])) == ("148", "2022-08-14")


def test_an_act_without_date_or_number_says_why() -> None:
    for act in document("acts.yaml")["acts"]:
        assert ("date" in act and "number" in act) or act.get("note"), act["code"]


def test_shapes_are_marked_approximate_and_belong_to_territories() -> None:
    points = 0
    for path in sorted((PACK / "geo").glob("*.geojson")):
        collection = json.loads(path.read_text(encoding="utf-8"))
        assert "OpenStreetMap" in collection["attribution"]
        for feature in collection["features"]:
            assert feature["properties"]["approximate"] is True
            assert feature["properties"]["code"] in codes("territories.yaml", "territories")
            points = max(points, json.dumps(feature["geometry"]).count("[") // 2)
    assert 4 <= points < 120


def test_the_calendar_has_each_day_once_and_the_holidays_of_each_year() -> None:
    days = document("calendar.yaml")["days"]
    dates = [day["day"] for day in days]
    assert dates == sorted(set(dates))
    off = {day["day"].isoformat() for day in days if not day["working"]}
    for year in range(2021, 2028):
        assert {f"{year}-01-01", f"{year}-03-21", f"{year}-05-09", f"{year}-08-31"} <= off


def test_demonstration_people_are_labelled_and_have_known_roles() -> None:
    people = document("demo/users.yaml")
    assert people["demonstration"] is True
    for person in people["users"]:
        assert all("(демо)" in person["name"][language] for language in LANGUAGES)
        assert {held["role"] for held in person["roles"]} <= codes("roles.yaml", "roles")
