"""The door of `city`: units, territories and working time, always as of a day that the caller names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from shaar.city import calendar, rules
from shaar.city.changing import (
    Described,
    Register,
    VersionView,
    change,
    create,
    end,
    history,
    is_local,
    merge,
)
from shaar.city.rules import WorkingCalendar
from shaar.city.snapshot import Held, snapshot
from shaar.city.snapshot import Register as Holding
from shaar.kernel.clock import city_time_zone
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text

__all__ = [
    "Described",
    "Register",
    "TerritoryView",
    "UnitView",
    "VersionView",
    "WorkingCalendar",
    "add_working_days",
    "calendar",
    "change",
    "create",
    "end",
    "find_territory",
    "find_unit",
    "history",
    "is_local",
    "is_working_day",
    "load_pack",
    "merge",
    "revision",
    "search_territories",
    "search_units",
    "sort_key",
    "territories",
    "territory",
    "territory_codes",
    "territory_ids",
    "territory_subtree",
    "unit",
    "unit_codes",
    "unit_ids",
    "unit_subtree",
    "units",
    "working_calendar",
    "working_deadline",
    "working_hours",
    "working_time_between",
]

sort_key = rules.sort_key


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as it is on the asked day; the bounds of its validity are days, both included."""

    code: str
    kind: str
    name: Text
    short: Text
    parent: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class TerritoryView:
    """A territory as it is on the asked day; `geometry`, where asked for, is GeoJSON in WGS 84."""

    code: str
    kind: str
    name: Text
    short: Text
    parent: str | None
    is_approximate: bool
    has_geometry: bool
    valid_from: date | None
    valid_to: date | None
    geometry: dict[str, Any] | None = None


def revision() -> int:
    """Return the number of the city's last change; it never comes back, also after a rollback."""
    return snapshot().number or 0


# Units and territories ------------------------------------------------------------------------------------
def unit(code: str, *, on: date) -> UnitView:
    """Return a unit as it is on a day; Refusal `unknown_unit` when there is none of the code."""
    held = snapshot().units.at(code, on)
    if held is None:
        raise _unknown_unit(code)
    return _unit_view(held)


def units(*, on: date, kind: str | None = None, under: str | None = None) -> list[UnitView]:
    """Return the units of a day by name, all or those of a kind or under a unit (itself included)."""
    return [_unit_view(held) for held in _chosen(snapshot().units, on, kind, under, _unknown_unit)]


def unit_subtree(code: str, *, on: date) -> frozenset[str]:
    """Return the codes of a unit and of all under it on a day; Refusal `unknown_unit`."""
    return _subtree(snapshot().units, code, on, _unknown_unit)


def territory(code: str, *, on: date, with_geometry: bool = False) -> TerritoryView:
    """Return a territory as it is on a day; Refusal `unknown_territory` when there is none of the code."""
    held = snapshot().territories.at(code, on)
    if held is None:
        raise _unknown_territory(code)
    return _territory_views([held], with_geometry=with_geometry)[0]


def territories(
    *, on: date, kind: str | None = None, under: str | None = None, with_geometry: bool = False
) -> list[TerritoryView]:
    """Return the territories of a day by name: all, those of a kind, or those under one (itself included)."""
    chosen = _chosen(snapshot().territories, on, kind, under, _unknown_territory)
    return _territory_views(chosen, with_geometry=with_geometry)


def territory_subtree(code: str, *, on: date) -> frozenset[str]:
    """Return the codes of a territory and of all under it on a day; Refusal `unknown_territory`."""
    return _subtree(snapshot().territories, code, on, _unknown_territory)


def find_unit(text: str, *, on: date, lang: str | None = None) -> UnitView:
    """Return the one unit of that name or alias; Refusal `unknown_unit`, or `ambiguous_unit` for several."""
    found = _find(snapshot().units, text, on, lang)
    if len(found) > 1:
        raise Refusal("ambiguous_unit", str(_("Several units are called «%(name)s».")) % {"name": text})
    if not found:
        raise _unknown_unit(text)
    return _unit_view(found[0])


def find_territory(text: str, *, on: date, lang: str | None = None) -> TerritoryView:
    """Return the one territory of a name or alias; Refusal `unknown_territory` or `ambiguous_territory`."""
    found = _find(snapshot().territories, text, on, lang)
    if len(found) > 1:
        message = str(_("Several territories are called «%(name)s».")) % {"name": text}
        raise Refusal("ambiguous_territory", message)
    if not found:
        raise _unknown_territory(text)
    return _territory_views(found, with_geometry=False)[0]


def search_units(text: str, *, on: date, limit: int = 20) -> list[UnitView]:
    """Return the units in whose name or alias the text occurs, by name."""
    return [_unit_view(held) for held in _search(snapshot().units, text, on)[:limit]]


def search_territories(text: str, *, on: date, limit: int = 20) -> list[TerritoryView]:
    """Return the territories in whose name or alias the text occurs, by name."""
    return _territory_views(_search(snapshot().territories, text, on)[:limit], with_geometry=False)


# Codes and ids --------------------------------------------------------------------------------------------
def unit_ids(codes: Iterable[str]) -> dict[str, int]:
    """Return the row ids of units by code; Refusal `unknown_unit` names the first code that is none."""
    return _ids(snapshot().units, codes, _unknown_unit)


def territory_ids(codes: Iterable[str]) -> dict[str, int]:
    """Return the row ids of territories by code; Refusal `unknown_territory`."""
    return _ids(snapshot().territories, codes, _unknown_territory)


