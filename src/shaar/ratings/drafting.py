"""A regulation brought as a file: checked, compared with the version in force, kept as the next one."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from django.utils.translation import gettext as _

from shaar.access.api import Actor, check
from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel.errors import Place, Refusal, Refusals, refuse_all
from shaar.kernel.texts import LANGUAGES, Text
from shaar.ratings import models, regulation
from shaar.ratings.pack import keep
from shaar.ratings.permissions import REGULATE

NAME = "regulation.yaml"
LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs from the version before: where it stands, what it was, what it is."""

    field: str
    was: str
    now: str


def read(content: bytes) -> regulation.Regulation:
    """Return the regulation of a YAML file; raise Refusals with line and field for all that is wrong."""
    if len(content) > LARGEST:
        raise Refusal("file_too_large", _("The file is larger than 1 MB."))
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(content)
        try:
            found = regulation.read_file(path)
            units = {one.code for one in city.units(on=found.valid_from)}
            known = {passport.code for passport in indicators.passports()}
            refuse_all(list(regulation.faults(found, path, units=units, indicators=known)))
        except (Refusal, Refusals) as refusal:
            raise Refusals(_without_folder(one) for one in refusal.problems) from refusal
    return found


def _without_folder(problem: Refusal) -> Refusal:
    place = problem.place
    line = Place(line=place.line, field=place.field) if place else None
    return Refusal(problem.code, problem.message, place=line)


def record(content: bytes, *, actor: Actor) -> models.Regulation:
    """Keep a regulation as the newest version of its code; raise Refusals for all that is wrong."""
    check(actor, REGULATE)
    found = read(content)
    newest = newest_of(found.code)
    if newest is not None and newest.declared == found:
        raise Refusal("nothing_changed", _("Nothing differs from the newest version."))
    if newest is not None and found.valid_from < newest.valid_from:
        raise Refusal("earlier", _("The version before is in force from a later day."))
    return keep(found, actor=actor.key)


def newest_of(code: str) -> models.Regulation | None:
    """Return the newest version of a regulation, if there is one."""
    return models.Regulation.objects.filter(code=code).order_by("-version").first()


def changes(old: regulation.Regulation | None, new: regulation.Regulation) -> list[Change]:
    """Return what differs from the version before, field by field; all of it where there is none."""
    was = dict(_fields(old.model_dump(mode="json"))) if old is not None else {}
    now = dict(_fields(new.model_dump(mode="json")))
    fields = [*now, *(field for field in was if field not in now)]
    return [
        Change(field, was.get(field, ""), now.get(field, ""))
        for field in fields
        if was.get(field, "") != now.get(field, "")
    ]


def _fields(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield the plain values of a document; items that have a code are named by it, not by their number."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _fields(one, f"{field}.{key}" if field else str(key))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for number, one in enumerate(value):
            yield from _fields(one, f"{field}[{one.get('code', number)}]")
    elif isinstance(value, list):
        yield field, ", ".join(str(one) for one in value)
    elif value is not None:
        yield field, str(value)


def as_file(found: regulation.Regulation) -> str:
    """Return a regulation as the file it can be brought back as."""
    document = _plain(found.model_dump(exclude_defaults=True))
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)


def _plain(value: Any) -> Any:
    """Return a document of what a YAML file can hold; a number stays what it is."""
    if isinstance(value, Text):
        return {code: value.of(code) for code in LANGUAGES if value.of(code)}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
