"""Finds what a person may see, the best first, in a time that does not grow with how common the words are.

Few matches are all ranked. Of records, the kinds without weight, there are very many: where PostgreSQL
expects that thousands match, only those among the newest are looked at. Who asks for one of half a million
has to add a word anyway.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from shaar.access.api import Actor, scope
from shaar.kernel.once import one_look
from shaar.kernel.texts import Text
from shaar.search.outcomes import EMPTY, Found, Hit
from shaar.search.snippets import snippet
from shaar.search.sources import audiences, sources
from shaar.search.words import CODED, kyrgyz_query, split

MOST_WORDS = 12
RANKED = 600  # matches that are ranked, of records and of all the rest; as many are enough to page through
COMMON = 3_000  # expected matches from which on only the newest records are looked at
NEWEST = 40_000  # records looked at then
ALIKE = 0.2  # similarity (pg_trgm) of the words among which the one meant is looked for
SLIPS = 5  # a slip of the pen is forgiven, and one more for each so many letters


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question in SQL: the tsquery, who asks, and which kinds."""

    query: str
    seen: str
    values: dict[str, Any]


@one_look()
def find(
    words: str,
    *,
    actor: Actor,
    kinds: Iterable[str] | None = None,
    limit: int = 20,
    offset: int = 0,
    is_typing: bool = False,
) -> Found:
    """Return what has all the words and what the actor may see, the best first.

    Nothing found, each unknown word is taken for the nearest known one. `is_typing`: the last word may go on.
    """
    asked = split(words)[:MOST_WORDS]
    if not asked:
        return EMPTY
    allowed, values = _allowed(actor, kinds)
    found = _find(asked, allowed, values, limit=limit, offset=offset, is_typing=is_typing)
    if found.total:
        return found
    corrected = _corrected(asked)
    if corrected == asked:
        return found
    again = _find(corrected, allowed, values, limit=limit, offset=offset, is_typing=is_typing)
    return replace(again, corrected=" ".join(corrected)) if again.total else found


def _find(
    words: Sequence[str], allowed: str, values: dict[str, Any], *, limit: int, offset: int, is_typing: bool
) -> Found:
    query, given = _query(words, is_typing=is_typing)
    asked = _Asked(query, allowed, {**values, **given})
    is_common = _expected(asked) > COMMON
    rows = _ranked(asked, is_common=is_common, limit=limit, offset=offset)
    names = {one.kind: one.name for one in sources()}
    counts = json.loads(rows[0]["kinds"]) if rows else {}
    hits = tuple(
        Hit(
            row["kind"],
            names.get(row["kind"], row["kind"]),
            row["key"],
            row["url"],
            Text(row["title_ru"], row["title_ky"], row["title_en"]),
            snippet(Text(row["body_ru"], row["body_ky"], row["body_en"]), words),
        )
        for row in rows
        if row["key"] is not None
    )
    total = sum(counts.values())
    listed = tuple((kind, name, counts[kind]) for kind, name in names.items() if kind in counts)
    return Found(hits, total, listed, is_partial=is_common or max(counts.values(), default=0) >= RANKED)


def _query(words: Sequence[str], *, is_typing: bool) -> tuple[str, dict[str, str]]:
    """Return the tsquery of all the words, each in Russian, English or Kyrgyz."""
    parts, values = [], {}
    for index, word in enumerate(words):
        plain, kyrgyz = f"word_{index}", f"kyrgyz_{index}"
        either = [f"plainto_tsquery('russian', %({plain})s)", f"%({kyrgyz})s::tsquery"]
        if word.isascii():
            either.append(f"plainto_tsquery('english', %({plain})s)")
        if is_typing and index == len(words) - 1:
            either.append(f"%(typed_{index})s::tsquery")
            values[f"typed_{index}"] = f"'{word}':*"
        values |= {plain: word, kyrgyz: kyrgyz_query(word)}
        parts.append(f"({' || '.join(either)})")
    return " && ".join(parts), values