def unit_codes(ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of units by row id; an id that is none is a broken program and raises KeyError."""
    held = snapshot().units.codes
    return {number: held[number] for number in ids}


def territory_codes(ids: Iterable[int]) -> dict[int, str]:
    """Return the codes of territories by row id; an id that is none raises KeyError."""
    held = snapshot().territories.codes
    return {number: held[number] for number in ids}


# Working time ---------------------------------------------------------------------------------------------
def working_calendar() -> WorkingCalendar:
    """Return the calendar itself, for callers that compute with many days by `city.rules`' methods."""
    return snapshot().calendar


def is_working_day(day: date) -> bool:
    """Tell whether any part of the day is worked."""
    return rules.is_working_day(snapshot().calendar, day)


def add_working_days(day: date, number: int) -> date:
    """Return the working day so many working days after the day, which itself does not count."""
    return rules.add_working_days(snapshot().calendar, day, number)


def working_hours(day: date) -> list[tuple[datetime, datetime]]:
    """Return the worked stretches of a day as aware moments, end excluded; none on a day off."""
    return rules.working_hours(snapshot().calendar, day, city_time_zone())


def working_deadline(
    start: datetime, *, days: int | None = None, hours: int | Decimal | None = None
) -> datetime:
    """Return when a term ends: the close of its last working day, or after so many working hours.

    Exactly one of `days` and `hours` is given; `start` is aware.
    """
    if start.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    calendar, zone = snapshot().calendar, city_time_zone()
    if days is not None and hours is None:
        return rules.end_of_working_days(calendar, start, days, zone)
    if hours is not None and days is None:
        amount = timedelta(seconds=int(Decimal(hours) * 3600))
        return rules.end_of_working_time(calendar, start, amount, zone)
    raise ValueError("a term is given in days or in hours")


def working_time_between(start: datetime, end: datetime) -> timedelta:
    """Return how much working time lies between two aware moments."""
    return rules.working_time_between(snapshot().calendar, start, end, city_time_zone())


# Pack -----------------------------------------------------------------------------------------------------
def load_pack(pack_dir: Path, *, actor: str, on: date | None = None) -> None:
    """Bring units, territories and the calendar to what the pack says; doing it twice changes nothing.

    A change that the pack gives no date takes effect on the day `on` (today): what was before stays as it
    was. Raises Refusals with file, line and field, and then has written nothing.
    """
    from shaar.city.services import load

    load(pack_dir, actor=actor, on=on)


# Inside ---------------------------------------------------------------------------------------------------
def _unit_view(held: Held) -> UnitView:
    return UnitView(
        held.code, held.kind, held.name, held.short, held.parent, held.valid.first, held.valid.last
    )


def _territory_views(held: list[Held], *, with_geometry: bool) -> list[TerritoryView]:
    views = [
        TerritoryView(
            code=item.code,
            kind=item.kind,
            name=item.name,
            short=item.short,
            parent=item.parent,
            is_approximate=item.is_approximate,
            has_geometry=item.has_geometry,
            valid_from=item.valid.first,
            valid_to=item.valid.last,
        )
        for item in held
    ]
    if not with_geometry:
        return views
    from shaar.city.geometry import geometries

    drawn = geometries(item.version_id for item in held)
    pairs = zip(held, views, strict=True)
    return [replace(view, geometry=drawn.get(item.version_id)) for item, view in pairs]


def _chosen(register: Holding, on: date, kind: str | None, under: str | None, unknown: Any) -> list[Held]:
    allowed = None if under is None else _subtree(register, under, on, unknown)
    chosen = [
        held
        for held in register.on(on).values()
        if (kind is None or held.kind == kind) and (allowed is None or held.code in allowed)
    ]
    return sorted(chosen, key=_by_name)


def _subtree(register: Holding, code: str, on: date, unknown: Any) -> frozenset[str]:
    if register.at(code, on) is None:
        raise unknown(code)
    children = register.children(on)
    return rules.descendants(code, lambda parent: children.get(parent, ()))


def _find(register: Holding, text: str, on: date, lang: str | None) -> list[Held]:
    """Find by the exact name first, then by one written without Kyrgyz letters."""
    for key in (rules.search_key, rules.loose_key):
        wanted = key(text)
        names = [(code, name) for code, spoken, name in _names(register, on) if _speaks(lang, spoken)]
        codes = {code for code, name in names if key(name) == wanted}
        if codes:
            present = register.on(on)
            return [present[code] for code in sorted(codes)]
    return []


def _search(register: Holding, text: str, on: date) -> list[Held]:
    wanted = rules.loose_key(text)
    if not wanted:
        return []
    present = register.on(on)
    codes = {code for code, _lang, name in _names(register, on) if wanted in rules.loose_key(name)}
    return sorted((present[code] for code in codes), key=_by_name)


def _names(register: Holding, on: date) -> list[tuple[str, str, str]]:
    present = register.on(on)
    found = [
        (held.code, lang, name)
        for held in present.values()
        for text in (held.name, held.short)
        for lang, name in (("ru", text.ru), ("ky", text.ky), ("en", text.en))
        if name
    ]
    found += [
        (alias.code, alias.language, alias.text)
        for alias in register.aliases
        if alias.code in present and alias.valid.contains(on)
    ]
    return found


def _speaks(wanted: str | None, language: str) -> bool:
    return wanted is None or wanted[:2] == language


def _by_name(held: Held) -> tuple[str, str]:
    return (sort_key(held.name.ru), held.code)


def _ids(register: Holding, codes: Iterable[str], unknown: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in codes:
        if code not in register.ids:
            raise unknown(code)
        found[code] = register.ids[code]
    return found


def _unknown_unit(code: str) -> Refusal:
    return Refusal("unknown_unit", str(_("There is no unit «%(code)s».")) % {"code": code})


def _unknown_territory(code: str) -> Refusal:
    return Refusal("unknown_territory", str(_("There is no territory «%(code)s».")) % {"code": code})
