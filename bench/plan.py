"""Measures a plan as one workbook: export, dry run and writing, beside openpyxl's bare reading of the file.

The plan is made up: each measure has two units, two lines of money, an indicator and three targets. Writing
is measured twice: the whole plan as the first revision, and a second one that changes every measure. Beside
the clock stands the time for which this process computed, which neighbours on the machine change little.

`./shaar bench plan --json`, or `./shaar bench plan sizes=100,200 --json` for other sizes.
"""

import argparse
import io
import os
import resource
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

import openpyxl

SIZES = "500,1500,5000"
AT = datetime(2022, 1, 1, tzinfo=UTC)
ResultT = TypeVar("ResultT")


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="bench plan")
    parser.add_argument("--sizes", default=SIZES)
    options = parser.parse_args([one if one.startswith("-") else f"--{one}" for one in arguments])
    sizes = [int(one) for one in options.sizes.split(",")]
    _prepare()
    growth = {str(size): _measured(size) for size in sizes}
    first, last = growth[str(sizes[0])], growth[str(sizes[-1])]
    return {
        "sizes": sizes,
        "growth": growth,
        "cpus": os.cpu_count(),
        "load_average": [round(one, 2) for one in os.getloadavg()],
        "growth_of_size_growth": {
            step: round(last[step]["cpu_seconds"] / first[step]["cpu_seconds"] / (sizes[-1] / sizes[0]), 2)
            for step in ("export", "dry_run_new", "write_new")
        },
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _measured(size: int) -> dict[str, Any]:
    from shaar.access.api import system_actor
    from shaar.programme import importing

    actor = system_actor("bench")
    programme = f"bench-{size}"
    _programme(programme)
    content = _workbook(programme, size, "Мероприятие", revision=0)
    new = _imported(programme, content, actor)
    exported, export = _timed(lambda: importing.plan_workbook(programme, language="ru", actor=actor))
    unchanged, unchanged_seconds = _timed(lambda: _checked(programme, exported, actor))
    changed = _imported(programme, _workbook(programme, size, "Уточнение", revision=1), actor)
    cells, bare = _timed(lambda: _read_bare(exported))
    return {
        "measures": size,
        "file_bytes": len(exported),
        "cells": cells,
        "openpyxl_bare_read": _beside(bare, bare),
        "export": _beside(export, bare),
        "dry_run_unchanged": _beside(unchanged_seconds, bare) | {"differences": unchanged["cells"]},
        "dry_run_new": _beside(new["check"], bare),
        "dry_run_changed": _beside(changed["check"], bare),
        "write_new": _beside(new["write"], bare),
        "write_changed": _beside(changed["write"], bare),
    }


class Spent(NamedTuple):
    """Seconds on the clock, and those for which this process computed: the rest is PostgreSQL and waiting."""

    seconds: float
    cpu: float


def _beside(spent: Spent, bare: Spent) -> dict[str, float]:
    return {
        "seconds": round(spent.seconds, 3),
        "cpu_seconds": round(spent.cpu, 3),
        "of_bare_read_cpu": round(spent.cpu / bare.cpu, 2),
    }


def _timed(work: Callable[[], ResultT]) -> tuple[ResultT, Spent]:
    started, computed = time.perf_counter(), time.process_time()
    result = work()
    return result, Spent(time.perf_counter() - started, time.process_time() - computed)


# The plan ---------------------------------------------------------------------------------------------------
def _prepare() -> None:
    from django.db import connection

    from shaar.programme import models

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO city_unit (code) SELECT 'u' || n FROM generate_series(0, 49) n")
        cursor.execute("INSERT INTO city_territory (code) VALUES ('t')")
    models.LegalAct.objects.create(code="act", kind="resolution", name_ru="Акт", year=2022)


def _programme(code: str) -> None:
    from shaar.city.models import Territory, Unit
    from shaar.programme import models

    row = models.Programme.objects.create(
        code=code, name_ru=code, unit=Unit.objects.get(code="u0"), territory=Territory.objects.get(code="t"),
        first_year=2022, last_year=2026,
    )  # fmt: skip
    for number in range(1, 11):
        models.PlanNode.objects.create(
            programme=row, kind="direction", code=f"n{number}", number=number, name_ru=f"Направление {number}"
        )


def _workbook(programme: str, size: int, word: str, *, revision: int) -> bytes:
    from shaar.programme import queries
    from shaar.programme.workbooks.plandata import PlanData, plan_in_force
    from shaar.programme.workbooks.planexport import Reference, Stamp, make_plan_workbook

    nodes = plan_in_force(queries.required_programme(programme)).nodes
    plan = PlanData(nodes, tuple(_measure(number, size, word) for number in range(size)))
    return make_plan_workbook(
        plan, stamp=Stamp(programme, revision), reference=Reference((), ()), language="ru"
    )


def _measure(number: int, size: int, word: str) -> Any:
    from shaar.kernel.texts import Text
    from shaar.programme.outcomes import FundingData, IndicatorData, MeasureData, TargetData

    targets = tuple(TargetData(str(year), Decimal(number + year)) for year in (2023, 2024, 2025))
    return MeasureData(
        code=f"m-{number}",
        node=f"n{number * 10 // size + 1}",
        text=Text(f"{word} № {number} программы развития города", f"{word} № {number} шаарды өнүктүрүү"),
        period="2022-01-01/2026-12-31",
        number=str(number),
        expected=Text(f"Ожидаемый результат мероприятия № {number}", f"Күтүлгөн натыйжа № {number}"),
        responsible=(f"u{number % 50}",),
        co_responsible=(f"u{(number + 1) % 50}",),
        indicators=(IndicatorData(f"i.{number % 200}", Decimal(number), "2021", targets),),
        funding=tuple(FundingData("бюджет", year, Decimal(number * 100), "KGS") for year in (2023, 2024)),
    )


# The steps --------------------------------------------------------------------------------------------------
def _checked(programme: str, content: bytes, actor: Any) -> dict[str, int]:
    from shaar.programme import importing, importwork, models

    with _known():
        sent = importing.Sent(programme, "act", date(2022, 2, 1), "plan.xlsx", content)
        number = importing.take_in(sent, actor=actor, at=AT)
        importwork.run_check(number)
    row = models.PlanImport.objects.get(pk=number)
    if row.state != "ready":
        raise RuntimeError(f"{row.state}: {row.problems[:3]}")
    return {**row.counts, "id": number}


def _imported(programme: str, content: bytes, actor: Any) -> dict[str, Spent]:
    from shaar.programme import importing, importwork, models

    found, check = _timed(lambda: _checked(programme, content, actor))
    importing.approve(found["id"], actor=actor, at=AT)
    with _known():
        _none, write = _timed(lambda: importwork.run_writing(found["id"], at=AT))
    row = models.PlanImport.objects.get(pk=found["id"])
    if row.state != "applied":
        raise RuntimeError(f"{row.state}: {row.problems[:3]}")
    return {"check": check, "write": write}


class _known:  # noqa: N801 reads as a context
    """Lets the made-up units and indicators be known, which this scratch database has no pack for."""

    def __enter__(self) -> None:
        from shaar.programme import importwork, planning

        def known(programme: Any, *, on: date) -> Any:  # noqa: ARG001
            return planning.Known(
                nodes={node.code: node for node in programme.nodes.all()},
                units=frozenset(f"u{number}" for number in range(50)),
                indicators=frozenset(f"i.{number}" for number in range(200)),
            )

        self.held, importwork.known_of = importwork.known_of, known

    def __exit__(self, *_error: object) -> None:
        from shaar.programme import importwork

        importwork.known_of = self.held


def _read_bare(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return sum(1 for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
