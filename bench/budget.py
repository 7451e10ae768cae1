"""Measures the budget: a treasury's file of many lines taken in, and the pages of execution over many lines.

A made-up file names a line of the budget in each row. It is checked (the dry run), written and undone; beside
these stand openpyxl's and csv's bare reading of the same file and PostgreSQL's bare COPY of the same amounts
into a table without indexes, triggers or facts. The pages are asked for through Django's test client: the
server's time without the network, with the number of its queries, beside one plain SQL sum of the amounts.

`./shaar bench budget --json`, or `./shaar bench budget rows=10000,100000 lines=100000,1000000 --json`.
"""

import argparse
import csv
import io
import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

YEAR, UNITS, FUNCTIONS, PURPOSES, SOURCES = 2026, 50, 40, 50, 10
HEADS = ("unit", "day", "amount", "functional", "economic", "source")
RUNS, WARM = 20, 3
PAGES = {
    "execution_by_unit": "/staff/budget/?year=2026",
    "execution_by_function": "/staff/budget/?year=2026&by=functional",
    "months": "/staff/budget/months/?year=2026",
    "lines_page": "/staff/budget/lines/?year=2026",
    "public": "/budget/",
}
ResultT = TypeVar("ResultT")


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="bench budget")
    parser.add_argument("--rows", default="10000,100000")
    parser.add_argument("--lines", default="100000,1000000")
    options = parser.parse_args([one if one.startswith("-") else f"--{one}" for one in arguments])
    rows = [int(one) for one in options.rows.split(",")]
    lines = [int(one) for one in options.lines.split(",")]
    load = [round(one, 2) for one in os.getloadavg()]
    client = _prepare()
    years = range(YEAR - 1, YEAR - 1 - len(rows), -1)  # one for each: money that is held is refused
    imported = {
        str(size): _import(size, kind="plan", year=year) for size, year in zip(rows, years, strict=True)
    }
    pages: dict[str, Any] = {}
    for size in lines:
        _fill(size)
        pages[str(size)] = _pages(client)
    return {
        "import": imported,
        "import_growth_of_size_growth": _growth(imported, rows),
        f"import_{rows[0]}_beside_{lines[-1]}_lines": _import(rows[0], kind="commitment", year=YEAR),
        "pages": pages,
        "cpus": os.cpu_count(),
        "load_average_before": load,
        "load_average_after": [round(one, 2) for one in os.getloadavg()],
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _growth(found: dict[str, Any], sizes: list[int]) -> dict[str, float]:
    first, last = found[str(sizes[0])], found[str(sizes[-1])]
    return {
        step: round(last[step]["seconds"] / first[step]["seconds"] / (sizes[-1] / sizes[0]), 2)
        for step in ("dry_run_csv", "write", "undo")
    }


# The city and its classification ----------------------------------------------------------------------------
def _prepare() -> Any:
    from django.db import connection
    from django.test import Client

    from shaar.access import api as access
    from shaar.access.models import User
    from shaar.budget import pack as budget
    from shaar.budget.models import Heading
    from shaar.city import api as city
    from shaar.config.environment import ROOT

    pack = ROOT / "packs" / "bishkek"
    city.load_pack(pack, actor="bench")
    access.load_roles(pack, actor="bench")
    budget.load_pack(pack, actor="bench")
    kinds = (("functional", "F", FUNCTIONS), ("economic", "E", PURPOSES), ("source", "S", SOURCES))
    Heading.objects.bulk_create(
        Heading(
            classification=name,
            code=f"{sign}{number}",
            name_ru=f"Пример {number}",
            valid_from=date(2020, 1, 1),
        )
        for name, sign, count in kinds
        for number in range(count)
    )
    by = access.system_actor("bench")
    access.create_user("clerk", name="clerk", password="bench-2026-long", actor=by)
    access.assign_role("clerk", "programme_office", actor=by)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(
        User.objects.get(username="clerk"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def _units() -> list[str]:
    from shaar.city import api as city

    there = [{one.code for one in city.units(on=date(year, 12, 31))} for year in range(YEAR - 3, YEAR + 1)]
    return sorted(set.intersection(*there))[:UNITS]


def _rows(count: int, year: int) -> Iterator[tuple[str, ...]]:
    """Yield rows that each name another line of the budget, spread over the months."""
    units = _units()
    for number in range(count):
        rest, unit = divmod(number, len(units))
        rest, function = divmod(rest, FUNCTIONS)
        source, purpose = divmod(rest, PURPOSES)
        day = f"{year}-{number % 12 + 1:02}-15"
        amount = f"{1000 + number % 9973}.{number % 100:02}"
        yield units[unit], day, amount, f"F{function}", f"E{purpose}", f"S{source}"


# A file -----------------------------------------------------------------------------------------------------
def _import(size: int, *, kind: str, year: int) -> dict[str, Any]:
    from shaar.budget import treasury
    from shaar.budget.models import Amount

    rows = list(_rows(size, year))
    total = sum((Decimal(row[2]) for row in rows), Decimal(0))
    text, book = _csv(rows), _workbook(rows)
    _read_csv, bare_csv = _timed(
        lambda: sum(1 for _row in csv.reader(io.StringIO(text.decode()), delimiter=";"))
    )
    _read_book, bare_book = _timed(lambda: _bare_workbook(book))
    _none, bare_copy = _timed(lambda: _bare_copy(rows))
    found: dict[str, Any] = {"rows": size, "csv_bytes": len(text), "xlsx_bytes": len(book)}
    found["bare_csv_read_seconds"], found["bare_openpyxl_read_seconds"] = (
        round(bare_csv, 3),
        round(bare_book, 3),
    )
    found["bare_copy_seconds"] = round(bare_copy, 3)
    _number, checked = _checked(book, "file.xlsx", total, kind, year)
    found["dry_run_xlsx"] = _beside(checked, bare_book, "bare_openpyxl_read", size)
    number, checked = _checked(text, "file.csv", total, kind, year)
    found["dry_run_csv"] = _beside(checked, bare_csv, "bare_csv_read", size)
    _none, written = _timed(lambda: treasury.write(number, actor=_clerk(), at=_now()))
    assert Amount.objects.filter(file=number).count() == size
    found["write"] = _beside(written, bare_copy, "bare_copy", size)
    _none, undone = _timed(lambda: treasury.undo(number, reason="bench", actor=_clerk(), at=_now()))
    assert Amount.objects.filter(file=number).count() == 2 * size
    found["undo"] = _beside(undone, bare_copy, "bare_copy", size)
    return found | ({} if kind == "executed" else {"with_facts": _with_facts(rows, total, year, bare_copy)})


def _with_facts(rows: list[tuple[str, ...]], total: Decimal, year: int, bare: float) -> dict[str, Any]:
    """Write the same rows as executed money, each of which is a fact of the ledger too."""
    from shaar.budget import treasury

    number, _checked_seconds = _checked(_csv(rows), "facts.csv", total, "executed", year)
    _none, written = _timed(lambda: treasury.write(number, actor=_clerk(), at=_now()))
    return _beside(written, bare, "bare_copy", len(rows))


def _checked(content: bytes, name: str, total: Decimal, kind: str, year: int) -> tuple[int, float]:
    from shaar.budget import treasury
    from shaar.budget.judging import Sent
    from shaar.budget.models import TreasuryFile

    columns = {head: head for head in HEADS}
    sent = Sent(name, content, year, "spending", kind, columns, Decimal(1), total)
    number, seconds = _timed(lambda: treasury.take_in(sent, actor=_clerk(), at=_now()))
    row = TreasuryFile.objects.get(pk=number)
    if row.state != "ready":
        raise RuntimeError(f"{row.state}: {row.problems[:3]}")
    return number, seconds


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([HEADS, *rows])
    return out.getvalue().encode()


def _workbook(rows: list[tuple[str, ...]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (HEADS, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bare_workbook(content: bytes) -> int:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return sum(1 for _row in book.worksheets[0].iter_rows(values_only=True))


def _bare_copy(rows: list[tuple[str, ...]]) -> None:
    """Copy the rows into a bare table of the same kind of columns, and drop it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_amount (unit text, day date, amount numeric(20, 2), functional text,"
            " economic text, source text)"
        )
        with cursor.copy("COPY bench_amount FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("DROP TABLE bench_amount")


# Pages ------------------------------------------------------------------------------------------------------
def _fill(size: int) -> None:
    """Bring the year to so many lines with a plan, a cash plan and executed money each, by plain SQL."""
    from django.db import connection

    from shaar.budget.models import Line

    units, step = _units(), 50_000
    for first in range(Line.objects.filter(year=YEAR).count(), size, step):
        _fill_part(units, first, min(first + step, size) - 1)
    with connection.cursor() as cursor:
        for table in ("budget_line", "budget_amount", "budget_total"):
            cursor.execute(f"ANALYZE {table}")


def _fill_part(units: list[str], first: int, last: int) -> None:
    """Make some lines with their amounts; the audit of lines sleeps meanwhile, the kept sums do not."""
    from django.db import connection, transaction

    count = len(units)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """
            CREATE TEMP TABLE made ON COMMIT DROP AS
            WITH unit AS (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place FROM city_unit
                          WHERE code = ANY(%s)),
            number AS (SELECT n, n %% %s AS unit, n / %s %% %s AS f, n / %s %% %s AS e, n / %s AS s
                       FROM generate_series(%s::int, %s::int) n),
            line AS (
                INSERT INTO budget_line (year, side, unit_id, codes, key, is_transfer, is_example, indicators)
                SELECT %s, 'spending', unit.id,
                    jsonb_build_object('functional', 'F' || f, 'economic', 'E' || e, 'source', 'S' || s),
                    format('economic=E%%s functional=F%%s source=S%%s', e, f, s), false, false, '{}'
                FROM number JOIN unit ON unit.place = number.unit RETURNING id
            ) SELECT id FROM line
            """,
            [units, count, count, FUNCTIONS, count * FUNCTIONS, PURPOSES, count * FUNCTIONS * PURPOSES,
             first, last, YEAR],
        )  # fmt: skip
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(
            """
            INSERT INTO budget_amount (line_id, kind, day, amount, currency, act, reason, source_document,
                figure, recorded_at, recorded_by)
            SELECT made.id, kind, make_date(%s, 1 + (made.id %% 10)::int, 15), 1000 + made.id %% 9973,
                'KGS', '', '', '', '', now(), 'bench'
            FROM made CROSS JOIN unnest(ARRAY['plan', 'cash_plan', 'executed']) kind
            """,
            [YEAR],
        )


def _pages(client: Any) -> dict[str, Any]:
    from django.db import connection

    from shaar.budget.models import Amount, Line, Total

    found: dict[str, Any] = {
        "budget_lines": Line.objects.filter(year=YEAR).count(),
        "amounts": Amount.objects.filter(line__year=YEAR).count(),
        "kept_sums": Total.objects.filter(year=YEAR).count(),
    }
    found |= {name: _page(client, address) for name, address in PAGES.items()}
    times = []
    with connection.cursor() as cursor:
        for _run in range(3):
            _none, seconds = _timed(
                lambda: cursor.execute(
                    "SELECT line.side, one.kind, sum(one.amount) FROM budget_amount one"
                    " JOIN budget_line line ON line.id = one.line_id WHERE line.year = %s GROUP BY 1, 2",
                    [YEAR],
                )
            )
            times.append(seconds)
    plain = statistics.median(times) * 1000
    found["one_plain_sql_sum_ms"] = round(plain, 1)
    found["execution_by_unit"]["of_plain_sql_sum"] = round(found["execution_by_unit"]["p50_ms"] / plain, 4)
    return found


def _page(client: Any, address: str) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times = []
    for _run in range(WARM + RUNS):
        answer, seconds = _timed(lambda: client.get(address))
        assert answer.status_code == 200, (address, answer.status_code)
        times.append(seconds * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    ordered = sorted(times[WARM:])
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "max_ms": round(ordered[-1], 1),
        "queries": len(queries),
        "bytes": len(answer.content),
    }


# Time -------------------------------------------------------------------------------------------------------
def _beside(seconds: float, bare: float, name: str, size: int) -> dict[str, float]:
    return {
        "seconds": round(seconds, 3),
        "rows_per_second": round(size / seconds),
        f"times_{name}": round(seconds / bare, 1),
    }


def _timed(work: Callable[[], ResultT]) -> tuple[ResultT, float]:
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def _clerk() -> Any:
    from shaar.access import api as access

    return access.user_actor("clerk")


def _now() -> Any:
    from shaar.kernel import clock

    return clock.now()