def _allowed(actor: Actor, kinds: Iterable[str] | None) -> tuple[str, dict[str, Any]]:
    """Return the condition under which the actor may see an entry, exact part by part, and its values."""
    parts: list[str] = ["audience = ''"]
    values: dict[str, Any] = {}
    for number, verb in enumerate(sorted(audiences())):
        for place, part in enumerate(scope(actor, verb).parts):
            name = f"_{number}_{place}"
            held = [f"audience = %(verb{name})s"]
            values[f"verb{name}"] = verb
            if part.units is not None:
                held.append(f"unit = ANY(%(units{name})s)")
                values[f"units{name}"] = ["", *part.units]
            if part.territories is not None:
                held.append(f"territory = ANY(%(territories{name})s)")
                values[f"territories{name}"] = ["", *part.territories]
            parts.append(f"({' AND '.join(held)})")
    seen = f"({' OR '.join(parts)})"
    if kinds is not None:
        values["kinds"] = list(kinds)
        seen += " AND kind = ANY(%(kinds)s)"
    return seen, values


def _expected(asked: _Asked) -> int:
    """Return how many entries PostgreSQL expects to have the words; nothing is read for it."""
    with connection.cursor() as cursor:
        sql = f"""
            EXPLAIN (FORMAT JSON) SELECT 1 FROM search_entry WHERE vector @@ ({asked.query}) AND weight = 0
        """  # noqa: S608
        cursor.execute(sql, asked.values)
        plan = cursor.fetchone()[0]
    return int((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]["Plan Rows"])


def _ranked(asked: _Asked, *, is_common: bool, limit: int, offset: int) -> list[dict[str, Any]]:
    newest = "AND id > (SELECT max(id) FROM search_entry) - %(newest)s ORDER BY id DESC" if is_common else ""
    columns = "id, kind, weight, vector"
    matching = f"vector @@ ({asked.query}) AND {asked.seen}"
    sql = f"""
        WITH matching AS MATERIALIZED (
            SELECT id, kind, ts_rank(vector, {asked.query}, 1) * (1 + weight) AS rank FROM (
                (SELECT {columns} FROM search_entry WHERE weight > 0 AND {matching} LIMIT %(ranked)s)
                UNION ALL
                (SELECT {columns} FROM search_entry WHERE weight = 0 AND {matching} {newest} LIMIT %(ranked)s)
            ) AS every
        ),
        best AS (SELECT id, rank FROM matching ORDER BY rank DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s),
        counted AS (
            SELECT coalesce(jsonb_object_agg(kind, number), '{{}}')::text AS kinds
            FROM (SELECT kind, count(*) AS number FROM matching GROUP BY kind) AS each
        )
        SELECT counted.kinds, best.rank, entry.kind, entry.key, entry.url,
            entry.title_ru, entry.title_ky, entry.title_en, entry.body_ru, entry.body_ky, entry.body_en
        FROM counted LEFT JOIN best ON true LEFT JOIN search_entry AS entry USING (id)
        ORDER BY best.rank DESC, best.id DESC
    """  # noqa: S608 - the pieces are our own; every value is a parameter
    bounds = {"ranked": RANKED, "newest": NEWEST, "limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(sql, {**asked.values, **bounds})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _corrected(words: Sequence[str]) -> list[str]:
    """Return the words, each that no title has replaced by the nearest that one has, where one is near."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, false)", [str(ALIKE)])
        cursor.execute(
            """
            SELECT asked.word, (
                SELECT letters FROM search_word AS known
                WHERE known.code %% asked.code
                    AND levenshtein(known.code, asked.code) <= 1 + length(asked.code) / %s
                ORDER BY levenshtein(known.code, asked.code), titles DESC, letters LIMIT 1
            )
            FROM unnest(%s::text[], %s::text[]) AS asked (word, code)
            """,
            [SLIPS, list(words), [word.translate(CODED) for word in words]],
        )
        nearest = {word: near for word, near in cursor.fetchall() if near}
    return [nearest.get(word, word) for word in words]
