# ruff: noqa: S608 the SQL is put together from the constants below; values are passed apart
"""Reads rollups: sums by any of series, period, unit and territory, and the last values of stocks.

Sums are taken from the coarsest level that can answer: by month, by unit, or from the cells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple, TypeAlias, TypedDict, Unpack

from django.db import connection

from shaar.kernel.periods import PeriodKind
from shaar.kernel.quantities import Qualifier

KINDS = tuple(PeriodKind)
QUALIFIERS = tuple(Qualifier)
NUMBER = {kind: number for number, kind in enumerate(KINDS)}
Key: TypeAlias = Literal["series", "covers", "day", "month", "quarter", "half", "year", "unit", "territory"]
KEYS: dict[str, str] = {
    "series": "series_id",
    "covers": "covers",
    "day": "day",
    "month": "date_trunc('month', day::timestamp)::date",
    "quarter": "date_trunc('quarter', day::timestamp)::date",
    "half": "make_date(extract(year from day)::int, extract(month from day)::int / 7 * 6 + 1, 1)",
    "year": "date_trunc('year', day::timestamp)::date",
    "unit": "unit_id",
    "territory": "territory_id",
}
DATES = frozenset({"day", "month", "quarter", "half", "year"})
BY_MONTH = frozenset({"series", "covers", "month", "quarter", "half", "year"})
BY_SERIES = frozenset({"series", "covers"})
BY_UNIT = frozenset({"series", "covers", "unit"})
IS_WAITING = "EXISTS (SELECT FROM indicators_rollup_applied WHERE NOT is_summed)"
# Cells of the batches that the coarse levels do not hold yet; an array, so that the index of batches serves.
WAITING = (
    "(SELECT * FROM indicators_rollup_cell WHERE batch = ANY(ARRAY("
    "SELECT batch FROM indicators_rollup_applied WHERE NOT is_summed))) waiting"
)
OF_CELL = "total, facts, inexact + disputed AS rough"
CELLS = f"(SELECT series_id, covers, day, unit_id, territory_id, {OF_CELL} FROM indicators_rollup_cell) c"
COUNTS = "facts, valued, inexact, disputed, unstated, total, upper"
SUMMED = (
    "sum(facts)::bigint, sum(valued)::bigint, sum(inexact)::bigint, sum(disputed)::bigint,"
    " sum(unstated)::bigint, sum(total), sum(upper)"
)


class Cell(NamedTuple):
    """The facts of one series, unit and territory that speak for the period `covers` ending on `day`.

    Reversals are subtracted: `facts` is 0 when all were taken back. `valued` counts the facts that have a
    quantity, `inexact` and `disputed` those with such a qualifier, `unstated` those whose period the source
    does not name. `total` and `upper` are sums (None for no quantity). `last_…` is the last fact that stands.
    """

    series: int
    unit: int
    territory: int
    day: date
    covers: PeriodKind
    facts: int
    valued: int
    inexact: int
    disputed: int
    unstated: int
    total: Decimal | None
    upper: Decimal | None
    last_at: datetime | None
    last_id: int | None
    last_quantity: Decimal | None
    last_upper: Decimal | None
    last_qualifier: Qualifier | None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which cells are read; None does not narrow. `first` and `last` bound a cell's day, both included."""

    series: Sequence[int] | None = None
    first: date | None = None
    last: date | None = None
    covers: Sequence[PeriodKind] | None = None
    units: Sequence[int] | None = None
    territories: Sequence[int] | None = None


class Narrowed(TypedDict, total=False):
    """How `totals` may be narrowed, as in `Narrowing`."""

    first: date | None
    last: date | None
    covers: Iterable[PeriodKind] | None
    unit_ids: Iterable[int] | None
    territory_ids: Iterable[int] | None


class Source(NamedTuple):
    """A level (None: the cells) with the cells that wait for it, without them, and the condition on both."""

    level: str | None
    all: str
    merged: str
    condition: str
    values: dict[str, Any]


def cells(
    series_ids: Iterable[int] | None,
    *,
    first: date | None,
    last: date | None,
    covers: Iterable[PeriodKind] | None = None,
    unit_ids: Iterable[int] | None = None,
    territory_ids: Iterable[int] | None = None,
) -> list[Cell]:
    """Return the cells of some series (None: all) whose day lies from `first` to `last`."""
    narrowing = _narrowing(series_ids, first, last, covers, unit_ids, territory_ids)
    condition, values = _condition(narrowing)
    keys = "series_id, unit_id, territory_id, day, covers"
    lasts = ", ".join(
        f"(array_agg({name} ORDER BY last_at DESC NULLS LAST, last_id DESC))[1]"
        for name in ("last_at", "last_id", "last_quantity", "last_upper", "last_qualifier")
    )
    rows = _rows(
        f"SELECT {keys}, {SUMMED}, {lasts} FROM indicators_rollup_cell WHERE {condition}"
        " GROUP BY 1, 2, 3, 4, 5",
        values,
    )
    return [_cell(row) for row in rows]


