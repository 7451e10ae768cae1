"""Validates and loads the indicators of a city pack."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from pydantic import BaseModel

from shaar.indicators import checks, packfiles, schema
from shaar.indicators.catalogue import forget
from shaar.indicators.editing import KEEP_FINDINGS, digest, locked_stamp
from shaar.indicators.known import known_of
from shaar.indicators.models import CatalogueStamp, Indicator, Origin, PackDocument, PassportVersion
from shaar.kernel import clock
from shaar.kernel.errors import Refusal, refuse_all
from shaar.kernel.jobs import defer


def check(pack: Path) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the indicators of a pack, with its place."""
    contents = packfiles.read(pack)
    for problem in problems_of(contents):
        yield str(problem)


def problems_of(contents: packfiles.PackContents) -> list[Refusal]:
    """Return everything that is wrong with the indicators of a pack."""
    return checks.Checker(contents, known_of(contents.pack)).run()


def load_pack(pack_dir: Path, *, actor: str) -> None:
    """Take the pack's passports, classifiers and rules over; what changed becomes a new version.

    Raises Refusals that name every mistake by file, line and field, and then changes nothing.
    """
    contents = packfiles.read(pack_dir)
    refuse_all(problems_of(contents))
    at = clock.now()
    with transaction.atomic():
        stamp = locked_stamp()
        changed = _store_documents(contents, actor=actor, at=at)
        changed += _store_passports(contents, actor=actor, at=at)
        if changed:
            CatalogueStamp.objects.filter(pk=stamp.pk).update(number=F("number") + 1)
            defer(KEEP_FINDINGS)
    forget()


def _store_documents(contents: packfiles.PackContents, *, actor: str, at: datetime) -> int:
    files: Mapping[str, BaseModel] = {
        packfiles.SECTIONS: schema.SectionsFile(sections=contents.sections),
        packfiles.MEASURES: schema.MeasuresFile(units=contents.measures),
        packfiles.OBJECTS: schema.ObjectsFile(objects=contents.objects, actions=contents.actions),
        packfiles.RULES: schema.RulesFile(rules=contents.rules),
        packfiles.DIMENSIONS: schema.DimensionsFile(dimensions=contents.dimensions),
    }
    current = {row.name: row for row in PackDocument.objects.filter(is_current=True)}
    given = _last_given(PackDocument, "name")
    changed = 0
    for name, model in files.items():
        document = model.model_dump(mode="json", by_alias=True)
        before = current.get(name)
        if before and digest(document) in {before.digest, given.get(name)}:
            continue
        number = before.number + 1 if before else 1
        PackDocument.objects.filter(name=name, is_current=True).update(is_current=False)
        PackDocument.objects.create(
            name=name,
            number=number,
            document=document,
            digest=digest(document),
            recorded_at=at,
            recorded_by=actor,
        )
        changed += 1
    return changed


def _store_passports(contents: packfiles.PackContents, *, actor: str, at: datetime) -> int:
    documents = {
        one.model.code: one.model.model_dump(mode="json", by_alias=True) for one in contents.indicators
    }
    Indicator.objects.bulk_create((Indicator(code=code) for code in documents), ignore_conflicts=True)
    ids = dict(Indicator.objects.values_list("code", "id"))
    latest = {
        row.indicator_id: row
        for row in PassportVersion.objects.order_by("indicator_id", "-number").distinct("indicator_id")
    }
    given = _last_given(PassportVersion, "indicator_id")
    new: list[PassportVersion] = []
    replaced: list[int] = []
    moved: list[PassportVersion] = []
    for position, (code, document) in enumerate(documents.items()):
        before = latest.pop(ids[code], None)
        if before and before.is_current and digest(document) in {before.digest, given.get(ids[code])}:
            if before.position != position:
                before.position = position
                moved.append(before)
            continue
        if before:
            replaced.append(before.pk)
        version = PassportVersion(
            indicator_id=ids[code], number=before.number + 1 if before else 1, document=document
        )
        version.digest, version.position = digest(document), position
        version.recorded_at, version.recorded_by = at, actor
        new.append(version)
    retired = [row.pk for row in latest.values() if row.is_current]
    PassportVersion.objects.filter(pk__in=replaced + retired).update(is_current=False)
    PassportVersion.objects.bulk_update(moved, ["position"])
    PassportVersion.objects.bulk_create(new)
    return len(new) + len(retired) + len(moved)


def _last_given(model: type[PassportVersion] | type[PackDocument], key: str) -> dict[Any, str]:
    """Return what the pack said last: where it says so still, what was changed on a page stays in force."""
    rows = model.objects.filter(origin=Origin.PACK).order_by(key, "-number").distinct(key)
    return dict(rows.values_list(key, "digest"))
