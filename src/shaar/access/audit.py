"""Who changed what: the events that the database itself wrote beside every audited table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection
from psycopg import sql

from shaar.kernel.clock import city_time_zone

HIDDEN = ("id", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """One changed field: what it held before (None for a new row) and after (None for a removed one)."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One write to one row."""

    at: datetime
    label: str
    model: str
    row: str
    actor: str
    behalf: str
    url: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """What to look for: days both included, `before` the moment from which to go on backwards.

    `named` holds the keys of the actors whom `q` names; `actors` limits whose writes are shown (None: all).
    """

    q: str = ""
    model: str = ""
    first: date | None = None
    last: date | None = None
    before: datetime | None = None
    named: tuple[str, ...] = ()
    actors: tuple[str, ...] | None = None


def audited_models() -> dict[str, Any]:
    """Return the event table of every audited model by the model's name (`access.User`)."""
    found: dict[str, Any] = {}
    for model in apps.get_models():
        tracked: Any = getattr(model, "pgh_tracked_model", None)
        if tracked is not None and issubclass(model, pghistory.models.Event):
            found[tracked._meta.label] = model  # noqa: SLF001 public by Django's documentation
    return dict(sorted(found.items()))


def search(query: AuditQuery, *, limit: int = PAGE) -> list[AuditEntry]:
    """Return the newest events that fit, at most `limit`."""
    models = audited_models()
    chosen = {query.model: models[query.model]} if query.model in models else models
    parts = [_part(name, model, query, limit) for name, model in chosen.items()]
    statement = sql.SQL("SELECT * FROM ({}) AS found ORDER BY at DESC, model, number DESC LIMIT {}").format(
        sql.SQL(" UNION ALL ").join(parts), sql.Literal(limit)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(None))
        rows = cursor.fetchall()
    return [_entry(*row) for row in rows]


def _part(name: str, model: Any, query: AuditQuery, limit: int) -> sql.Composed:
    """Return the newest events of one table; `pgh_id` grows with time, so its index gives them quickly."""
    return sql.SQL(
        "(SELECT e.pgh_created_at AS at, e.pgh_label AS label, {name} AS model, e.pgh_obj_id::text AS row,"
        " e.pgh_id AS number, c.metadata::jsonb AS metadata, to_jsonb(e) AS after,"
        " (SELECT to_jsonb(p) FROM {table} p WHERE p.pgh_obj_id = e.pgh_obj_id AND p.pgh_id < e.pgh_id"
        "  ORDER BY p.pgh_id DESC LIMIT 1) AS before"
        " FROM {table} e LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id"
        " WHERE {where} ORDER BY e.pgh_id DESC LIMIT {limit})"
    ).format(
        name=sql.Literal(name),
        table=sql.Identifier(model._meta.db_table),  # noqa: SLF001
        where=sql.SQL(" AND ").join(_conditions(query)),
        limit=sql.Literal(limit),
    )


def _conditions(query: AuditQuery) -> list[sql.Composable]:
    found: list[sql.Composable] = [sql.SQL("true")]
    if query.first:
        found.append(sql.SQL("e.pgh_created_at >= {}").format(sql.Literal(_midnight(query.first))))
    if query.last:
        after = _midnight(query.last + timedelta(days=1))
        found.append(sql.SQL("e.pgh_created_at < {}").format(sql.Literal(after)))
    if query.before:
        found.append(sql.SQL("e.pgh_created_at < {}").format(sql.Literal(query.before)))
    if query.q:
        wanted = sql.Literal(query.q)
        found.append(
            sql.SQL(
                "(e.pgh_obj_id::text = {0} OR c.metadata->>'actor' = {0}"
                " OR c.metadata->>'actor' = ANY ({1}::text[]) OR c.metadata->>'on_behalf' = ANY ({1}::text[])"
                " OR strpos(c.metadata->>'url', {0}) > 0)"
            ).format(wanted, sql.Literal(list(query.named)))
        )
    if query.actors is not None:
        found.append(
            sql.SQL("c.metadata->>'actor' = ANY ({}::text[])").format(sql.Literal(list(query.actors)))
        )
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=city_time_zone())


def _entry(
    at: datetime, label: str, model: str, row: str, _number: int, metadata: Any, after: Any, before: Any
) -> AuditEntry:
    context = _mapping(metadata)
    new, old = _mapping(after), _mapping(before)
    if label == "delete":
        new, old = {}, new
    elif label == "insert":
        old = {}
    return AuditEntry(
        at=at,
        label=label,
        model=model,
        row=row,
        actor=str(context.get("actor") or ""),
        behalf=str(context.get("on_behalf") or ""),
        url=str(context.get("url") or ""),
        changes=tuple(_changes(old, new)),
    )


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    fields = [name for name in {**old, **new} if name not in HIDDEN]
    return [
        Change(name, _written(old.get(name)), _written(new.get(name)))
        for name in fields
        if (old.get(name) or None) != (new.get(name) or None)
    ]


def _written(value: Any) -> str | None:
    return None if value in (None, "") else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return a JSON object of the database, which comes parsed or as text with the connection's settings."""
    if isinstance(value, str):
        value = json.loads(value)
    return value or {}
