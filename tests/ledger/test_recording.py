"""Facts are recorded whole or not at all, and nothing can change them afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from shaar.kernel.errors import Refusal
from shaar.kernel.periods import PeriodKind
from shaar.kernel.quantities import Qualifier
from shaar.ledger import api as ledger
from shaar.ledger.api import Evidence, FactQuery, Subject
from tests.ledger.facts import NOON, fact, make_city, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(db: None) -> None:
    make_city()


def test_a_fact_is_read_as_it_was_recorded() -> None:
    odd = 'tab\there, "quotes", back\\slash,\nа потом ң'
    recorded = fact(
        "45",
        upper=Decimal(50),
        qualifier=Qualifier.RANGE,
        as_written="45–50",
        dimensions={"kind": "gold", "place": "street"},
        covers=PeriodKind.YEAR,
        subject=Subject("tests", "report", odd, odd, "/x/"),
        evidence=(Evidence("cell", "a.xlsx", "Лист1!C7", odd),),
        approval={"by": odd},
        period_stated=False,
    )
    view = ledger.get(ledger.record(recorded))
    assert {name: getattr(view, name) for name in recorded.__slots__} == {
        name: getattr(recorded, name) for name in recorded.__slots__
    }
    assert str(view.day) == "2022-12-31"
    assert view.stated is not None
    assert ledger.find(FactQuery(where={"kind": "gold"}, unit_subtree=None)) == [view]
    assert ledger.series_of(recorded.type, {"place": "street"}) == [view.series]


def test_many_facts_keep_their_order_over_partitions_and_chunks() -> None:
    facts = [fact(str(n), happened_at=NOON + timedelta(days=n % 90), unit=f"u{n % 2}") for n in range(5000)]
    batch = ledger.record_many(iter(facts))
    assert batch.count == 5000
    assert stored() == [((batch.id << 24) + n + 1, Decimal(n)) for n in range(5000)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "tests.unheard_of.v1"}, "unknown_fact_type"),
        ({"unit": "nobody"}, "unknown_unit"),
        ({"territory": "nowhere"}, "unknown_territory"),
        ({"territory": ""}, "missing_territory"),
        ({"happened_at": datetime(2022, 7, 14, 6)}, "naive_time"),  # noqa: DTZ001
        ({"quantity": Decimal("NaN")}, "not_finite"),
        ({"quantity": Decimal("Infinity")}, "not_finite"),
        ({"quantity": 1.5}, "not_finite"),
        ({"dimensions": {"kind": 5}}, "malformed_dimensions"),
        ({"dimensions": {"kind": "\ud800"}}, "malformed_dimensions"),
        ({"actor": ""}, "missing_origin"),
        ({"subject": Subject("tests", "order", "")}, "missing_origin"),
        ({"as_written": "a\0b"}, "malformed_fact"),
        ({"actor": "\ud800"}, "malformed_fact"),
        ({"evidence": (Evidence("cell", "a\0.xlsx"),)}, "malformed_fact"),
        ({"approval": {"by": "\0"}}, "malformed_fact"),
    ],
)
def test_a_bad_fact_is_named_and_nothing_is_written(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        ledger.record_many([*(fact() for _ in range(2999)), replace(fact(), **changes), fact()], key="once")
    assert refused.value.code == code
    assert refused.value.place is not None
    assert refused.value.place.line == 3000
    assert stored() == []
    ledger.record_many([fact()], key="once")


def test_the_same_key_records_once() -> None:
    ledger.record(fact(), key="upload-1")
    with pytest.raises(Refusal, match="upload-1") as refused:
        ledger.record(fact(), key="upload-1")
    assert refused.value.code == "already_recorded"
    assert len(stored()) == 1


def test_a_fact_is_taken_back_once() -> None:
    number = ledger.record(fact("7.50"))
    reversal = ledger.reverse(
        number, reason="typing error", actor="chief", at=datetime(2023, 1, 1, tzinfo=UTC)
    )
    assert stored() == [(number, Decimal("7.50")), (reversal, Decimal("-7.50"))]
    assert ledger.find(FactQuery()) == []
    taken, taking = ledger.find(FactQuery(include_reversed=True))
    assert (taken.reversed_by, taking.reverses, taking.reason) == (reversal, number, "typing error")
    for again, code in ((number, "already_reversed"), (reversal, "not_reversible"), (1, "unknown_fact")):
        with pytest.raises(Refusal) as refused:
            ledger.reverse(again, reason="again", actor="chief", at=NOON)
        assert refused.value.code == code


@pytest.mark.parametrize("table", ["ledger_fact", "ledger_fact_2022_07", "ledger_batch", "ledger_reversal"])
@pytest.mark.parametrize(
    ("statement", "role"),
    [
        ("UPDATE {} SET {} = 0", "origin"),
        ("UPDATE {} SET {} = 0", "replica"),
        ("DELETE FROM {}", "origin"),
        ("DELETE FROM {}", "replica"),
        ("TRUNCATE {}", "origin"),
    ],
)
def test_the_database_itself_refuses_changes(table: str, statement: str, role: str) -> None:
    ledger.record(fact())
    column = {"ledger_batch": "facts", "ledger_reversal": "reversal"}.get(table, "quantity")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = {role}")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table, column))
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert len(stored()) == 1


def test_a_fact_without_its_month_is_refused_by_the_table() -> None:
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="no partition"),
        transaction.atomic(),
    ):
        cursor.execute(
            "INSERT INTO ledger_fact (id, happened_at, series_id, unit_id, territory_id, day, covers,"
            " qualifier, period_stated, actor, subject_module, subject_kind, subject_id)"
            " VALUES (1, '1990-01-01', 1, 1, 1, '1990-01-01', 0, 0, true, 'x', 'x', 'x', 'x')"
        )
