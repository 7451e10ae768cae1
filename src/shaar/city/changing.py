"""Changes of units and territories by hand, each from a day: what was before stays as it was.

Whatever is changed here is looked after here from then on; loading the pack leaves it alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

import pghistory
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from shaar.city.models import Alias, TerritoryKind, UnitKind
from shaar.city.rules import Range
from shaar.city.services import LOAD_LOCK, TERRITORIES, UNITS, Kind, days, texts
from shaar.city.snapshot import range_of
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text

Register: TypeAlias = Literal["unit", "territory"]
KINDS: dict[Register, Kind] = {"unit": UNITS, "territory": TERRITORIES}
CHOICES: dict[Register, Sequence[str]] = {"unit": UnitKind.values, "territory": TerritoryKind.values}
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Described:
    """What may be said of a unit or territory."""

    kind: str
    name: Text
    short: Text
    parent: str | None


@dataclass(frozen=True, slots=True)
class VersionView:
    """What a unit or territory was over a range of days, both included."""

    described: Described
    valid: Range


def history(register: Register, code: str) -> list[VersionView]:
    """Return all that a unit or territory was, the earliest first; Refusal `unknown_code`."""
    kind = KINDS[register]
    rows = kind.version.objects.filter(**{f"{kind.name}__code": code}).select_related("parent")
    found = [VersionView(_described(row), range_of(row.valid)) for row in rows]
    if not found:
        raise _unknown(code)
    return sorted(found, key=lambda view: view.valid.first or date.min)


def is_local(register: Register, code: str) -> bool:
    """Tell whether a unit or territory is looked after here rather than by the pack."""
    return bool(KINDS[register].owner.objects.filter(code=code, is_local=True).exists())


def create(register: Register, code: str, wanted: Described, *, first: date | None, actor: str) -> None:
    """Add a unit or territory from a day; Refusals `code_taken`, `name_missing`, `unknown_parent`."""
    kind = KINDS[register]
    _check(register, wanted)
    with _changing(actor):
        if kind.owner.objects.filter(code=code).exists():
            raise Refusal("code_taken", _("There is one with this code already; codes are for ever."))
        parent = _parent(kind, wanted.parent, Range(first, None))
        owner = kind.owner.objects.create(code=code, is_local=True)
        _open(kind, owner, wanted, parent, Range(first, None))


def change(register: Register, code: str, wanted: Described, *, first: date, actor: str) -> None:
    """Say what a unit or territory is from a day on; until the day before it stays what it was.

    Refusals `unknown_code`, `breaks_history` for a day before the last change, `circle`, `unknown_parent`,
    `name_missing`, `nothing_changed`.
    """
    kind = KINDS[register]
    _check(register, wanted)
    with _changing(actor):
        owner, last = _last(kind, code)
        held = range_of(last.valid)
        if held.last is not None and held.last < first:
            raise Refusal("ended", _("It has ended before this day."))
        if held.first is not None and first < held.first:
            raise _breaks_history()
        if _described(last) == wanted:
            raise Refusal("nothing_changed", _("Nothing is different from what it is now."))
        parent = _parent(kind, wanted.parent, Range(first, held.last))
        _check_no_circle(kind, owner, parent, first)
        shape = {name: getattr(last, name) for name in ("geometry", "is_approximate") if kind.has_shapes}
        if held.first == first:
            last.delete()
        else:
            _close(last, first - A_DAY)
        _open(kind, owner, wanted, parent, Range(first, held.last), **shape)
        _keep_here(owner)


def end(register: Register, code: str, *, last: date, actor: str) -> None:
    """Let a unit or territory end with a day.

    Refusals `unknown_code`, `breaks_history`, and `has_children` while something stands under it afterwards.
    """
    kind = KINDS[register]
    with _changing(actor):
        owner, version = _last(kind, code)
        held = range_of(version.valid)
        if (held.first is not None and last < held.first) or (held.last is not None and held.last < last):
            raise _breaks_history()
        children = _children(kind, owner, last + A_DAY)
        if children:
            named = ", ".join(sorted(row.name_ru for row in children)[:5])
            message = str(_("Something stands under it afterwards: %(names)s. Move that first."))
            raise Refusal("has_children", message % {"names": named})
        _close(version, last)
        _keep_here(owner)


def merge(register: Register, codes: Sequence[str], into: str, *, first: date, actor: str) -> None:
    """Let units or territories end the day before and another take their place, children and names.

    Refusals as for `end`, `nothing_to_merge`, `circle` when the other stands under one that ends.
    """
    kind = KINDS[register]
    if not codes or into in codes:
        raise Refusal("nothing_to_merge", _("Choose one or more that go into another one."))
    with _changing(actor):
        target, version = _last(kind, into)
        if not range_of(version.valid).contains(first):
            raise _breaks_history()
        for code in codes:
            owner, last = _last(kind, code)
            _check_no_circle(kind, owner, target, first)
            _move_children(kind, owner, target, first)
            _add_alias(kind, target, last, first)
            end(register, code, last=first - A_DAY, actor=actor)
        _keep_here(target)


# Inside -----------------------------------------------------------------------------------------------------
@contextmanager
def _changing(actor: str) -> Iterator[None]:
    """Change the city alone, with who does it in the audit."""
    with transaction.atomic(), pghistory.context(actor=actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])
        yield


def _check(register: Register, wanted: Described) -> None:
    if not wanted.name.ru.strip():
        raise Refusal("name_missing", _("The name in Russian is missing."))
    if wanted.kind not in CHOICES[register]:
        raise Refusal("bad_kind", _("There is no such kind."))


def _described(row: Any) -> Described:
    return Described(
        kind=row.kind,
        name=Text(row.name_ru, row.name_ky, row.name_en),
        short=Text(row.short_ru, row.short_ky, row.short_en),
        parent=row.parent.code if row.parent else None,
    )


def _last(kind: Kind, code: str) -> tuple[Any, Any]:
    """Return the owner of a code and its last version."""
    owner = kind.owner.objects.filter(code=code).first()
    rows = list(kind.version.objects.filter(**{kind.name: owner}).select_related("parent")) if owner else []
    if not rows:
        raise _unknown(code)
    return owner, max(rows, key=lambda row: row.valid.lower or date.min)


def _parent(kind: Kind, code: str | None, valid: Range) -> Any:
    """Return the parent of a code, which must stand from the first of the days on."""
    if code is None:
        return None
    parent = kind.owner.objects.filter(code=code).first()
    versions = kind.version.objects.filter(**{kind.name: parent})
    held = [range_of(row.valid) for row in versions] if parent else []
    begins = valid.first is None or any(one.contains(valid.first) for one in held)
    reaches = any(one.last is None or (valid.last is not None and valid.last <= one.last) for one in held)
    if not (held and begins and reaches):
        raise Refusal("unknown_parent", _("What it belongs to does not stand on all of these days."))
    return parent


def _check_no_circle(kind: Kind, owner: Any, parent: Any, on: date) -> None:
    """Refuse a parent that is the unit itself or stands under it on the day."""
    above = parent
    while above is not None:
        if above.pk == owner.pk:
            raise Refusal("circle", _("It cannot belong to itself or to what stands under it."))
        versions = kind.version.objects.filter(**{kind.name: above}, valid__contains=on)
        row = versions.select_related("parent").first()
        above = row.parent if row else None


def _children(kind: Kind, owner: Any, since: date) -> list[Any]:
    """Return the versions under a unit that hold on a day or later."""
    return list(kind.version.objects.filter(parent=owner, valid__overlap=DateRange(since, None)))


def _move_children(kind: Kind, owner: Any, target: Any, first: date) -> None:
    for row in _children(kind, owner, first):
        held = range_of(row.valid)
        if held.first is None or held.first < first:
            shape = {name: getattr(row, name) for name in ("geometry", "is_approximate") if kind.has_shapes}
            child = getattr(row, kind.name)
            _close(row, first - A_DAY)
            wanted = replace(_described(row), parent=target.code)
            _open(kind, child, wanted, target, Range(first, held.last), **shape)
        else:
            row.parent = target
            row.save(update_fields=["parent"])
        _keep_here(getattr(row, kind.name))


def _add_alias(kind: Kind, target: Any, last: Any, first: date) -> None:
    """Let the other be found by the name of what went into it."""
    for language in ("ru", "ky", "en"):
        text = getattr(last, f"name_{language}")
        if text:
            given = {kind.name: target, "language": language, "text": text}
            Alias.objects.create(**given, valid=DateRange(first, None))


def _open(kind: Kind, owner: Any, wanted: Described, parent: Any, valid: Range, **shape: Any) -> None:
    kind.version.objects.create(
        **{kind.name: owner},
        **shape,
        **texts("name", wanted.name),
        **texts("short", wanted.short),
        kind=wanted.kind,
        parent=parent,
        valid=days(valid),
    )


def _close(row: Any, last: date) -> None:
    row.valid = DateRange(row.valid.lower, last + A_DAY)
    row.save(update_fields=["valid"])


def _keep_here(owner: Any) -> None:
    if not owner.is_local:
        owner.is_local = True
        owner.save(update_fields=["is_local"])


def _unknown(code: str) -> Refusal:
    return Refusal("unknown_code", str(_("There is nothing with the code «%(code)s».")) % {"code": code})


def _breaks_history() -> Refusal:
    return Refusal("breaks_history", _("This would change what was so before its last change."))
