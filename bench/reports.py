"""Measures the making of a report: every format, and how the time grows with the number of figures.

`./shaar bench reports --json`. The figures are made up; the text names each of them once.
"""

import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar

FIGURES = 108
ResultT = TypeVar("ResultT")


def measure(_arguments: list[str]) -> dict[str, Any]:
    """Return seconds by format for 1×, 4× and 16× the figures of a year's report."""
    from shaar.reports.api import Imprint, render

    render(snapshot(8), "ru", Imprint("http://127.0.0.1:8000"))  # dictionaries and fonts are read once
    growth = {f"{times}x": sizes(FIGURES * times) for times in (1, 4, 16)}
    first = growth["1x"]["all_formats_seconds"]
    return {
        "figures": FIGURES,
        "all_formats_seconds": first,
        "target_seconds": 3,
        "is_within_target": first < 3,
        "growth": growth,
        "growth_16x_over_1x": round(growth["16x"]["all_formats_seconds"] / first, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def sizes(count: int) -> dict[str, Any]:
    """Return the seconds of each format for a number of figures."""
    from shaar.reports.as_docx import render_docx
    from shaar.reports.as_html import render_html
    from shaar.reports.as_json import render_json
    from shaar.reports.as_pdf import render_pdf
    from shaar.reports.composing import Imprint, compose

    imprint, given = Imprint("http://127.0.0.1:8000"), snapshot(count)
    document, composed = timed(lambda: compose(given, "ru", imprint))
    forms = {
        "docx": timed(lambda: render_docx(document)),
        "pdf": timed(lambda: render_pdf(document)),
        "html": timed(lambda: render_html(document)),
        "json": timed(lambda: render_json(given, document, imprint)),
    }
    seconds = {name: round(taken, 3) for name, (_content, taken) in forms.items()}
    return {
        "figures": count,
        "compose_seconds": round(composed, 3),
        **{f"{name}_seconds": taken for name, taken in seconds.items()},
        **{f"{name}_bytes": len(content) for name, (content, _taken) in forms.items()},
        "all_formats_seconds": round(composed + sum(seconds.values()), 3),
    }


def snapshot(count: int) -> Any:
    """Return a made-up year with a number of figures."""
    from shaar.kernel.texts import Text
    from shaar.reports.snapshot import Figure, Snapshot, Source

    source = Source(kind="document", ref="report", title="Отчёт", place="строка 1")
    figures = tuple(
        Figure(
            indicator=f"bench.figure_{index}",
            name=Text(f"Показатель № {index} городского хозяйства"),
            period="2022",
            state="known",
            unit=Text("шт."),
            noun=Text("камера видеонаблюдения"),
            value=Decimal(index * 37 + 1),
            precision=0,
            sources=(source,),
        )
        for index in range(count)
    )
    lines = [f'- Установлено {{{{ fig("{figure.indicator}") }}}};' for figure in figures]
    return Snapshot(
        programme="bench",
        programme_name=Text("Программа"),
        author=Text("Мэрия"),
        year=2022,
        taken_at=datetime(2023, 1, 1, tzinfo=UTC),
        figures=figures,
        templates={"ru": "# Отчёт\n\n## Глава\n\n" + "\n".join(lines)},
    )


def timed(make: Callable[[], ResultT]) -> tuple[ResultT, float]:
    """Return a result and the seconds it took."""
    started = time.perf_counter()
    made = make()
    return made, time.perf_counter() - started
