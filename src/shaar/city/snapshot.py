"""The city as this process holds it in memory, read anew whenever the city's tables have changed.

A city has hundreds of units and thousands of territories, asked about all the time and changed a few times a
year. One look at `Revision` tells whether what is held is still true, also after a rollback.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shaar.city import models
from shaar.city.rules import Departure, Feast, Range, Stretch, WorkingCalendar
from shaar.kernel.once import look
from shaar.kernel.texts import Text


@dataclass(frozen=True, slots=True)
class Held:
    """One version of a unit or territory."""

    id: int
    code: str
    kind: str
    name: Text
    short: Text
    parent: str | None
    valid: Range
    is_approximate: bool = False
    has_geometry: bool = False
    version_id: int = 0


@dataclass(frozen=True, slots=True)
class HeldAlias:
    """Another name of a code."""

    code: str
    language: str
    text: str
    valid: Range


@dataclass(frozen=True)
class Register:
    """All units, or all territories."""

    ids: Mapping[str, int]
    codes: Mapping[int, str]
    versions: Mapping[str, Sequence[Held]]
    aliases: Sequence[HeldAlias]

    def on(self, day: date) -> dict[str, Held]:
        """Return what there is on a day, by code."""
        return {v.code: v for versions in self.versions.values() for v in versions if v.valid.contains(day)}

    def at(self, code: str, day: date) -> Held | None:
        """Return one code as it is on a day."""
        return next((v for v in self.versions.get(code, ()) if v.valid.contains(day)), None)

    def children(self, day: date) -> dict[str, list[str]]:
        """Return the codes directly under each code on a day."""
        found: dict[str, list[str]] = defaultdict(list)
        for version in self.on(day).values():
            if version.parent is not None:
                found[version.parent].append(version.code)
        return found


@dataclass(frozen=True)
class Snapshot:
    """The whole city at one revision."""

    number: int | None
    units: Register
    territories: Register
    calendar: WorkingCalendar


_held: Snapshot | None = None


def snapshot() -> Snapshot:
    """Return the city as it stands now; one small query in an operation, and a full read after a change."""
    return look("city", _now)


def _now() -> Snapshot:
    global _held  # noqa: PLW0603 the cache of this process; replaced whole, so that threads see one or the other
    number = models.Revision.objects.values_list("number", flat=True).first()
    held = _held
    if number is None or held is None or held.number != number:
        held = _held = Snapshot(number, _units(), _territories(), _calendar())
    return held


def range_of(value: Any) -> Range:
    """Return a range of the database, whose upper bound is excluded, as first and last day."""
    last = value.upper - timedelta(days=1) if value.upper is not None else None
    return Range(value.lower, last)


def _units() -> Register:
    rows = models.UnitVersion.objects.select_related("unit", "parent")
    held = [_version(row, row.unit, row.parent) for row in rows]
    aliases = models.Alias.objects.filter(unit__isnull=False).values_list(
        "unit__code", "language", "text", "valid"
    )
    return _register(models.Unit.objects.values_list("code", "id"), held, aliases)


def _territories() -> Register:
    rows = (
        models.TerritoryVersion.objects.select_related("territory", "parent")
        .defer("geometry")
        .extra(select={"has_geometry": "geometry IS NOT NULL"})
    )
    held = [
        _version(row, row.territory, row.parent, row.is_approximate, has_geometry=row.has_geometry)
        for row in rows
    ]
    aliases = models.Alias.objects.filter(territory__isnull=False).values_list(
        "territory__code", "language", "text", "valid"
    )
    return _register(models.Territory.objects.values_list("code", "id"), held, aliases)


def _version(
    row: Any, owner: Any, parent: Any, is_approximate: bool = False, *, has_geometry: bool = False
) -> Held:
    return Held(
        id=owner.pk,
        code=owner.code,
        kind=row.kind,
        name=Text(row.name_ru, row.name_ky, row.name_en),
        short=Text(row.short_ru or row.name_ru, row.short_ky or row.name_ky, row.short_en or row.name_en),
        parent=parent.code if parent else None,
        valid=range_of(row.valid),
        is_approximate=is_approximate,
        has_geometry=has_geometry,
        version_id=row.pk,
    )


def _register(ids: Any, held: Sequence[Held], aliases: Any) -> Register:
    versions: dict[str, list[Held]] = defaultdict(list)
    for version in sorted(held, key=lambda item: item.valid.first or date.min):
        versions[version.code].append(version)
    by_code = dict(ids)
    return Register(
        ids=by_code,
        codes={number: code for code, number in by_code.items()},
        versions=dict(versions),
        aliases=[HeldAlias(code, lang, text, range_of(valid)) for code, lang, text, valid in aliases],
    )


def _calendar() -> WorkingCalendar:
    return WorkingCalendar(
        stretches=[
            Stretch(row.weekday, (row.minutes.lower, row.minutes.upper), range_of(row.valid))
            for row in models.WorkingHours.objects.all()
        ],
        feasts=[Feast(row.month, row.day, range_of(row.valid)) for row in models.Holiday.objects.all()],
        exceptions={row.day: Departure(row.like_weekday) for row in models.CalendarDay.objects.all()},
    )