def total_columns(
    series_ids: Iterable[int] | None,
    *,
    by: Sequence[Key],
    first: date | None = None,
    last: date | None = None,
    covers: Iterable[PeriodKind] | None = None,
    unit_ids: Iterable[int] | None = None,
    territory_ids: Iterable[int] | None = None,
) -> list[Sequence[Any]]:
    """Return sums in bulk as columns: the keys asked for, in their order, then `total`, `facts` and `rough`.

    `rough` counts the facts among them whose quantity is inexact or disputed: the total is exact without any.

    A key of period is its first day ("covers" the number of the kind, a rank). Ordered by the keys.
    """
    narrowing = _narrowing(series_ids, first, last, covers, unit_ids, territory_ids)
    source = _source(by, narrowing)
    columns = "".join(f"{_key(key, source)}, " for key in by)
    numbers = ", ".join(str(number) for number in range(1, len(by) + 1))
    order = f" ORDER BY {numbers}" if by else ""
    if (kind := _only_kind(source, by, narrowing)) is not None:
        sql = f"SELECT {columns}total, facts, rough FROM {source.merged} WHERE {source.condition}"
        return _bulk(f"{sql} AND covers = {kind}{order}", by, source.values)
    group = f" GROUP BY {numbers}" if by else ""
    sums = "sum(total), coalesce(sum(facts), 0)::bigint, coalesce(sum(rough), 0)::bigint"
    sql = f"SELECT {columns}{sums} FROM {source.all} WHERE {source.condition}{group}{order}"
    return _bulk(sql, by, source.values)


def totals(
    series_ids: Iterable[int] | None, *, by: Sequence[Key], **narrowed: Unpack[Narrowed]
) -> list[tuple[Any, ...]]:
    """Return the rows of `total_columns`."""
    return list(zip(*total_columns(series_ids, by=by, **narrowed), strict=True))


def last(
    series_ids: Iterable[int] | None,
    *,
    until: date,
    since: date | None = None,
    covers: Iterable[PeriodKind] | None = None,
    unit_ids: Iterable[int] | None = None,
    territory_ids: Iterable[int] | None = None,
) -> list[Cell]:
    """Return for each series, unit and territory the cell of its last standing fact up to a day."""
    narrowing = _narrowing(series_ids, since, until, covers, unit_ids, territory_ids)
    condition, values = _condition(narrowing)
    columns = (
        f"series_id, unit_id, territory_id, day, covers, {COUNTS},"
        " last_at, last_id, last_quantity, last_upper, last_qualifier"
    )
    rows = _rows(
        f"SELECT DISTINCT ON (series_id, unit_id, territory_id) {columns} FROM indicators_rollup_cell"
        f" WHERE {condition} AND last_id IS NOT NULL"
        " ORDER BY series_id, unit_id, territory_id, last_at DESC, last_id DESC",
        values,
    )
    return [_cell(row) for row in rows]


def _cell(row: tuple[Any, ...]) -> Cell:
    qualifier = None if row[16] is None else QUALIFIERS[row[16]]
    return Cell._make((*row[:4], KINDS[row[4]], *row[5:16], qualifier))


def _narrowing(
    series: Iterable[int] | None,
    first: date | None,
    last: date | None,
    covers: Iterable[PeriodKind] | None,
    units: Iterable[int] | None,
    territories: Iterable[int] | None,
) -> Narrowing:
    def listed(values: Iterable[Any] | None) -> list[Any] | None:
        return None if values is None else list(values)

    return Narrowing(listed(series), first, last, listed(covers), listed(units), listed(territories))


