# ruff: noqa: S608 the SQL is put together from the constants below
"""Adds batches of facts to the rollups exactly once, and rebuilds them from the ledger with the same content.

A fresh row is appended without an index; when many have gathered they are merged: moved to the indexed cells,
and added to the coarse levels. Readers sum both. One transaction at a time writes (an advisory lock).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from shaar.ledger import api as ledger

LOCK = "SELECT pg_advisory_xact_lock(hashtext('indicators_rollups'))"
# What a crash takes from the end of the log it also takes from the job's end, and the job runs again.
MEMORY = "SET LOCAL work_mem = '128MB'; SET LOCAL synchronous_commit = off"
LARGE = 320 << 20  # bytes of fresh rows, 2.5 million of them, so that a bulk load merges seldom
CELL = (
    "batch, series_id, unit_id, territory_id, day, covers, facts, valued, inexact, disputed, unstated,"
    " total, upper, last_at, last_id, last_quantity, last_upper, last_qualifier"
)
READ = (
    "batch, series_id, unit_id, territory_id, day, covers, facts, valued, inexact, disputed, unstated,"
    " total, upper, (last).at, (last).id, (last).quantity, (last).upper, (last).qualifier"
)
SUMS = ("facts", "valued", "inexact", "disputed", "unstated", "total", "upper")
MONTH = "date_trunc('month', day::timestamp)::date"


@dataclass(frozen=True)
class Level:
    """A coarse level: the table and the keys by which it sums cells."""

    table: str
    keys: tuple[str, ...]
    expressions: tuple[str, ...]


LEVELS = (
    Level("indicators_rollup_series", ("series_id", "covers"), ("series_id", "covers")),
    Level("indicators_rollup_month", ("series_id", "covers", "month"), ("series_id", "covers", MONTH)),
    Level("indicators_rollup_unit", ("series_id", "covers", "unit_id"), ("series_id", "covers", "unit_id")),
)
# A cell's last fact was taken back: the next last is looked up in the cell's own batch.
MEND = """
UPDATE indicators_rollup_{table} c SET last_at = (n.last).at, last_id = (n.last).id,
    last_quantity = (n.last).quantity, last_upper = (n.last).upper, last_qualifier = (n.last).qualifier
FROM ledger_cells(%(batches)s) n
WHERE c.series_id = n.series_id AND c.day = n.day AND c.batch = n.batch AND c.unit_id = n.unit_id
    AND c.territory_id = n.territory_id AND c.covers = n.covers AND c.last_id = ANY(%(facts)s)
"""


def apply(batches: Sequence[int]) -> int:
    """Add batches to the rollups and return how many were new; those added before are passed over."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(
            "INSERT INTO indicators_rollup_applied (batch) SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING"
            " RETURNING batch",
            [list(batches)],
        )
        new = [row[0] for row in cursor.fetchall()]
        if new:
            cursor.execute(MEMORY)
            _append(cursor, "fresh", new)
            _take_back(cursor, new)
            _merge_if_large(cursor)
    return len(new)


def catch_up() -> int:
    """Add every batch that is not in the rollups yet and return how many there were."""
    known = ledger.batches()
    return apply(known) if known else 0


def merge() -> None:
    """Move all fresh rows to the cells and to the coarse levels; what readers see stays the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        _merge(cursor)


def merge_when_idle() -> None:
    """Merge if something is fresh and every recorded batch is in the rollups; else leave it for later."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(
            "SELECT EXISTS (SELECT FROM indicators_rollup_fresh), max(batch) FROM indicators_rollup_applied"
        )
        is_fresh, newest = cursor.fetchone()
        if is_fresh and not ledger.batches(after=newest):
            _merge(cursor)


def rebuild() -> None:
    """Make the rollups anew from the ledger beside the old ones and put them in their place at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        batches = ledger.batches()
        cursor.execute(MEMORY)
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
        for table in ("cell", *(level.table.removeprefix("indicators_rollup_") for level in LEVELS)):
            name = f"indicators_rollup_{table}"
            cursor.execute(f"CREATE TABLE {name}_new (LIKE {name})")
        if batches:
            _append(cursor, "cell_new", batches, order="ORDER BY series_id, day")
        for level in LEVELS:
            _sum_into(cursor, level, "indicators_rollup_cell_new", f"{level.table}_new", onto=False)
        _swap(cursor)
        cursor.execute("DELETE FROM indicators_rollup_fresh")
        cursor.execute("DELETE FROM indicators_rollup_applied")
        cursor.execute("INSERT INTO indicators_rollup_applied SELECT unnest(%s::bigint[])", [batches])


def _append(cursor: Any, table: str, batches: Sequence[int], *, order: str = "") -> None:
    cursor.execute(
        f"INSERT INTO indicators_rollup_{table} ({CELL}) SELECT {READ} FROM"
        f" (SELECT * FROM ledger_cells(%s) {order} OFFSET 0) c",
        [list(batches)],
    )


def _take_back(cursor: Any, batches: Sequence[int]) -> None:
    cursor.execute("SELECT fact, batch FROM ledger_reversed(%s)", [list(batches)])
    taken = cursor.fetchall()
    for table in ("fresh", "cell") if taken else ():
        cursor.execute(
            MEND.format(table=table),
            {"batches": sorted({row[1] for row in taken}), "facts": [row[0] for row in taken]},
        )


def _merge_if_large(cursor: Any) -> None:
    cursor.execute("SELECT pg_relation_size('indicators_rollup_fresh')")
    if cursor.fetchone()[0] >= LARGE:
        _merge(cursor)


def _merge(cursor: Any) -> None:
    cursor.execute(MEMORY)
    for level in LEVELS:
        _sum_into(cursor, level, "indicators_rollup_fresh", level.table, onto=True)
    cursor.execute(
        f"INSERT INTO indicators_rollup_cell ({CELL}) SELECT {CELL} FROM indicators_rollup_fresh"
        " ORDER BY series_id, day"
    )
    cursor.execute("TRUNCATE indicators_rollup_fresh")


def _sum_into(cursor: Any, level: Level, source: str, target: str, *, onto: bool) -> None:
    keys, sums = ", ".join(level.keys), ", ".join(SUMS)
    numbers = ", ".join(str(number) for number, _key in enumerate(level.keys, 1))
    sql = (
        f"INSERT INTO {target} AS t ({keys}, {sums}) SELECT {', '.join(level.expressions)},"
        f" {', '.join(f'sum({name})' for name in SUMS)} FROM {source} GROUP BY {numbers} ORDER BY {numbers}"
    )
    if onto:
        added = ", ".join(f"{name} = {_added(name)}" for name in SUMS)
        sql += f" ON CONFLICT ({keys}) DO UPDATE SET {added}"
    cursor.execute(sql)


def _added(name: str) -> str:
    """Return the sum of two sums, either of which may be of nothing at all and then is NULL."""
    if name in {"total", "upper"}:
        return f"coalesce(t.{name} + excluded.{name}, t.{name}, excluded.{name})"
    return f"t.{name} + excluded.{name}"


def _swap(cursor: Any) -> None:
    cursor.execute("CREATE INDEX ON indicators_rollup_cell_new (series_id, day)")
    for level in LEVELS:
        cursor.execute(f"ALTER TABLE {level.table}_new ADD PRIMARY KEY ({', '.join(level.keys)})")
    for table in ("indicators_rollup_cell", *(level.table for level in LEVELS)):
        cursor.execute(f"DROP TABLE {table}")
        cursor.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
        cursor.execute(f"ANALYZE {table}")
