"""Finds rows of a file that another file has written already, so that no money counts twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from shaar.budget.models import Kind
from shaar.city import api as city

# A plan is stated once for a line, a cash plan once for a month; other money once for a day and direction.
SAME = {
    Kind.PLAN: "true",
    Kind.CASH_PLAN: "date_trunc('month', one.day) = date_trunc('month', wanted.day)",
    Kind.COMMITMENT: "one.day = wanted.day AND (one.amount < 0) = wanted.is_return",
    Kind.EXECUTED: "one.day = wanted.day AND (one.amount < 0) = wanted.is_return",
}
FIND = """
SELECT DISTINCT ON (wanted.place) wanted.place - 1, file.name, one.row
FROM unnest(%s::bigint[], %s::text[], %s::date[], %s::boolean[]) WITH ORDINALITY
    AS wanted (unit_id, key, day, is_return, place)
JOIN budget_line line
    ON line.year = %s AND line.side = %s AND line.unit_id = wanted.unit_id AND line.key = wanted.key
JOIN budget_amount one ON one.line_id = line.id AND one.kind = %s AND {same}
JOIN budget_treasuryfile file ON file.id = one.file_id
WHERE one.takes_back_id IS NULL AND one.amendment_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM budget_amount back WHERE back.takes_back_id = one.id)
ORDER BY wanted.place, one.id
"""


@dataclass(frozen=True, slots=True)
class Given:
    """What tells an amount of a file from others: its line, its day and its direction."""

    unit: str
    key: str
    day: date
    is_return: bool


@dataclass(frozen=True, slots=True)
class Repeated:
    """An amount, by its place among those given, and the row of the file that wrote it first."""

    place: int
    file: str
    row: int


def find(given: Sequence[Given], *, year: int, side: str, kind: str) -> list[Repeated]:
    """Return the amounts that a written file holds already, unless it was undone."""
    units = city.unit_ids({one.unit for one in given})
    columns = (
        [units[one.unit] for one in given],
        [one.key for one in given],
        [one.day for one in given],
        [one.is_return for one in given],
    )
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(same=SAME[Kind(kind)]), [*columns, year, side, kind])
        return [Repeated(*row) for row in cursor.fetchall()]