def _source(by: Sequence[str], narrowing: Narrowing) -> Source:
    """Return the coarsest level that answers, with its condition."""
    condition, values = _condition(narrowing)
    places = narrowing.units is not None or narrowing.territories is not None
    everything = set(by) <= BY_SERIES | BY_UNIT and _holds_everything(narrowing)
    if everything:
        condition, values = _condition(replace(narrowing, first=None, last=None))
    if not places and BY_SERIES.issuperset(by) and everything:
        level, key = "series", "covers AS kind"
    elif not places and BY_MONTH.issuperset(by) and _is_whole_months(narrowing):
        level, key = "month", "date_trunc('month', day::timestamp)::date AS day"
    elif narrowing.territories is None and BY_UNIT.issuperset(by) and everything:
        level, key = "unit", "unit_id"
    else:
        return Source(None, CELLS, "", condition, values)
    own = {"series": "covers AS kind", "month": "month AS day", "unit": "unit_id"}[level]
    merged = f"SELECT series_id, covers, {own}, total, facts, rough FROM indicators_rollup_{level}"
    both = f"{merged} UNION ALL SELECT series_id, covers, {key}, {OF_CELL} FROM {WAITING}"
    return Source(level, f"({both}) c", f"({merged}) c", condition, values)


def _only_kind(source: Source, by: Sequence[str], narrowing: Narrowing) -> int | None:
    """Return the one `covers` with which each row of the level answers as it stands; None to sum rows.

    Nothing waits then. What is merged between this question and the next is read as well, or is of
    another kind and is left out: readers see some moment in between.
    """
    given = set(by)
    if narrowing.series is not None and len(set(narrowing.series)) == 1:
        given.add("series")
    if source.level is None or not {"series", source.level} <= given:
        return None
    condition, values = _condition(Narrowing(covers=narrowing.covers))
    low, high, is_waiting = _rows(
        f"SELECT min(covers), max(covers), {IS_WAITING} FROM indicators_rollup_series WHERE {condition}",
        values,
    )[0]
    return None if is_waiting or low != high else low


def _key(key: str, source: Source) -> str:
    """Return the expression of a key; in the level of months a day is its month's first day already."""
    return "day" if key == "month" and source.level == "month" else KEYS[key]


def _is_whole_months(narrowing: Narrowing) -> bool:
    starts = narrowing.first is None or narrowing.first.day == 1
    return starts and (narrowing.last is None or (narrowing.last + timedelta(days=1)).day == 1)


def _holds_everything(narrowing: Narrowing) -> bool:
    """Tell whether no cell lies outside the asked days."""
    if narrowing.first is None and narrowing.last is None:
        return True
    low, high = _rows(
        "SELECT least((SELECT min(month) FROM indicators_rollup_month), min(day)), greatest("
        "(SELECT max(month) + interval '1 month' FROM indicators_rollup_month)::date, max(day) + 1)"
        f" FROM {WAITING}",
        {},
    )[0]
    if low is None:
        return True
    return (narrowing.first is None or narrowing.first <= low) and (
        narrowing.last is None or narrowing.last + timedelta(days=1) >= high
    )


def _condition(narrowing: Narrowing) -> tuple[str, dict[str, Any]]:
    kinds = None if narrowing.covers is None else [NUMBER[kind] for kind in narrowing.covers]
    parts = {
        "series": ("series_id = ANY(%(series)s)", narrowing.series),
        "first": ("day >= %(first)s", narrowing.first),
        "last": ("day <= %(last)s", narrowing.last),
        "covers": ("covers = ANY(%(covers)s)", kinds),
        "units": ("unit_id = ANY(%(units)s)", narrowing.units),
        "territories": ("territory_id = ANY(%(territories)s)", narrowing.territories),
    }
    used = {key: part for key, part in parts.items() if part[1] is not None}
    text = " AND ".join(sql for sql, _value in used.values()) or "true"
    return text, {key: value for key, (_sql, value) in used.items()}


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _bulk(sql: str, by: Sequence[Key], values: dict[str, Any]) -> list[Sequence[Any]]:
    """Return the columns of many rows, each fetched as one text: that is read much quicker than rows."""
    names = [f"c{number}" for number in range(len(by) + 3)]
    columns = ", ".join(f"string_agg(coalesce({name}::text, ''), ',')" for name in names)
    (texts,) = _rows(f"SELECT {columns} FROM ({sql}) AS t({', '.join(names)})", values)
    if texts[0] is None:
        return [[] for _name in names]
    readers = [_dates if key in DATES else _integers for key in by]
    readers += [_decimals, _integers, _integers]
    return [list(read(text.split(","))) for read, text in zip(readers, texts, strict=True)]


def _integers(texts: list[str]) -> Iterable[Any]:
    known = {text: int(text) for text in set(texts)}
    return map(known.__getitem__, texts)


def _decimals(texts: list[str]) -> Iterable[Any]:
    if "" in texts:
        return [Decimal(text) if text else None for text in texts]
    return map(Decimal, texts)


def _dates(texts: list[str]) -> Iterable[Any]:
    known = {text: date.fromisoformat(text) for text in set(texts)}
    return map(known.__getitem__, texts)
