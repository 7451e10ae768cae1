"""What the rules say is reckoned once for each change, by one reader, and the pages ask few questions."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shaar.access.api import system_actor
from shaar.indicators import api, catalogue, doors, kept
from shaar.indicators.models import KeptOutcomes
from shaar.indicators.rollups.keeping import catch_up
from shaar.indicators.rules import RuleContext, registry
from shaar.kernel import clock
from shaar.kernel.once import look, one_look
from shaar.kernel.periods import Period, PeriodKind
from shaar.ledger import api as ledger
from shaar.programme import models as programmes
from tests.indicators.grounds import FIGURE
from tests.programme.conftest import bishkek, pack

__all__ = ["bishkek", "pack"]
pytestmark = pytest.mark.django_db
YEAR = Period.year(2022)
FEW = {"safety", "execution", "parameters"}  # of the pack's sections, those that a small city keeps
# Questions that a page may ask when nothing has changed, however many indicators there are (one: notices).
MOST = {
    "/": 9,
    "/findings/?year=2022": 8,
    "/findings/?year=2022&programme=bishkek-2026": 12,
    "/figures/safety.cameras_total/2022/": 11,
    "/indicators/safety.cameras_total/?period=2022": 6,
    "/indicators/?period=2022": 7,
}


@pytest.fixture(autouse=True)
def _forgetful() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Period]:
    """Return the periods for which the rules have run."""
    seen: list[Period] = []
    real = registry.registered_rules()["parts_total"]

    def counting(context: RuleContext) -> Any:
        seen.append(context.period)
        return real(context)

    monkeypatch.setitem(registry._rules, "parts_total", counting)
    return seen


@pytest.fixture
def city(bishkek: Path) -> Path:
    catch_up()
    return bishkek


def lamps(number: str) -> ledger.Fact:
    return ledger.Fact(
        type=FIGURE,
        happened_at=clock.noon(date(2022, 12, 31)),
        unit="city-hall",
        territory="bishkek",
        quantity=Decimal(number),
        measure="luminaire",
        subject=ledger.Subject("programme", "figure", "demo#1", "демо"),
        actor="pack:bishkek",
        dimensions={"figure": "demo.lamps"},
        covers=PeriodKind.YEAR,
    )


def test_the_rules_run_once_while_nothing_changes(city: Path, runs: list[Period]) -> None:
    first = api.findings(None, YEAR)
    assert api.findings(None, YEAR) == first
    assert api.trace("safety.cameras_total", YEAR).findings
    assert runs == [YEAR]
    assert any(one.rule == "itemised_total" for one in first)


def test_what_is_kept_is_what_the_rules_say(city: Path) -> None:
    api.findings(None, YEAR)
    again = api.findings(None, YEAR)
    known = catalogue.catalogue()
    assert again == doors._run(known, None, YEAR, on=clock.today())


def test_one_rule_and_some_indicators_are_taken_apart(city: Path) -> None:
    everything = api.findings(None, YEAR)
    assert api.findings(None, YEAR, rules=["alike"]) == [one for one in everything if one.rule == "alike"]
    some = api.findings(["safety.cameras_total"], YEAR)
    assert {code for one in some for code in one.indicators} >= {"safety.cameras_total"}
    assert len(some) < len(everything)
    assert api.findings([], YEAR) == []


@pytest.mark.parametrize("change", ["a fact", "a batch in the rollups", "the pack", "a measure", "the city"])
def test_the_rules_run_again_after_a_change(city: Path, runs: list[Period], change: str) -> None:
    api.findings(None, YEAR)
    if change in {"a fact", "a batch in the rollups"}:
        ledger.record_many([lamps("3")])
        if change == "a batch in the rollups":
            api.findings(None, YEAR)
            runs.clear()
            runs.append(YEAR)
            catch_up()
    elif change == "the pack":
        rules = city / "rules.yaml"
        rules.write_text(
            rules.read_text(encoding="utf-8").replace(
                "rule: alike, severity: warning", "rule: alike, severity: notice"
            )
        )
        api.load_pack(city, actor="pack:bishkek")
    elif change == "a measure":
        programmes.MeasureIndicator.objects.order_by("pk").first().delete()  # type: ignore[union-attr]
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE city_revision SET number = number + 1")
    api.findings(None, YEAR)
    api.findings(None, YEAR)
    assert len(runs) == 2


def test_an_answer_shows_at_once_and_runs_no_rule(city: Path, runs: list[Period]) -> None:
    key = api.findings(None, YEAR, rules=["malformed"])[0].key
    at = datetime(2023, 2, 1, tzinfo=UTC)
    api.answer_finding(key, actor=system_actor("tests"), at=at, text="Верно 11 684")
    assert api.findings(None, YEAR, rules=["malformed"])[0].answers[0].text == "Верно 11 684"
    assert len(runs) == 1


def test_another_day_of_judging_is_not_kept(city: Path, runs: list[Period]) -> None:
    api.findings(None, YEAR, on=date(2022, 1, 1))
    api.findings(None, YEAR, on=date(2022, 1, 1))
    assert len(runs) == 2
    assert not KeptOutcomes.objects.exists()


def test_no_more_is_kept_than_a_fixed_number(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    for year in (2019, 2020, 2021, 2022):
        api.findings(None, Period.year(year))
    assert set(KeptOutcomes.objects.values_list("period", flat=True)) == {"2021", "2022"}


def test_a_batch_and_a_pack_have_the_rules_run_before_anyone_asks(
    bishkek: Path, runs: list[Period], run_jobs: Callable[[], int]
) -> None:
    ledger.record_many([lamps("3")])
    ledger.record_many([lamps("4")])
    run_jobs()
    assert KeptOutcomes.objects.filter(period="2022", scope=kept.EVERYTHING).count() == 1
    before = len(runs)
    api.findings(None, YEAR)
    assert len(runs) == before


@pytest.mark.django_db(transaction=True)
def test_two_readers_do_not_run_the_rules_twice(city: Path, runs: list[Period]) -> None:
    KeptOutcomes.objects.all().delete()
    together = threading.Barrier(2)
    found: list[int] = []

    def read() -> None:
        together.wait()
        found.append(len(api.findings(None, YEAR)))
        connections.close_all()

    readers = [threading.Thread(target=read) for _one in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert found[0] == found[1] > 0
    assert runs == [YEAR]


def test_an_operation_looks_once_and_the_next_one_again() -> None:
    answers = iter(range(10))
    assert [look("x", lambda: next(answers)) for _time in range(2)] == [0, 1]
    with one_look():
        assert [look("x", lambda: next(answers)) for _time in range(2)] == [2, 2]
        with one_look():
            assert look("x", lambda: next(answers)) == 2
    assert look("x", lambda: next(answers)) == 3


def small(pack: Path) -> None:
    """Leave the pack the indicators of a few sections and nothing that names others."""
    rules = yaml.safe_load((pack / "rules.yaml").read_text(encoding="utf-8"))["rules"]
    plain = [{"rule": one["rule"], "severity": one["severity"]} for one in rules]
    (pack / "rules.yaml").write_text(yaml.safe_dump({"rules": plain}), encoding="utf-8")
    for path in (pack / "indicators").glob("*.yaml"):
        listed = yaml.safe_load(path.read_text(encoding="utf-8"))["indicators"]
        left = [one for one in listed if one["section"] in FEW]
        path.write_text(yaml.safe_dump({"indicators": left}, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize("is_small", [True, False])
def test_pages_ask_few_questions_however_many_indicators_there_are(
    city: Path, client: Client, is_small: bool
) -> None:
    if is_small:
        small(city)
        programmes.MeasureIndicator.objects.all().delete()  # its measures name what a small city has not
        api.load_pack(city, actor="pack:bishkek")
    assert (len(api.passports()) <= 15) is is_small
    found = {}
    for address in MOST:
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        found[address] = len(captured)
    assert {address: count for address, count in found.items() if count > MOST[address]} == {}
