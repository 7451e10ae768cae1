"""Brings the city's tables to what a pack says, by closing and opening versions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, NumericRange

from shaar.city.models import (
    Alias,
    CalendarDay,
    Holiday,
    Territory,
    TerritoryVersion,
    Unit,
    UnitVersion,
    WorkingHours,
)
from shaar.city.pack import CalendarFile, Wanted, read_pack, spans_of
from shaar.city.rules import Range
from shaar.city.snapshot import range_of
from shaar.city.timeline import Dated, State, target
from shaar.kernel.clock import today
from shaar.kernel.texts import Text

LOAD_LOCK = 0x63697479  # «city»: one load at a time


@dataclass(frozen=True)
class Kind:
    """Which tables hold units, or territories."""

    owner: Any
    version: Any
    name: str
    has_shapes: bool


UNITS = Kind(Unit, UnitVersion, "unit", has_shapes=False)
TERRITORIES = Kind(Territory, TerritoryVersion, "territory", has_shapes=True)


def load(pack_dir: Path, *, actor: str, on: date | None = None) -> None:
    """Load the city's part of a pack as of a day (today); raise Refusals, having written nothing."""
    pack = read_pack(pack_dir)
    day = on or today()
    with transaction.atomic(), pghistory.context(actor=actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        _load_register(UNITS, pack.units, day)
        _load_register(TERRITORIES, pack.territories, day)
        _load_calendar(pack.calendar)


def _load_register(kind: Kind, wanted: Sequence[Wanted], on: date) -> None:
    ids = _ids(kind, [item.code for item in wanted])
    codes = {number: code for code, number in ids.items()}
    rows: dict[str, list[Any]] = {code: [] for code in ids}
    for row in kind.version.objects.order_by("valid").iterator():
        rows[codes[getattr(row, f"{kind.name}_id")]].append(row)
    by_code = {item.code: item for item in wanted}
    opened: list[Any] = []
    kept_here = set(kind.owner.objects.filter(is_local=True).values_list("code", flat=True))
    for code, number in ids.items():
        if code in kept_here:
            continue
        item = by_code.get(code)
        existing = [Dated(range_of(row.valid), _state(row, codes)) for row in rows[code]]
        timeline = target(
            existing, item.timeline if item else [], is_dated=bool(item and item.is_dated), on=on
        )
        opened += [_row(kind, number, dated, ids) for dated in _settle(rows[code], existing, timeline)]
    kind.version.objects.bulk_create(opened)
    _load_aliases(kind, wanted, ids, on)


def _ids(kind: Kind, codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of all codes there are, those of the pack made if they are new."""
    manager = kind.owner.objects
    known = dict(manager.values_list("code", "pk"))
    fresh = [kind.owner(code=code) for code in codes if code not in known]
    if fresh:
        manager.bulk_create(fresh)
        known = dict(manager.values_list("code", "pk"))
    return known


def _settle(rows: list[Any], existing: list[Dated], timeline: list[Dated]) -> list[Dated]:
    """Delete and shorten rows so that the timeline fits, and return what of it is still to be opened."""
    kept = {(dated.valid.first, dated.state): dated for dated in timeline}
    changed: list[Any] = []
    for row, dated in zip(rows, existing, strict=True):
        match = kept.pop((dated.valid.first, dated.state), None)
        if match is None:
            row.delete()
        elif match.valid != dated.valid:
            row.valid = days(match.valid)
            changed.append(row)
    for row in changed:
        row.save(update_fields=["valid"])
    return list(kept.values())


def _state(row: Any, codes: dict[int, str]) -> State:
    geometry = getattr(row, "geometry", None)
    return State(
        kind=row.kind,
        name=Text(row.name_ru, row.name_ky, row.name_en),
        short=Text(row.short_ru, row.short_ky, row.short_en),
        parent=codes[row.parent_id] if row.parent_id else None,
        geometry=bytes(geometry) if geometry is not None else None,
        is_approximate=getattr(row, "is_approximate", True),
    )


def _row(kind: Kind, owner: int, dated: Dated, ids: dict[str, int]) -> Any:
    state = dated.state
    shape = {"geometry": state.geometry, "is_approximate": state.is_approximate} if kind.has_shapes else {}
    return kind.version(
        **{f"{kind.name}_id": owner},
        **shape,
        **texts("name", state.name),
        **texts("short", state.short),
        kind=state.kind,
        parent_id=ids[state.parent] if state.parent else None,
        valid=days(dated.valid),
    )


def _load_aliases(kind: Kind, wanted: Sequence[Wanted], ids: dict[str, int], on: date) -> None:
    """Open aliases that are new and end those that are gone; an alias of the pack holds on any day."""
    named = {(ids[item.code], language, text) for item in wanted for language, text in item.aliases}
    owner = f"{kind.name}_id"
    of_pack = Alias.objects.filter(**{f"{owner}__isnull": False, f"{kind.name}__is_local": False})
    kept_here = set(kind.owner.objects.filter(is_local=True).values_list("pk", flat=True))
    named = {key for key in named if key[0] not in kept_here}
    for alias in of_pack.filter(valid__endswith=None):
        key = (getattr(alias, owner), alias.language, alias.text)
        if key in named:
            named.discard(key)
        elif alias.valid.lower is None or alias.valid.lower < on:
            alias.valid = DateRange(alias.valid.lower, on)
            alias.save(update_fields=["valid"])
        else:
            alias.delete()
    Alias.objects.bulk_create(
        Alias(**{owner: number}, language=language, text=text, valid=DateRange(None, None))
        for number, language, text in sorted(named)
    )


def _load_calendar(calendar: CalendarFile) -> None:
    hours = [
        {"weekday": weekday, "minutes": NumericRange(*span), "valid": days(item.range)}
        for item in calendar.working_week
        for weekday in item.weekdays
        for span in spans_of(item.hours)
    ]
    holidays = [
        {"month": item.month, "day": item.day, "valid": days(item.range), **texts("name", item.name)}
        for item in calendar.holidays
    ]
    single = [
        {
            "day": item.day,
            "is_working": item.working,
            "like_weekday": item.like_weekday,
            **texts("name", item.name),
        }
        for item in calendar.days
    ]
    _replace(WorkingHours, hours)
    _replace(Holiday, holidays, by=("month", "day"))
    _replace(CalendarDay, single, by=("day",))


def _replace(model: Any, wanted: list[dict[str, Any]], *, by: Sequence[str] = ()) -> None:
    """Make a table hold just these rows, touching what differs; what was made here outweighs them."""
    rows = list(model.objects.all())
    kept_here = {tuple(getattr(row, name) for name in by) for row in rows if by and row.is_local}
    missing = [one for one in wanted if not by or tuple(one[name] for name in by) not in kept_here]
    for row in rows:
        if by and row.is_local:
            continue
        match = next((one for one in missing if all(getattr(row, k) == v for k, v in one.items())), None)
        if match is None:
            row.delete()
        else:
            missing.remove(match)
    model.objects.bulk_create(model(**one) for one in missing)


def texts(name: str, text: Text) -> dict[str, str]:
    """Return a text as the columns of a table."""
    return {f"{name}_ru": text.ru, f"{name}_ky": text.ky, f"{name}_en": text.en}


def days(valid: Range) -> Any:
    """Return days as a range of the database, whose upper bound is excluded."""
    return DateRange(valid.first, valid.last + timedelta(days=1) if valid.last is not None else None)
