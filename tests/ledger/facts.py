"""A small city, a type of facts, and facts to record."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from shaar.ledger.api import Fact, FactType, Subject, declare

DONE = declare(FactType("tests.work_done.v1", "Work was done"))
NOON = datetime(2022, 7, 14, 6, tzinfo=UTC)  # noon in Bishkek


def make_city(units: int = 2) -> None:
    """Add units u0, u1 … and territories t0, t1 …"""
    with connection.cursor() as cursor:
        for table, letter in (("city_unit", "u"), ("city_territory", "t")):
            cursor.execute(
                f"INSERT INTO {table} (code) SELECT %s || n FROM generate_series(0, %s) n"
                " ON CONFLICT DO NOTHING",
                [letter, units - 1],
            )
        cursor.execute(
            "INSERT INTO city_revision (id, number) VALUES (1, nextval('city_revision_number'))"
            " ON CONFLICT (id) DO UPDATE SET number = excluded.number"
        )


def fact(quantity: str | None = "1", **changes: Any) -> Fact:
    """Return a fact with some of its fields changed."""
    fields: dict[str, Any] = {
        "type": DONE.name,
        "happened_at": NOON,
        "unit": "u0",
        "territory": "t0",
        "quantity": None if quantity is None else Decimal(quantity),
        "measure": "piece",
        "subject": Subject("tests", "order", "1"),
        "actor": "tester",
    }
    return Fact(**fields | changes)


def stored() -> list[tuple[Any, ...]]:
    """Return what the table of facts holds, by id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, quantity FROM ledger_fact ORDER BY id")
        return list(cursor.fetchall())
