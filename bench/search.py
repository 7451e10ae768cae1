"""Measures the search: putting documents and finding them, beside SQLite's FTS5 on the same documents.

The documents are made up: words with the frequencies that words of a language have (Zipf), a few of them
real so that there are stems and slips of the pen. One in a hundred is a page for all, the rest are records
that only some may see. Each question is asked many times in turn by one who may see a tenth of the records
and by SQLite, which knows neither stems nor slips nor who asks.

`./shaar bench search --json`, or `./shaar bench search documents=100000 --json` for another size.
"""

import argparse
import os
import random
import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

REAL = """улица школа ремонт светильник дорога парк вода автобус больница район светофор строительство деревья
    бюджет программа заявка обращение детский сад освещение лифт"""
KYRGYZ = "көчө мектеп оңдоо жарык жол бак суу автобус оорукана район курулуш бюджет программа өтүнмө"
SYLLABLES = "ка ро ма ли то ни ва се ду го ры шо бы ке тю не жа фи лу зе"
WORDS, TITLE, BODY = 60_000, 6, 24
ASKED = 60
UNITS = 50
QUESTIONS = {
    "rare_word": "кафилузе",
    "common_word": "улица",
    "two_common_words": "улица школа",
    "three_words": "ремонт светильников дороги",
    "kyrgyz": "мектептердин",
    "slip_of_the_pen": "светелник",
    "being_typed": "автоб",
    "nothing": "щщщщщ",
}
VERB = "programme.view_staff"


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="bench search")
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2022)
    options = parser.parse_args([one if one.startswith("-") else f"--{one}" for one in arguments])
    reader = _prepare()
    light = sqlite3.connect(Path(os.environ["SHAAR_HOME"]) / "reference.sqlite")
    light.execute("CREATE VIRTUAL TABLE entry USING fts5(title, body)")
    sizes = [options.documents // 10, options.documents]
    growth, done = {}, 0
    for size in sizes:
        put, reference = _load(done, size, options.seed, light)
        done = size
        growth[str(size)] = {
            "put_per_second": put,
            "sqlite_put_per_second": reference,
            "questions": {name: _asked(words, name, reader, light) for name, words in QUESTIONS.items()},
        }
    slowest = [max(one["ms"]["p95"] for one in at["questions"].values()) for at in growth.values()]
    return {
        "documents": options.documents,
        "growth": growth,
        "slowest_p95_ms": slowest[-1],
        "slowest_p95_growth": round(slowest[-1] / slowest[0], 2),
        "cpus": os.cpu_count(),
        "load_average": [round(one, 2) for one in os.getloadavg()],
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _prepare() -> Any:
    """Make a person who may see the records of five of fifty units."""
    from datetime import UTC, datetime

    from django.db.backends.postgresql.psycopg_any import DateRange

    from shaar.access.api import Actor
    from shaar.access.models import Grant, Role, RoleAssignment, User
    from shaar.city.models import Unit, UnitVersion
    from shaar.search.api import Source, register

    register(Source("bench.page", "Pages", 4))
    register(Source("bench.record", "Records", 0, audiences=(VERB,)))
    always = DateRange(None, None)
    role = Role.objects.create(code="bench", name_ru="bench")
    Grant.objects.create(role=role, verb=VERB)
    user = User.objects.create(
        username="bench", display_name="bench", created_at=datetime(2022, 1, 1, tzinfo=UTC)
    )
    for number in range(UNITS):
        unit = Unit.objects.create(code=f"unit-{number}")
        UnitVersion.objects.create(unit=unit, kind="department", name_ru=f"{number}", valid=always)
        if number < UNITS // 10:
            RoleAssignment.objects.create(user=user, role=role, unit=unit, valid=always)
    return Actor(user.pk, "bench", "user")


def _documents(first: int, last: int, seed: int) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield number, title and body in Russian, title and body in Kyrgyz."""
    chance = random.Random(seed)
    syllables = SYLLABLES.split()
    made = ["".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in range(WORDS)]
    russian, kyrgyz = [*REAL.split(), *made, "кафилузе"], [*KYRGYZ.split(), *made[: WORDS // 3]]
    often, seldom = _zipf(russian), _zipf(kyrgyz)
    chance.seed(f"{seed} {first}")
    for number in range(first, last):
        words = chance.choices(russian, cum_weights=often, k=TITLE + BODY)
        other = chance.choices(kyrgyz, cum_weights=seldom, k=TITLE)
        texts = words[:TITLE], words[TITLE:], other[:3], other[3:]
        yield number, *(" ".join(text) for text in texts)  # type: ignore[misc]


def _zipf(words: list[str]) -> list[float]:
    return list(accumulate(1 / (place + 3) for place in range(len(words))))


def _load(first: int, last: int, seed: int, light: sqlite3.Connection) -> tuple[int, int]:
    from django.db import connection

    from shaar.kernel.texts import Text
    from shaar.search.api import Document, count_words, put

    rows = list(_documents(first, last, seed))
    made = [
        Document(
            str(number), f"/{number}/", Text(title, ky), Text(body, ky_body),
            audience=VERB if number % 100 else "",
            unit=f"unit-{number // 100 % UNITS}" if number % 100 else "",
        )
        for number, title, body, ky, ky_body in rows
    ]  # fmt: skip
    pages, records = [one for one in made if not one.audience], [one for one in made if one.audience]
    seconds = _timed(lambda: (put("bench.page", pages), put("bench.record", records)))
    count_words()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE search_entry")
    reference = _timed(lambda: _put_light(light, rows))
    return round(len(made) / seconds), round(len(made) / reference)


def _put_light(light: sqlite3.Connection, rows: list[tuple[int, str, str, str, str]]) -> None:
    with light:
        light.executemany(
            "INSERT INTO entry (rowid, title, body) VALUES (?, ?, ?)",
            ((row[0] + 1, f"{row[1]} {row[3]}", f"{row[2]} {row[4]}") for row in rows),
        )


def _asked(words: str, name: str, reader: Any, light: sqlite3.Connection) -> dict[str, Any]:
    from shaar.search.api import find

    found = find(words, actor=reader, is_typing=name == "being_typed")
    match = words + ("*" if name == "being_typed" else "")
    ours, theirs = [], []
    for _ in range(ASKED):
        ours.append(_timed(lambda: find(words, actor=reader, is_typing=name == "being_typed")))
        theirs.append(
            _timed(
                lambda: light.execute(
                    "SELECT rowid, title FROM entry WHERE entry MATCH ? ORDER BY rank LIMIT 20", [match]
                ).fetchall()
            )
        )
    return {
        "found": found.total,
        "matching": _matching(words, reader, is_typing=name == "being_typed"),
        "is_partial": found.is_partial,
        "corrected": found.corrected,
        "ms": _percentiles(ours),
        "sqlite_ms": _percentiles(theirs),
        "of_sqlite": round(sorted(ours)[ASKED // 2] / max(sorted(theirs)[ASKED // 2], 1e-6), 2),
    }


def _matching(words: str, reader: Any, *, is_typing: bool) -> int:
    """Count all that has the words and may be seen, however many there are."""
    from django.db import connection

    from shaar.search import reading

    allowed, values = reading._allowed(reader, None)  # noqa: SLF001 the very condition of the search
    query, given = reading._query(reading.split(words), is_typing=is_typing)  # noqa: SLF001
    with connection.cursor() as cursor:
        sql = f"SELECT count(*) FROM search_entry WHERE vector @@ ({query}) AND {allowed}"
        cursor.execute(sql, {**values, **given})
        return int(cursor.fetchone()[0])


def _percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(1000 * one for one in seconds)
    last = len(ordered) - 1
    return {f"p{share}": round(ordered[min(len(ordered) * share // 100, last)], 1) for share in (50, 95, 99)}


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
