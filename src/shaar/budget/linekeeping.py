"""Finds and makes the lines of a year that amounts belong to: two queries, however many the lines are."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from shaar.budget.codes import Code, codes_of
from shaar.budget.judging import Row
from shaar.city import api as city

Key = tuple[str, str]  # the unit, and what tells the codes of a line from those of another
FIND = """
SELECT line.id, wanted.unit, wanted.key
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS wanted (unit_id, unit, key)
JOIN budget_line line
    ON line.year = %s AND line.side = %s AND line.unit_id = wanted.unit_id AND line.key = wanted.key
"""
MAKE = """
INSERT INTO budget_line (year, side, unit_id, codes, key, is_transfer, is_example, indicators)
SELECT %s, %s, made.unit_id, made.codes::jsonb, made.key, made.is_transfer, %s, '{}'
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[]) AS made (unit_id, codes, key, is_transfer)
ORDER BY made.unit_id, made.key
ON CONFLICT (year, side, unit_id, key) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A line that amounts belong to."""

    id: int
    unit: str
    codes: Mapping[str, str]


def held(keys: Iterable[Key], *, year: int, side: str) -> dict[Key, int]:
    """Return the number of each of these lines that there is."""
    wanted = list(keys)
    units = city.unit_ids({unit for unit, _key in wanted})
    columns = (
        [units[unit] for unit, _key in wanted],
        [unit for unit, _key in wanted],
        [key for _unit, key in wanted],
    )
    with connection.cursor() as cursor:
        cursor.execute(FIND, [*columns, year, side])
        return {(unit, key): number for number, unit, key in cursor.fetchall()}


def made(rows: Sequence[Row], *, year: int, side: str, is_example: bool) -> dict[Key, Held]:
    """Return the line of each row; lines that there were not are made."""
    wanted = {row.key: row for row in rows}
    found = held(wanted, year=year, side=side)
    if missing := {key: row for key, row in wanted.items() if key not in found}:
        _make(missing, year=year, side=side, is_example=is_example)
        found |= held(missing, year=year, side=side)
    return {key: Held(found[key], row.unit, row.codes) for key, row in wanted.items()}


def _make(rows: Mapping[Key, Row], *, year: int, side: str, is_example: bool) -> None:
    units, codes = city.unit_ids({unit for unit, _key in rows}), codes_of(year)
    columns = (
        [units[unit] for unit, _key in rows],
        [json.dumps(row.codes) for row in rows.values()],
        [key for _unit, key in rows],
        [_is_transfer(row, codes) for row in rows.values()],
    )
    with connection.cursor() as cursor:
        cursor.execute(MAKE, [year, side, is_example, *columns])


def _is_transfer(row: Row, known: Mapping[tuple[str, str], tuple[Code, ...]]) -> bool:
    versions = (one for name, code in row.codes.items() for one in known.get((name, code), ()))
    return any(one.is_transfer for one in versions if one.is_valid_on(row.day))
