"""Reads facts and series for the screens and traces of other modules."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast

from django.db import connection
from django.utils.translation import gettext as _

from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import PeriodKind
from shaar.kernel.quantities import Qualifier
from shaar.ledger.views import Evidence, FactId, FactQuery, FactView, SeriesView, Subject
from shaar.ledger.writing import COVERS, POSITION_BITS

KINDS = tuple(PeriodKind)
QUALIFIERS = tuple(Qualifier)
SELECT = """
SELECT f.id, f.series_id, s.type, s.measure, s.dimensions, f.happened_at, b.recorded_at, f.day, f.unit_id,
    f.territory_id, f.quantity, f.upper, f.qualifier, f.as_written, f.covers, f.period_stated,
    f.subject_module, f.subject_kind, f.subject_id, f.subject_title, f.subject_url, f.actor, f.evidence,
    f.approval, f.reverses, taken.reversal, coalesce(taking.reason, taken.reason, '')
FROM ledger_fact f
JOIN ledger_series s ON s.id = f.series_id
JOIN ledger_batch b ON b.id = f.id >> 24
LEFT JOIN ledger_reversal taken ON taken.fact = f.id
LEFT JOIN ledger_reversal taking ON taking.reversal = f.id
WHERE """
Condition = tuple[str, Any]


def get(fact_id: FactId) -> FactView:
    """Return a fact; Refusal `unknown_fact`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT first_at, last_at FROM ledger_batch WHERE id = %s", [fact_id >> POSITION_BITS])
        span = cursor.fetchone() or (None, None)
        condition = "f.id = %s AND f.happened_at BETWEEN %s AND %s"
        cursor.execute(SELECT + condition, [fact_id, *span])
        rows = cursor.fetchall()
    if not rows:
        raise Refusal("unknown_fact", _("There is no fact %(id)s.") % {"id": fact_id})
    return _views(rows)[0]


def find(query: FactQuery) -> list[FactView]:
    """Return the facts that a query asks for, by id, at most `limit` of them with ids above `after`.

    Without `include_reversed` neither reversals nor the facts that they take back are returned.
    """
    conditions = [*_of_series(query), *_of_place(query), *_of_time(query), *_of_record(query)]
    condition = " AND ".join(text for text, _values in conditions)
    values: list[Any] = [value for _text, value in conditions if value is not None]
    with connection.cursor() as cursor:
        cursor.execute(f"{SELECT} {condition} ORDER BY f.id LIMIT %s", [*values, query.limit])
        return _views(cursor.fetchall())


def series_of(type: str, where: Mapping[str, str] | None = None) -> list[SeriesView]:  # noqa: A002
    """Return the series of a type whose dimensions hold all those asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, type, measure, dimensions FROM ledger_series"
            " WHERE type = %s AND dimensions @> %s::jsonb ORDER BY id",
            [type, json.dumps(dict(where or {}))],
        )
        return [SeriesView(row[0], row[1], row[2], _document(row[3])) for row in cursor.fetchall()]


def series_stamp() -> tuple[int, ...]:
    """Return numbers that change when a series is added; what was read of series is good until then."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_filenode('ledger_series'), count(*), coalesce(max(id), 0) FROM ledger_series"
        )
        return tuple(cursor.fetchone())


def batches(*, after: int = 0) -> list[int]:
    """Return the numbers of the recorded batches above a number, in order.

    A transaction that is still open may later add a number below those returned.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_batch WHERE id > %s ORDER BY id", [after])
        return [row[0] for row in cursor.fetchall()]


def recorded() -> tuple[int, int]:
    """Return how many batches are recorded and the highest number; both tell whether anything was added.

    The highest number alone does not: a transaction that is still open may later add a lower one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(id), 0) FROM ledger_batch")
        return cast(tuple[int, int], cursor.fetchone())


def _of_series(query: FactQuery) -> list[Condition]:
    found: list[Condition] = [("f.id > %s", query.after)]
    if query.types:
        found.append(("s.type = ANY(%s)", list(query.types)))
    if query.series:
        found.append(("f.series_id = ANY(%s)", list(query.series)))
    if query.where:
        found.append(("s.dimensions @> %s::jsonb", json.dumps(dict(query.where))))
    return found


def _of_place(query: FactQuery) -> list[Condition]:
    found: list[Condition] = []
    on = query.on or query.last or clock.today()
    if query.unit_subtree is not None:
        units = city.unit_ids(city.unit_subtree(query.unit_subtree, on=on))
        found.append(("f.unit_id = ANY(%s)", list(units.values())))
    if query.territory_subtree is not None:
        places = city.territory_ids(city.territory_subtree(query.territory_subtree, on=on))
        found.append(("f.territory_id = ANY(%s)", list(places.values())))
    return found


def _of_time(query: FactQuery) -> list[Condition]:
    found: list[Condition] = []
    if query.first is not None:
        found.append(("f.day >= %s", query.first))
    if query.last is not None:
        end = datetime.combine(query.last + timedelta(days=1), time(), tzinfo=clock.city_time_zone())
        # Facts of a day or of past periods happened by then; the bound spares partitions.
        found += [("f.day <= %s", query.last), ("f.happened_at < %s", end)]
    if query.covers:
        found.append(("f.covers = ANY(%s)", [COVERS[kind] for kind in query.covers]))
    return found


def _of_record(query: FactQuery) -> list[Condition]:
    found: list[Condition] = []
    if (subject := query.subject) is not None:
        found += [
            ("f.subject_module = %s", subject.module),
            ("f.subject_kind = %s", subject.kind),
            ("f.subject_id = %s", subject.id),
        ]
    if not query.include_reversed:
        found += [("f.reverses IS NULL", None), ("taken.fact IS NULL", None)]
    return found


def _views(rows: Sequence[tuple[Any, ...]]) -> list[FactView]:
    units = city.unit_codes({row[8] for row in rows})
    territories = city.territory_codes({row[9] for row in rows})
    return [_view(row, units[row[8]], territories[row[9]]) for row in rows]


def _view(row: tuple[Any, ...], unit: str, territory: str) -> FactView:
    number, series, type_, measure, dimensions, happened_at, recorded_at, day = row[:8]
    quantity, upper, qualifier, as_written, covers, period_stated = row[10:16]
    module, kind, subject_id, title, url, actor, evidence, approval, reverses, reversed_by, reason = row[16:]
    return FactView(
        id=number,
        series=SeriesView(series, type_, measure, _document(dimensions)),
        happened_at=happened_at,
        recorded_at=recorded_at,
        day=day,
        unit=unit,
        territory=territory,
        quantity=quantity,
        upper=upper,
        qualifier=QUALIFIERS[qualifier],
        as_written=as_written or "",
        covers=KINDS[covers],
        period_stated=period_stated,
        subject=Subject(module, kind, subject_id, title or "", url or ""),
        actor=actor,
        evidence=tuple(Evidence(**one) for one in _document(evidence) or ()),
        approval=_document(approval) or {},
        reverses=reverses,
        reversed_by=reversed_by,
        reason=reason,
    )


def _document(value: Any) -> Any:
    """Return a JSON column as Python; Django leaves jsonb as text."""
    return json.loads(value) if isinstance(value, str) else value
