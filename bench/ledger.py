"""Measures the ledger: loading facts, keeping and rebuilding rollups, and queries side by side with DuckDB.

The shape is 1000 indicators × 500 units × 120 months, drawn evenly by a seed. Facts are made before a clock
starts, batch by batch, as are the rows of the raw COPY. For rollups a worker process applies them while
facts are recorded, and the clock stops when the last batch is in the rollups and merged.

`./shaar bench ledger --facts 1000000 --json`; other options stand as `name=value`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy
import psutil

SERIES, UNITS, MONTHS, BATCH = 1000, 500, 120, 100_000
TOGETHER = 8
APART = 1 << 30  # numbers of batches that are only written, far from those that are recorded
GROWTH = (0.1, 0.3, 1.0)
TYPE = "bench.counted.v1"
WORKER = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shaar.config.settings")
import django
django.setup()
from shaar.kernel.jobs import app
with app.replace_connector(app.connector.get_worker_connector()) as working:
    working.run_worker(queues=["rollups"], fetch_job_polling_interval=1)
"""


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="bench ledger")
    parser.add_argument("--facts", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args([one if one.startswith("-") else f"--{one}" for one in arguments])
    from shaar.indicators.rollups import keeping

    _prepare()
    sizes = sorted({max(BATCH, int(options.facts * share) // BATCH * BATCH) for share in GROWTH})
    with Memory() as memory, tempfile.TemporaryDirectory() as directory:
        raw, plain = _load_in_turn(sizes, options.seed)
        _empty()
        reference = Reference(Path(directory) / "reference.duckdb", options.seed)
        kept, beside, queries = _load_with_rollups(sizes, options, reference)
        before = _fingerprint()
        started = time.perf_counter()
        keeping.rebuild()
        rebuilt = time.perf_counter() - started
        identical = _fingerprint() == before
        reference.close()
    return {
        "facts": sizes[-1],
        "shape": {"indicators": SERIES, "units": UNITS, "months": MONTHS, "seed": options.seed},
        "raw_copy": raw,
        "record_many": plain | {"of_raw_copy": _ratio(plain, raw)},
        "record_many_rollups_kept": kept
        | {"raw_copy_beside": beside["facts_per_second"], "of_raw_copy": _ratio(kept, beside)},
        "rebuild": {"seconds": round(rebuilt, 2), "identical": identical},
        "queries": queries,
        "memory_peak_mb": memory.peak,
        "disk_mb": _disk(),
    }


def _ratio(one: dict[str, Any], other: dict[str, Any]) -> float:
    return round(one["facts_per_second"] / other["facts_per_second"], 3)


# The facts --------------------------------------------------------------------------------------------------
def _prepare() -> None:
    from django.db import connection

    from shaar.ledger.api import FactType, declare, unsubscribe

    declare(FactType(TYPE, "Something was counted"))
    unsubscribe("indicators.rollups")
    _load_passports()
    with connection.cursor() as cursor:
        for table, letter, number in (("city_unit", "u", UNITS), ("city_territory", "t", 1)):
            cursor.execute(
                f"INSERT INTO {table} (code) SELECT %s || n FROM generate_series(0, %s) n",
                [letter, number - 1],
            )


def _load_passports() -> None:
    """Load a pack that has a passport for each series."""
    from shaar.indicators.api import load_pack

    passport = {
        "name": {"ru": "Показатель"},
        "section": "bench",
        "measure": "piece",
        "kind": "flow",
        "owner": "u0",
    }
    source = {"fact": TYPE, "take": "sum"}
    files: dict[str, Any] = {
        "sections.yaml": {"sections": [{"code": "bench", "name": {"ru": "Раздел"}}]},
        "units-of-measure.yaml": {
            "units": [{"code": "piece", "symbol": {"ru": "шт."}, "dimension": "count"}],
        },
        "objects.yaml": {"objects": []},
        "rules.yaml": {"rules": []},
        "units.yaml": {"units": [{"code": "u0"}]},
        "indicators/bench.yaml": {
            "indicators": [
                passport | {"code": f"i{number}", "source": source | {"where": {"figure": f"i{number}"}}}
                for number in range(SERIES)
            ]
        },
    }
    with tempfile.TemporaryDirectory() as directory:
        for name, content in files.items():
            path = Path(directory) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML
        load_pack(Path(directory), actor="bench")


def _drawn(seed: int, batch: int) -> tuple[Any, ...]:
    """Return indicator, unit, month, day and hundredths of each fact of a batch."""
    draw = numpy.random.default_rng([seed, batch])
    tops = (SERIES, UNITS, MONTHS, 28, 10_000_000)
    return tuple(draw.integers(0, top, BATCH) for top in tops)


def _facts(seed: int, batch: int) -> list[Any]:
    from shaar.ledger.api import Fact, Subject

    moments = [
        [datetime(2016 + m // 12, m % 12 + 1, d + 1, 6, tzinfo=UTC) for d in range(28)] for m in range(MONTHS)
    ]
    dimensions = [{"figure": f"i{number}"} for number in range(SERIES)]
    units = [f"u{number}" for number in range(UNITS)]
    columns = (column.tolist() for column in _drawn(seed, batch))
    return [
        Fact(
            TYPE,
            moments[month][day],
            units[unit],
            "t0",
            Decimal(cents).scaleb(-2),
            "piece",
            Subject("bench", "record", f"{batch}-{number}"),
            "bench",
            dimensions[series],
        )
        for number, (series, unit, month, day, cents) in enumerate(zip(*columns, strict=True))
    ]


def _empty() -> None:
    """Empty the tables of this scratch database, past the triggers."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE ledger_fact, ledger_batch, ledger_series")
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


# Loading ----------------------------------------------------------------------------------------------------
def _load_in_turn(sizes: list[int], seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Load batches by raw COPY and by `record_many` in turn, so that a busy moment weighs on both alike."""
    raw, plain = Clock(), Clock()
    for batch in range(sizes[-1] // BATCH):
        raw.add(_raw(seed, batch, APART + batch), BATCH)
        plain.add(_record(seed, batch), BATCH)
        if (batch + 1) * BATCH in sizes:
            raw.mark()
            plain.mark()
    return raw.figures(), plain.figures()


class Clock:
    """Adds up the time that facts took, and notes their rate between marks."""

    def __init__(self) -> None:
        self.spent = self.marked_at = 0.0
        self.facts = self.marked = 0
        self.growth: list[dict[str, int]] = []

    def add(self, seconds: float, facts: int) -> None:
        self.spent += seconds
        self.facts += facts

    def mark(self) -> None:
        rate = (self.facts - self.marked) / (self.spent - self.marked_at)
        self.growth.append({"facts": self.facts, "facts_per_second": round(rate)})
        self.marked, self.marked_at = self.facts, self.spent

    def figures(self) -> dict[str, Any]:
        rate = round(self.facts / self.spent)
        return {"facts_per_second": rate, "seconds": round(self.spent, 2), "growth": self.growth}


def _raw(seed: int, batch: int, number: int) -> float:
    """Write the rows of a batch as prepared bytes; no batch of this number exists, so nobody sums them."""
    from django.db import connection, transaction

    from shaar.ledger import writing

    facts = _facts(seed, batch)
    prepared: list[bytes] = []
    with transaction.atomic(), connection.cursor() as cursor:
        writer = writing.Writer(cursor, number)
        writer._open = lambda: prepared.append  # noqa: SLF001 the very rows that the ledger writes
        writer.write(facts)
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(writing.COPY) as copy:
        for rows in prepared:
            copy.write(rows)
    return time.perf_counter() - started


def _record(seed: int, batch: int) -> float:
    from shaar.ledger.api import record_many

    facts = _facts(seed, batch)
    started = time.perf_counter()
    record_many(facts)
    return time.perf_counter() - started


def _load_with_rollups(
    sizes: list[int], options: argparse.Namespace, reference: "Reference"
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Load with rollups kept; after each few batches one more is written raw, to measure the moment by."""
    from shaar.indicators.rollups import jobs, keeping
    from shaar.ledger.api import subscribe

    subscribe("indicators.rollups", task=jobs.NAME)
    kept, raw, queries = Clock(), Clock(), {}
    batch = 0
    with _worker():
        for size in sizes:
            while batch * BATCH < size:
                number = min(TOGETHER, size // BATCH - batch)
                kept.add(_record_together(options.seed, range(batch, batch + number)), number * BATCH)
                raw.add(_raw(options.seed, batch, APART + batch), BATCH)
                for one in range(batch, batch + number):
                    reference.add(one)
                batch += number
            started = time.perf_counter()
            keeping.merge()
            kept.add(time.perf_counter() - started, 0)
            kept.mark()
            queries[str(size)] = _compare(reference, options.runs)
    return kept.figures(), raw.figures(), queries


def _record_together(seed: int, batches: range) -> float:
    """Record some batches in turn while the worker applies them, and wait until it has them all."""
    from shaar.ledger.api import record_many

    made = [_facts(seed, batch) for batch in batches]
    started = time.perf_counter()
    for facts in made:
        record_many(facts)
    _wait_applied(batches.stop)
    return time.perf_counter() - started


class _worker:  # noqa: N801 reads as a context
    def __enter__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", WORKER], env=dict(os.environ))

    def __exit__(self, *_error: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)


def _wait_applied(batches: int) -> None:
    from django.db import connection

    deadline = time.monotonic() + 600
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute("SELECT count(*) FROM indicators_rollup_applied")
            if cursor.fetchone()[0] >= batches:
                return
            time.sleep(0.02)
    raise TimeoutError("the worker does not keep up")


# Queries ----------------------------------------------------------------------------------------------------
class Reference:
    """The same facts in DuckDB, on disk, with as many threads as it likes."""

    def __init__(self, path: Path, seed: int) -> None:
        self.seed = seed
        self.base = duckdb.connect(str(path))
        self.base.execute("CREATE TABLE f (series INT, unit INT, month DATE, quantity DECIMAL(18, 2))")

    def add(self, batch: int) -> None:
        series, unit, month, _day, cents = _drawn(self.seed, batch)
        self.base.register("drawn", {"s": series, "u": unit, "m": month, "c": cents})
        self.base.execute(
            "INSERT INTO f SELECT s, u, make_date(2016 + m // 12, m % 12 + 1, 1),"
            " (c::DECIMAL(18, 0) * 0.01)::DECIMAL(18, 2) FROM drawn"
        )
        self.base.unregister("drawn")

    def ask(self, keys: str, where: str = "") -> list[tuple[Any, ...]]:
        return self.base.execute(
            f"SELECT {keys}, sum(quantity), count(*) FROM f {where} GROUP BY ALL ORDER BY {keys}"
        ).fetchall()

    def close(self) -> None:
        self.base.close()


def _compare(reference: Reference, runs: int) -> dict[str, Any]:
    """Ask both sides the four questions; ours through the door of indicators, with codes and periods."""
    from django.db import connection

    from shaar.indicators.api import table
    from shaar.kernel.periods import PeriodKind

    with connection.cursor() as cursor:
        for level in ("series", "month", "unit", "cell"):
            cursor.execute(f"VACUUM ANALYZE indicators_rollup_{level}")
    reference.base.execute("CHECKPOINT")
    first, last = date(2016, 1, 1), date(2016 + MONTHS // 12 - 1, 12, 31)

    def ours(by: list[str], codes: list[str] | None = None) -> Callable[[], Any]:
        return lambda: table(codes=codes, by=by, kind=PeriodKind.MONTH, first=first, last=last)

    def theirs(keys: str, where: str = "") -> Callable[[], Any]:
        return lambda: reference.ask(keys, where)

    asked = {
        "by_indicator": (ours(["indicator"]), theirs("series")),
        "indicator_by_period": (ours(["indicator", "period"]), theirs("series, month")),
        "indicator_by_unit": (ours(["indicator", "unit"]), theirs("series, unit")),
        "one_over_time": (
            ours(["indicator", "period"], ["i7"]),
            theirs("series, month", "WHERE series = 7"),
        ),
    }
    return {name: _side_by_side(*question, runs=runs) for name, question in asked.items()}


def _side_by_side(ours: Callable[[], Any], theirs: Callable[[], Any], *, runs: int) -> dict[str, Any]:
    found, expected = ours(), theirs()
    named = {(int(row.indicator[1:]), *_keys(row), row.number, row.facts) for row in found}
    mine, reference = _timed(ours, runs), _timed(theirs, runs)
    return {
        "rows": len(found),
        "equal": named == set(expected),
        "shaar": mine,
        "duckdb": reference,
        "of_duckdb": round(mine["median"] / reference["median"], 3),
    }


def _keys(row: Any) -> Iterator[Any]:
    if row.period is not None:
        yield row.period.start
    if row.unit is not None:
        yield int(row.unit[1:])


def _timed(ask: Callable[[], Any], runs: int) -> dict[str, float]:
    spent = []
    for _ in range(max(5, runs)):
        started = time.perf_counter()
        ask()
        spent.append(time.perf_counter() - started)
    return {
        "median": round(statistics.median(spent), 5),
        "p95": round(statistics.quantiles(spent, n=20, method="inclusive")[-1], 5),
    }


# What it takes ----------------------------------------------------------------------------------------------
def _fingerprint() -> tuple[Any, ...]:
    """Return a number for the content of each table of rollups that any changed bit would change."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = []
        for table in ("cell", "series", "month", "unit"):
            name = f"indicators_rollup_{table}"
            cursor.execute(f"SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {name} t")
            found.append(cursor.fetchone())
    return tuple(found)


def _disk() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(oid)) FILTER (WHERE relname LIKE 'ledger%%'),"
            " sum(pg_total_relation_size(oid)) FILTER (WHERE relname LIKE 'indicators_rollup%%')"
            " FROM pg_class WHERE relkind = 'r'"
        )
        ledger, rollups = cursor.fetchone()
    return {"ledger": int(ledger) >> 20, "rollups": int(rollups) >> 20}


class Memory:
    """Samples the memory of this process, its children and the server (shared pages counted once)."""

    def __init__(self) -> None:
        self.peak = {"python": 0, "postgresql": 0, "together": 0}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = psutil.Process(cursor.fetchone()[0])
        self._postmaster = backend.parent()
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.5):
            python = _weight(psutil.Process())
            server = _weight(self._postmaster) if self._postmaster else 0
            for name, weight in (("python", python), ("postgresql", server), ("together", python + server)):
                self.peak[name] = max(self.peak[name], weight >> 20)


def _weight(process: psutil.Process) -> int:
    return sum(_weights(process))


def _weights(process: psutil.Process) -> Iterator[int]:
    for one in (process, *process.children(recursive=True)):
        try:
            yield one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
