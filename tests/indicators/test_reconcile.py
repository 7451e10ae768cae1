"""The whole way: the pack and its figures in the ledger, then findings, traces and pages from rollups."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shaar.city import api as city
from shaar.config.cli import build_parser
from shaar.indicators import api, catalogue
from shaar.indicators.rollups.keeping import catch_up
from shaar.indicators.rules import registry
from shaar.kernel import clock
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier
from shaar.ledger import api as ledger
from tests.indicators.grounds import FIGURE, PACK

pytestmark = pytest.mark.django_db
YEAR = Period.year(2022)


@pytest.fixture(autouse=True)
def _year(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    catalogue.forget()
    if "itemised_total" not in registry.registered_rules():
        monkeypatch.setitem(registry._rules, "itemised_total", lambda _context: ())
    city.load_pack(PACK, actor="pack:bishkek")
    api.load_pack(PACK, actor="pack:bishkek")
    with (PACK / "figures" / "2022.csv").open(encoding="utf-8", newline="") as stream:
        ledger.record_many([fact(row) for row in csv.DictReader(stream)], key="figures-2022")
    catch_up()
    yield
    catalogue.forget()


def fact(row: dict[str, str]) -> ledger.Fact:
    split = dict(pair.split("=") for pair in row["dimensions"].split(";") if pair)
    place = f"абзац {row['paragraph']}, строка {row['line']}"
    return ledger.Fact(
        type=FIGURE,
        happened_at=clock.noon(date(2022, 12, 31)),
        unit=row["unit"],
        territory=row["territory"],
        quantity=Decimal(row["value"]) if row["value"] else None,
        measure=row["measure"],
        subject=ledger.Subject("programme", "figure", f"report-2022#{row['row']}", f"Отчёт, {row['row']}"),
        actor="pack:bishkek",
        dimensions={"figure": row["figure"], **split},
        covers=PeriodKind.YEAR,
        qualifier=Qualifier(row["qualifier"]),
        upper=Decimal(row["upper"]) if row["upper"] else None,
        as_written=row["as_written"],
        evidence=(ledger.Evidence("document", "report-2022", place, "Отчёт за 2022 год"),),
        period_stated=row["period_stated"] == "yes",
    )


def run(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    arguments = build_parser().parse_args(words)
    assert arguments.run(arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_reconcile_finds_the_known_faults_and_confirms_what_is_right(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = run(capsys, "reconcile", "--year", "2022", "--json")
    assert told["schema"] == "shaar.reconcile/1"
    counts = {rule: count for rule, count in told["summary"]["by_rule"].items() if rule != "itemised_total"}
    assert counts == {
        "parts_total": 1,
        "malformed": 1,
        "alike": 2,
        "overlap": 3,
        "two_plans": 1,
        "inexact": 3,
        "no_period": 2,
        "missing_total": 5,
    }
    assert told["summary"]["confirmed"] == 9
    by_rule = {one["rule"]: one for one in told["findings"]}
    assert by_rule["parts_total"]["numbers"]["gap_percent"] == "13.2"
    assert by_rule["malformed"]["numbers"]["readings"] == "11684 / 1684 / 1168.4"
    assert set(by_rule["malformed"]["message"]) == {"ru", "ky", "en"}


def test_every_figure_comes_back_as_the_source_states_it() -> None:
    with (PACK / "figures" / "2022.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["row"]: row for row in csv.DictReader(stream)}
    by_row = {one.row: one.code for one in api.passports() if one.row}
    assert by_row.keys() == rows.keys()
    found = api.values(by_row.values(), YEAR)
    for number, row in rows.items():
        quantity = found[by_row[number]].quantity
        assert quantity is not None, number
        assert quantity.value == (Decimal(row["value"]) if row["value"] else None), number
        assert quantity.upper == (Decimal(row["upper"]) if row["upper"] else None), number
        assert quantity.qualifier == row["qualifier"], number
        assert found[by_row[number]].measure == row["measure"], number


def test_trace_leads_to_the_paragraph_of_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    code = next(one.code for one in api.passports() if one.row == "B02")
    told = run(capsys, "trace", code, "--period", "2022", "--json")
    assert told["value"]["quantity"]["value"] == "851"
    assert told["facts"][0]["evidence"][0]["place"] == "абзац 37, строка 37"
    assert told["facts"][0]["territory"] == "leninsky"


def test_the_newest_year_is_the_one_that_has_facts(client: Client) -> None:
    assert "2022" in client.get("/indicators/").content.decode()


def test_pages_take_a_fixed_number_of_queries(client: Client) -> None:
    # pages are asked of a city where nothing has changed since the last asking; see also test_kept.py
    most = {
        "/indicators/": 9,  # the newest year that has facts is looked up, and the series of the indicators
        "/indicators/indicators.csv": 8,
        "/indicators/indicators.json": 8,
        "/findings/?year=2022": 8,
        "/findings/findings.json?year=2022": 7,
        "/indicators/safety.cameras_total/": 7,
        "/figures/safety.cameras_total/2022/": 11,
    }
    client.get("/findings/?year=2022")
    found: dict[str, int] = {}
    for address in most:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        found[address] = len(captured)
    assert {address: count for address, count in found.items() if count > most[address]} == {}
