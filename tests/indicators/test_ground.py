"""Values stand on real facts: recorded, corrected, traced, in the city as it was."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from shaar.city import models as city
from shaar.indicators import api, catalogue
from shaar.indicators.reading import newest_year
from shaar.indicators.rollups.keeping import catch_up
from shaar.kernel import clock
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.quantities import Qualifier
from shaar.ledger import api as ledger
from tests.indicators import grounds

pytestmark = pytest.mark.django_db
TYPE = "tests.lamps_counted.v1"
ALWAYS = DateRange(None, None)
YEAR = Period.year(2022)


@pytest.fixture(autouse=True)
def _city(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ledger.declare(ledger.FactType(TYPE, "Lamps were counted."))
    hall = city.Unit.objects.create(code="hall")
    crew = city.Unit.objects.create(code="crew")
    city.UnitVersion.objects.create(unit=hall, kind="city_hall", name_ru="Мэрия", valid=ALWAYS)
    city.UnitVersion.objects.create(unit=crew, kind="crew", name_ru="Бригада", parent=hall, valid=ALWAYS)
    whole = city.Territory.objects.create(code="city")
    city.TerritoryVersion.objects.create(territory=whole, kind="city", name_ru="Город", valid=ALWAYS)
    for code in ("north", "south"):
        part = city.Territory.objects.create(code=code)
        city.TerritoryVersion.objects.create(
            territory=part, kind="district", name_ru=code, parent=whole, valid=ALWAYS
        )
    garden = city.Territory.objects.create(code="garden")
    north, south = (city.Territory.objects.get(code=code) for code in ("north", "south"))
    moved = date(2023, 1, 1)
    for parent, valid in ((north, DateRange(None, moved)), (south, DateRange(moved, None))):
        city.TerritoryVersion.objects.create(
            territory=garden, kind="street", name_ru="Сад", parent=parent, valid=valid
        )
    known = grounds.catalogue(
        {"code": "lamps", "source": {"fact": TYPE, "where": {"figure": "lamps"}}},
        {"code": "lamps_x", "source": {"fact": TYPE, "where": {"figure": "lamps", "kind": "x"}}},
        {"code": "share", "kind": "formula", "source": {"formula": "percent(lamps_x, lamps)"}},
    )
    for module in ("doors", "tracing", "catalogue", "reading"):
        monkeypatch.setattr(f"shaar.indicators.{module}.catalogue", lambda: known, raising=False)
    yield
    catalogue.forget()


def record(number: str | None, day: date, **rest: Any) -> int:
    kind = rest.pop("kind", None)
    fact = ledger.Fact(
        type=TYPE,
        happened_at=clock.noon(day),
        unit=rest.pop("unit", "hall"),
        territory=rest.pop("territory", "city"),
        quantity=None if number is None else Decimal(number),
        measure="piece",
        subject=ledger.Subject("tests", "count", "c1", "Подсчёт", "/x/"),
        actor="user:1",
        dimensions={"figure": "lamps", **({"kind": kind} if kind else {})},
        evidence=(ledger.Evidence("document", "act-1", "строка 7", "Акт", "ab" * 32),),
        **rest,
    )
    recorded = ledger.record(fact)
    catch_up()
    return recorded


def test_events_are_summed_by_unit_and_territory() -> None:
    record("3", date(2022, 3, 1), territory="north")
    record("4", date(2022, 3, 1), territory="south", unit="crew")
    record("50", date(2023, 3, 1))
    assert number(api.value("lamps", YEAR)) == 7
    assert number(api.value("lamps", YEAR, unit="crew")) == 4
    assert number(api.value("lamps", YEAR, territory="north")) == 3
    years = api.series("lamps", PeriodKind.YEAR, first=date(2021, 1, 1), last=date(2023, 12, 31))
    assert [number(one) for one in years] == [None, 7, 50]


def test_a_day_at_the_edge_belongs_to_the_citys_own_calendar() -> None:
    record("3", date(2022, 12, 31))
    assert number(api.value("lamps", Period.parse("2022-12-31"))) == 3
    assert number(api.value("lamps", Period.year(2023))) is None


def test_a_territory_is_read_as_it_was_on_the_last_day_of_the_period() -> None:
    record("3", date(2022, 3, 1), territory="garden")
    record("4", date(2023, 3, 1), territory="garden")
    assert number(api.value("lamps", YEAR, territory="north")) == 3
    assert number(api.value("lamps", Period.year(2023), territory="north")) is None
    assert number(api.value("lamps", Period.year(2023), territory="south")) == 4


def test_a_correction_is_counted_and_both_stand_in_the_history() -> None:
    wrong = record("30", date(2022, 12, 31), covers=PeriodKind.YEAR)
    ledger.reverse(wrong, reason="опечатка", actor="user:1", at=clock.now())
    catch_up()
    right = record("13", date(2022, 12, 31), covers=PeriodKind.YEAR)
    found = api.trace("lamps", YEAR)
    assert number(found.value) == 13
    assert [fact.id for fact in found.facts] == [right]
    assert {fact.id: fact.is_counted for fact in found.history}[wrong] is False
    assert len(found.history) == 3
    assert found.facts[0].evidence[0].place == "строка 7"


def test_all_taken_back_is_missing_again() -> None:
    only = record("30", date(2022, 12, 31), covers=PeriodKind.YEAR)
    ledger.reverse(only, reason="двойная запись", actor="user:1", at=clock.now())
    catch_up()
    assert api.value("lamps", YEAR).state is api.State.MISSING
    assert api.value("lamps", YEAR).facts == 0


def test_a_figure_for_the_whole_covers_those_for_its_parts() -> None:
    record("10", date(2022, 12, 31), covers=PeriodKind.YEAR)
    record("4", date(2022, 12, 31), covers=PeriodKind.YEAR, kind="x")
    record("2", date(2022, 12, 31), covers=PeriodKind.YEAR, territory="north")
    assert number(api.value("lamps", YEAR)) == 10
    assert number(api.value("lamps_x", YEAR)) == 4
    assert number(api.value("share", YEAR)) == 40
    assert [(key, number(one)) for key, _name, one in api.breakdown("lamps", YEAR, by="territory")] == [
        ("north", 2),
        ("south", None),
    ]
    assert [(key, name.ru, number(one)) for key, name, one in api.breakdown("lamps", YEAR, by="kind")] == [
        ("x", "x", 4)
    ]
    counted = api.trace("lamps", YEAR)
    assert len(counted.facts) == 1
    assert len(counted.history) == 3


def test_qualifiers_and_writing_come_back_from_the_ledger() -> None:
    record(
        "80",
        date(2022, 12, 31),
        covers=PeriodKind.YEAR,
        qualifier=Qualifier.AT_LEAST,
        as_written="более 80ти",
    )
    value = api.value("lamps", YEAR)
    assert value.quantity is not None
    assert (value.quantity.qualifier, value.quantity.as_written) == (Qualifier.AT_LEAST, "более 80ти")
    record(
        None,
        date(2022, 12, 31),
        covers=PeriodKind.YEAR,
        qualifier=Qualifier.DISPUTED,
        as_written="1 1684",
        kind="x",
    )
    assert api.value("lamps_x", YEAR).state is api.State.DISPUTED


def test_a_table_of_many_is_split_as_asked() -> None:
    record("3", date(2022, 3, 1))
    record("4", date(2022, 3, 1), unit="crew")
    record("5", date(2022, 6, 1), kind="x")
    rows = api.table(by=["indicator", "unit"], kind=PeriodKind.YEAR, first=YEAR.start, last=YEAR.end)  # type: ignore[arg-type]
    found = sorted((row.indicator, row.unit, row.number) for row in rows)
    assert [row for row in found if row[0] == "lamps"] == [
        ("lamps", "crew", 4),
        ("lamps", "hall", 8),
    ]
    rows = api.table(
        codes=["lamps"],
        by=["indicator", "period"],
        kind=PeriodKind.QUARTER,
        first=date(2022, 1, 1),
        last=YEAR.end,
    )
    assert [row.number for row in rows] == [7, 5]


def test_the_newest_year_is_that_of_facts_which_an_indicator_takes() -> None:
    record("3", date(2022, 3, 1))
    other = "tests.trees_counted.v1"
    ledger.declare(ledger.FactType(other, "Trees were counted."))
    moment = datetime(2024, 3, 1, 6, tzinfo=UTC)
    subject = ledger.Subject("tests", "count", "1")
    ledger.record(ledger.Fact(other, moment, "hall", "city", Decimal(1), "piece", subject, "tester"))
    catch_up()
    assert newest_year() == YEAR


def test_a_table_keeps_what_is_inexact_or_disputed() -> None:
    record("3", date(2022, 3, 1))
    record("80", date(2022, 3, 1), qualifier=Qualifier.AT_LEAST, as_written="более 80")
    (row,) = api.table(
        codes=["lamps"], by=["indicator"], kind=PeriodKind.YEAR, first=YEAR.start, last=YEAR.end
    )  # type: ignore[arg-type]
    assert (row.number, row.qualifier) == (83, Qualifier.AT_LEAST)
    record(None, date(2022, 4, 1), qualifier=Qualifier.DISPUTED, as_written="1 1684")
    (row,) = api.table(
        codes=["lamps"], by=["indicator"], kind=PeriodKind.YEAR, first=YEAR.start, last=YEAR.end
    )  # type: ignore[arg-type]
    assert row.state is api.State.DISPUTED


def test_values_of_many_take_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    for day in range(1, 20):
        record("3", date(2022, 3, day), unit="crew", territory="north")
        record("3", date(2022, 3, day), kind="x")
    with django_assert_max_num_queries(8):
        found = api.values(["lamps", "lamps_x", "share"], YEAR)
    assert number(found["lamps"]) == 114


def number(value: api.Value) -> Decimal | None:
    return value.quantity.value if value.quantity else None
