"""The city's part of a pack: units.yaml, territories.yaml, calendar.yaml and geo/*.geojson."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from shaar.city.geometry import wkb_of
from shaar.city.models import TerritoryKind, UnitKind
from shaar.city.rules import MINUTES_A_DAY, Range, Span
from shaar.city.timeline import Dated, State, overlapping
from shaar.kernel.errors import Message, Place, Refusal, refuse_all
from shaar.kernel.texts import Text
from shaar.kernel.yamlfile import Code, Lines, Names, PackModel, load, place, read

Weekday = Annotated[int, Field(ge=1, le=7)]
Hours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
NOTHING = Text("")


class Validity(PackModel):
    """First and last day, both included; null is without end."""

    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Validity":
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    @property
    def range(self) -> Range:
        """Return the days as a range."""
        return Range(self.valid_from, self.valid_to)


class VersionItem(Validity):
    """What differs from the item itself over a range of days."""

    kind: str | None = None
    name: Names | None = None
    short: Names | None = None
    parent: Code | None = None


class Item(Validity):
    """A unit or a territory; `versions`, where given, tell its whole history."""

    code: Code
    kind: str
    name: Names
    short: Names | None = None
    parent: Code | None = None
    aliases: Mapping[Literal["ru", "ky", "en"], Sequence[Annotated[str, Field(min_length=1)]]] = {}
    versions: Sequence[VersionItem] = ()
    source: Mapping[str, str | int | None] | None = None
    note: Names | None = None


class UnitsFile(PackModel):
    """units.yaml."""

    units: Sequence[Item]


class TerritoriesFile(PackModel):
    """territories.yaml."""

    territories: Sequence[Item]


class WeekItem(Validity):
    """The hours of some days of the week."""

    weekdays: Sequence[Weekday]
    hours: Sequence[Hours]
    assumed: bool = False


class HolidayItem(Validity):
    """A day of the year on which nobody works."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]
    name: Names


class DayItem(PackModel):
    """A single day that departs from the week."""

    day: date
    working: bool
    like_weekday: Weekday | None = None
    name: Names
    estimated: bool = False

    @model_validator(mode="after")
    def _a_working_one_has_hours(self) -> "DayItem":
        if self.working != (self.like_weekday is not None):
            raise ValueError("a working day names like_weekday, a day off does not")
        return self


class CalendarFile(PackModel):
    """calendar.yaml."""

    working_week: Sequence[WeekItem]
    holidays: Sequence[HolidayItem] = ()
    days: Sequence[DayItem] = ()
    source: Mapping[str, str | int | None] | None = None


@dataclass(frozen=True)
class Wanted:
    """What the pack says of one unit or territory."""

    code: str
    timeline: Sequence[Dated]
    is_dated: bool
    aliases: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class CityPack:
    """The city's part of a pack, read and found right."""

    units: Sequence[Wanted]
    territories: Sequence[Wanted]
    calendar: CalendarFile


@dataclass
class _Reading:
    """One pack file with the mistakes found in it after its shape was found right."""

    path: Path
    lines: Lines
    problems: list[Refusal] = field(default_factory=list)

    def object(self, code: str, message: Message, *keys: str | int) -> None:
        """Note a mistake at a path into the file."""
        self.problems.append(Refusal(code, message, place=place(self.path, self.lines, *keys)))


def read_pack(pack_dir: Path) -> CityPack:
    """Read the city's files; raise Refusals that name file, line and field of everything wrong."""
    problems: list[Refusal] = []
    found: dict[str, Any] = {}
    parts: dict[str, Callable[[], Any]] = {
        "units": lambda: _wanted(pack_dir / "units.yaml", UnitsFile, "units", UnitKind.values, {}),
        "territories": lambda: _read_territories(pack_dir),
        "calendar": lambda: _read_calendar(pack_dir / "calendar.yaml"),
    }
    for name, part in parts.items():
        try:
            found[name] = part()
        except Refusal as refusal:
            problems.extend(refusal.problems)
    refuse_all(problems)
    return CityPack(**found)


def check(pack: Path) -> Iterable[str]:
    """Return a line for each thing that is wrong in the city's part of a pack."""
    try:
        read_pack(pack)
    except Refusal as refusal:
        return [str(problem) for problem in refusal.problems]
    return []


def spans_of(hours: Sequence[str]) -> list[Span]:
    """Return «09:00-12:30» as minutes from midnight."""
    bounds = (text.split("-") for text in hours)
    return [(_minutes(first), _minutes(last)) for first, last in bounds]


def _minutes(text: str) -> int:
    if text == "24:00":
        return MINUTES_A_DAY
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute


# Units and territories ------------------------------------------------------------------------------------
def _read_territories(pack_dir: Path) -> list[Wanted]:
    path = pack_dir / "territories.yaml"
    shapes = _shapes(pack_dir / "geo")
    wanted = _wanted(path, TerritoriesFile, "territories", TerritoryKind.values, shapes)
    strangers = sorted(set(shapes) - {item.code for item in wanted})
    refuse_all([_stranger(code, pack_dir / "geo") for code in strangers])
    return wanted


def _stranger(code: str, directory: Path) -> Refusal:
    message = str(_("A shape carries the code «%(code)s», which no territory has.")) % {"code": code}
    return Refusal("unknown_territory", message, place=Place(file=str(directory)))


