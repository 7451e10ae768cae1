# ruff: noqa: S608 the SQL is put together from the constants below
"""Adds batches of facts to the rollups exactly once, and rebuilds them from the ledger with the same content.

A batch becomes cells at once; the coarse levels take the cells of many batches together. Until then readers
add the cells of the waiting batches to a level. One transaction at a time writes (an advisory lock).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from shaar.ledger import api as ledger

LOCK = "SELECT pg_advisory_xact_lock(hashtext('indicators_rollups'))"
# What a crash takes from the end of the log it also takes from the job's end, and the job runs again.
MEMORY = "SET LOCAL work_mem = '128MB'; SET LOCAL synchronous_commit = off"
LARGE = 2_000_000  # cells that wait for the coarse levels; more would keep readers waiting
TOGETHER = 8  # batches that one job takes when it is behind
CELL = (
    "batch, series_id, unit_id, territory_id, day, covers, facts, valued, inexact, disputed, unstated,"
    " total, upper, last_at, last_id, last_quantity, last_upper, last_qualifier"
)
READ = (
    "batch, series_id, unit_id, territory_id, day, covers, facts, valued, inexact, disputed, unstated,"
    " total, upper, (last).at, (last).id, (last).quantity, (last).upper, (last).qualifier"
)
BY_DAY, BY_BATCH = "indicators_rollup_cell_day", "indicators_rollup_cell_batch"
WAITING = "SELECT batch FROM indicators_rollup_applied WHERE NOT is_summed"
WAITS = f"batch = ANY(ARRAY({WAITING}))"  # an array, so that the index of batches serves
WROTE = "UPDATE indicators_rollup_applied SET cells = %s WHERE batch = %s"
SUMS = {"facts": "sum(facts)", "rough": "sum(inexact + disputed)", "total": "sum(total)"}
# Either of two sums may be of no quantity at all and is NULL then.
ADDED = (
    "facts = t.facts + excluded.facts, rough = t.rough + excluded.rough,"
    " total = coalesce(t.total + excluded.total, t.total, excluded.total)"
)
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
UPDATE indicators_rollup_cell c SET last_at = (n.last).at, last_id = (n.last).id,
    last_quantity = (n.last).quantity, last_upper = (n.last).upper, last_qualifier = (n.last).qualifier
FROM ledger_cells(%(batches)s) n
WHERE c.series_id = n.series_id AND c.day = n.day AND c.batch = n.batch AND c.unit_id = n.unit_id
    AND c.territory_id = n.territory_id AND c.covers = n.covers AND c.last_id = ANY(%(facts)s)
"""


def apply(batches: Sequence[int]) -> int:
    """Add batches to the rollups and return how many were new; those added before are passed over."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        new = _claim(cursor, batches)
        if new:
            cursor.execute(MEMORY)
            _append(cursor, "cell", new)
            cursor.execute(WROTE, [cursor.rowcount, new[-1]])
            _take_back(cursor, new)
            _sum_if_large(cursor)
    return len(new)


def keep_up(batch: int) -> int:
    """Add a batch and, with it, the next ones after the newest that is added; return how many were new.

    A bulk load is taken in larger pieces so, and the jobs of the batches taken along find nothing to do.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(batch), 0) FROM indicators_rollup_applied")
        newest = cursor.fetchone()[0]
    return apply(sorted({batch, *ledger.batches(after=newest)[:TOGETHER]}))


def catch_up() -> int:
    """Add every batch that is not in the rollups yet and return how many there were."""
    known = ledger.batches()
    return apply(known) if known else 0


def merge() -> None:
    """Add the cells of all waiting batches to the coarse levels; what readers see stays the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        _sum_waiting(cursor)


def merge_when_idle() -> None:
    """Merge if batches wait and every recorded one is in the rollups; else leave it for later."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(f"SELECT EXISTS ({WAITING}), max(batch) FROM indicators_rollup_applied")
        is_waiting, newest = cursor.fetchone()
        if is_waiting and not ledger.batches(after=newest):
            _sum_waiting(cursor)


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
            _append(cursor, "cell_new", batches)
        for level in LEVELS:
            _sum_into(cursor, level, "indicators_rollup_cell_new", f"{level.table}_new", onto=False)
        _swap(cursor)
        cursor.execute("DELETE FROM indicators_rollup_applied")
        cursor.execute(
            "INSERT INTO indicators_rollup_applied (batch, is_summed) SELECT unnest(%s::bigint[]), true",
            [batches],
        )


def _claim(cursor: Any, batches: Sequence[int]) -> list[int]:
    cursor.execute(
        "INSERT INTO indicators_rollup_applied (batch) SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING"
        " RETURNING batch",
        [list(batches)],
    )
    return [row[0] for row in cursor.fetchall()]


def _append(cursor: Any, table: str, batches: Sequence[int]) -> None:
    cursor.execute(
        f"INSERT INTO indicators_rollup_{table} ({CELL}) SELECT {READ} FROM"
        " (SELECT * FROM ledger_cells(%s) ORDER BY series_id, day OFFSET 0) c",
        [list(batches)],
    )


def _take_back(cursor: Any, batches: Sequence[int]) -> None:
    cursor.execute("SELECT fact, batch FROM ledger_reversed(%s)", [list(batches)])
    if taken := cursor.fetchall():
        cursor.execute(
            MEND, {"batches": sorted({row[1] for row in taken}), "facts": [row[0] for row in taken]}
        )


def _sum_if_large(cursor: Any) -> None:
    cursor.execute("SELECT sum(cells) FROM indicators_rollup_applied WHERE NOT is_summed")
    if cursor.fetchone()[0] >= LARGE:
        _sum_waiting(cursor)


def _sum_waiting(cursor: Any) -> None:
    cursor.execute(MEMORY)
    for level in LEVELS:
        _sum_into(
            cursor, level, f"(SELECT * FROM indicators_rollup_cell WHERE {WAITS}) c", level.table, onto=True
        )
    cursor.execute("UPDATE indicators_rollup_applied SET is_summed = true WHERE NOT is_summed")
    cursor.execute(f"SELECT brin_summarize_new_values('{BY_BATCH}')")


def _sum_into(cursor: Any, level: Level, source: str, target: str, *, onto: bool) -> None:
    keys = ", ".join(level.keys)
    numbers = ", ".join(str(number) for number, _key in enumerate(level.keys, 1))
    sql = (
        f"INSERT INTO {target} AS t ({keys}, {', '.join(SUMS)}) SELECT {', '.join(level.expressions)},"
        f" {', '.join(SUMS.values())} FROM {source} GROUP BY {numbers} ORDER BY {numbers}"
    )
    if onto:
        sql += f" ON CONFLICT ({keys}) DO UPDATE SET {ADDED}"
    cursor.execute(sql)


def _swap(cursor: Any) -> None:
    cursor.execute(f"CREATE INDEX {BY_DAY}_new ON indicators_rollup_cell_new (series_id, day)")
    cursor.execute(f"CREATE INDEX {BY_BATCH}_new ON indicators_rollup_cell_new USING brin (batch)")
    for level in LEVELS:
        cursor.execute(f"ALTER TABLE {level.table}_new ADD PRIMARY KEY ({', '.join(level.keys)})")
    for table in ("indicators_rollup_cell", *(level.table for level in LEVELS)):
        cursor.execute(f"DROP TABLE {table}")
        cursor.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for index in (BY_DAY, BY_BATCH):
        cursor.execute(f"ALTER INDEX {index}_new RENAME TO {index}")
    for table in ("indicators_rollup_cell", *(level.table for level in LEVELS)):
        cursor.execute(f"ANALYZE {table}")