def _wanted(
    path: Path,
    model: type[UnitsFile] | type[TerritoriesFile],
    key: str,
    kinds: Sequence[str],
    shapes: Mapping[str, tuple[bytes, bool]],
) -> list[Wanted]:
    items: Sequence[Item] = getattr(load(path, model), key)
    reading = _Reading(path, read(path)[1])
    codes = [item.code for item in items]
    for index, item in enumerate(items):
        if item.code in codes[:index]:
            reading.object("repeated_code", _("This code stands twice."), key, index, "code")
        _check_kinds(reading, (key, index), item, kinds)
        _check_parents(reading, (key, index), item, set(codes))
    _check_circles(reading, key, items)
    wanted = [_one(item, shapes) for item in items]
    for index, one in enumerate(wanted):
        if overlapping(one.timeline):
            reading.object("overlapping_versions", _("Two versions share a day."), key, index, "versions")
    refuse_all(reading.problems)
    return wanted


def _one(item: Item, shapes: Mapping[str, tuple[bytes, bool]]) -> Wanted:
    geometry, is_approximate = shapes.get(item.code, (None, True))
    states = [
        Dated(
            version.range,
            State(
                kind=version.kind or item.kind,
                name=version.name or item.name,
                short=version.short or item.short or NOTHING,
                parent=version.parent if "parent" in version.model_fields_set else item.parent,
                geometry=geometry,
                is_approximate=is_approximate,
            ),
        )
        for version in item.versions or (VersionItem(valid_from=item.valid_from, valid_to=item.valid_to),)
    ]
    aliases = frozenset((language, text) for language, texts in item.aliases.items() for text in texts)
    ordered = sorted(states, key=lambda dated: dated.valid.first or date.min)
    return Wanted(item.code, ordered, is_dated=bool(item.versions), aliases=aliases)


def _claims(keys: tuple[str, int], item: Item, name: str) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Yield a field of an item and of its versions, each with its path into the file."""
    yield (*keys, name), getattr(item, name)
    for index, version in enumerate(item.versions):
        yield (*keys, "versions", index, name), getattr(version, name)


def _check_kinds(reading: _Reading, keys: tuple[str, int], item: Item, kinds: Sequence[str]) -> None:
    for path, kind in _claims(keys, item, "kind"):
        if kind is not None and kind not in kinds:
            message = str(_("There is no kind «%(kind)s»; known: %(kinds)s."))
            reading.object("unknown_kind", message % {"kind": kind, "kinds": ", ".join(kinds)}, *path)


def _check_parents(reading: _Reading, keys: tuple[str, int], item: Item, codes: set[str]) -> None:
    for path, parent in _claims(keys, item, "parent"):
        if parent is not None and parent not in codes:
            message = str(_("No entry of this file has the code «%(code)s».")) % {"code": parent}
            reading.object("unknown_parent", message, *path)


def _check_circles(reading: _Reading, key: str, items: Sequence[Item]) -> None:
    parents = {item.code: item.parent for item in items}
    for index, item in enumerate(items):
        seen: set[str] = set()
        code: str | None = item.code
        while code is not None and code not in seen:
            seen.add(code)
            code = parents.get(code)
        if code == item.code:
            reading.object("circle", _("This entry is under itself."), key, index, "parent")


# Shapes ---------------------------------------------------------------------------------------------------
def _shapes(directory: Path) -> dict[str, tuple[bytes, bool]]:
    """Return WKB and «approximate» by territory code, over all feature collections of a directory."""
    found: dict[str, tuple[bytes, bool]] = {}
    problems: list[Refusal] = []
    for path in sorted(directory.glob("*.geojson")):
        for index, feature in enumerate(_features(path)):
            where = Place(file=str(path), field=f"features[{index}]")
            try:
                properties = feature["properties"]
                found[properties["code"]] = (
                    wkb_of(feature["geometry"]),
                    bool(properties.get("approximate", True)),
                )
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                message = str(_("This shape cannot be read: %(problem)s.")) % {"problem": error}
                problems.append(Refusal("broken_geometry", message, place=where))
    refuse_all(problems)
    return found


def _features(path: Path) -> list[Any]:
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        if not isinstance(features, list):
            raise TypeError("features is not a list")
    except (ValueError, KeyError, TypeError) as error:
        message = str(_("This is not a GeoJSON feature collection: %(problem)s.")) % {"problem": error}
        raise Refusal("broken_geojson", message, place=Place(file=str(path))) from error
    return features


# Calendar -------------------------------------------------------------------------------------------------
def _read_calendar(path: Path) -> CalendarFile:
    calendar = load(path, CalendarFile)
    reading = _Reading(path, read(path)[1])
    seen: set[date] = set()
    for index, item in enumerate(calendar.days):
        if item.day in seen:
            reading.object("repeated_day", _("This day stands twice."), "days", index, "day")
        seen.add(item.day)
    for index, week in enumerate(calendar.working_week):
        spans = sorted(spans_of(week.hours))
        is_backwards = any(first >= last for first, last in spans)
        if is_backwards or any(b[0] < a[1] for a, b in pairwise(spans)):
            message = _("These hours overlap or end before they begin.")
            reading.object("broken_hours", message, "working_week", index, "hours")
    refuse_all(reading.problems)
    return calendar
