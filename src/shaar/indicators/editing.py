"""Changes passports and rules from their pages: checked like the pack, kept as a version with its reason.

A later loading of the pack leaves such a version in force as long as the pack says what it said before.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from shaar.access.api import Actor, acting, check
from shaar.city import api as city
from shaar.indicators import schema
from shaar.indicators.catalogue import forget
from shaar.indicators.checks import Checker, Known
from shaar.indicators.models import CatalogueStamp, Origin, PackDocument, PassportVersion
from shaar.indicators.packfiles import DIMENSIONS, MEASURES, OBJECTS, RULES, SECTIONS, Declared, PackContents
from shaar.indicators.permissions import CONFIGURE
from shaar.indicators.rules import registered_rules
from shaar.kernel import clock, yamlfile
from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.kernel.jobs import defer
from shaar.search.api import changed

KEEP_FINDINGS = "indicators.keep_findings"
SEARCHED = "indicators.indicator"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a passport as its history tells it."""

    number: int
    document: Mapping[str, Any]
    origin: str
    reason: str
    recorded_at: datetime
    recorded_by: str


def versions(code: str) -> list[Version]:
    """Return the versions of a passport, the newest first; Refusal `unknown_indicator`."""
    rows = PassportVersion.objects.filter(indicator__code=code).order_by("-number")
    found = [
        Version(row.number, row.document, row.origin, row.reason, row.recorded_at, row.recorded_by)
        for row in rows
    ]
    if not found:
        raise _unknown(code)
    return found


def change_passport(
    code: str, change: Callable[[Document], Document], *, reason: str, actor: Actor, at: datetime
) -> int:
    """Write what `change` makes of a passport's declaration as its next version and return its number.

    Raises Refusals `forbidden`, `unknown_indicator`, `nothing_new`, and everything that the check of a pack
    finds, each with the field of the passport as its place; nothing is then changed.
    """
    check(actor, CONFIGURE)
    with transaction.atomic(), acting(actor):
        stamp = locked_stamp()
        rows = list(_current())
        before = next((row for row in rows if row.indicator.code == code), None)
        if before is None:
            raise _unknown(code)
        model = _validated(schema.IndicatorModel, change(dict(before.document)))
        document = model.model_dump(mode="json", by_alias=True)
        if digest(document) == before.digest:
            raise Refusal("nothing_new", _("Nothing was changed."))
        documents = [document if row is before else row.document for row in rows]
        before_it = _problems([row.document for row in rows], _classifiers())
        now = _problems(documents, _classifiers())
        _refuse_new(before_it, now, f"indicators[{documents.index(document)}].")
        PassportVersion.objects.filter(pk=before.pk).update(is_current=False)
        made = PassportVersion.objects.create(
            indicator=before.indicator,
            number=before.number + 1,
            document=document,
            digest=digest(document),
            position=before.position,
            origin=Origin.PAGE,
            reason=reason,
            recorded_at=at,
            recorded_by=actor.key,
        )
        _catalogue_changed(stamp)
        changed(SEARCHED)
    forget()
    return made.number


def change_rules(change: Callable[[Document], Document], *, reason: str, actor: Actor, at: datetime) -> int:
    """Write what `change` makes of the rules as their next version; Refusals as for a passport."""
    check(actor, CONFIGURE)
    with transaction.atomic(), acting(actor):
        stamp = locked_stamp()
        before = PackDocument.objects.filter(name=RULES, is_current=True).first()
        current: Document = before.document if before else {"rules": []}
        document = _validated(schema.RulesFile, change(json.loads(json.dumps(current)))).model_dump(
            mode="json", by_alias=True
        )
        if before is not None and digest(document) == before.digest:
            raise Refusal("nothing_new", _("Nothing was changed."))
        passports = list(PassportVersion.objects.filter(is_current=True).values_list("document", flat=True))
        now = _problems(passports, {**_classifiers(), RULES: document})
        _refuse_new(_problems(passports, _classifiers()), now, "rules[")
        number = before.number + 1 if before else 1
        PackDocument.objects.filter(name=RULES, is_current=True).update(is_current=False)
        PackDocument.objects.create(
            name=RULES,
            number=number,
            document=document,
            digest=digest(document),
            origin=Origin.PAGE,
            reason=reason,
            recorded_at=at,
            recorded_by=actor.key,
        )
        _catalogue_changed(stamp)
    forget()
    return number


def locked_stamp() -> CatalogueStamp:
    """Return the stamp of the catalogue, locked: one change at a time."""
    CatalogueStamp.objects.get_or_create(pk=1)
    return CatalogueStamp.objects.select_for_update().get(pk=1)


def digest(document: Mapping[str, Any]) -> str:
    """Return what differs as soon as a document does."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _current() -> "QuerySet[PassportVersion]":
    return PassportVersion.objects.filter(is_current=True).select_related("indicator").order_by("position")


def _unknown(code: str) -> Refusal:
    return Refusal("unknown_indicator", _("There is no indicator “%(code)s”.") % {"code": code})


def _catalogue_changed(stamp: CatalogueStamp) -> None:
    CatalogueStamp.objects.filter(pk=stamp.pk).update(number=F("number") + 1)
    defer(KEEP_FINDINGS)


def _validated(model: type[BaseModel], document: Document) -> Any:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        refuse_all([yamlfile.refusal(Path(), yamlfile.Lines(), dict(one)) for one in error.errors()])
        raise


def _classifiers() -> dict[str, Any]:
    return dict(PackDocument.objects.filter(is_current=True).values_list("name", "document"))


def _problems(passports: list[Document], documents: Mapping[str, Any]) -> list[Refusal]:
    """Return what the check of a pack finds in these declarations."""
    contents = PackContents(Path())
    contents.indicators = [
        Declared(schema.IndicatorModel.model_validate(one), Path(), yamlfile.Lines(), index)
        for index, one in enumerate(passports)
    ]
    terms = schema.ObjectsFile.model_validate(documents.get(OBJECTS, {"objects": []}))
    contents.sections = schema.SectionsFile.model_validate(documents.get(SECTIONS, {"sections": []})).sections
    contents.measures = schema.MeasuresFile.model_validate(documents.get(MEASURES, {"units": []})).units
    contents.objects, contents.actions = terms.objects, terms.actions
    contents.rules = schema.RulesFile.model_validate(documents.get(RULES, {"rules": []})).rules
    contents.dimensions = schema.DimensionsFile.model_validate(documents.get(DIMENSIONS, {})).dimensions
    units = frozenset(one.code for one in city.units(on=clock.today()))
    return Checker(contents, Known(units=units, rules=frozenset(registered_rules()))).run()


def _refuse_new(before: list[Refusal], now: list[Refusal], start: str) -> None:
    """Raise the problems that were none before; those of what is changed without the way that leads there."""
    known = {(one.code, one.place) for one in before}
    own = []
    for problem in now:
        if (problem.code, problem.place) not in known:
            field = (problem.place.field if problem.place else "") or ""
            own.append(Refusal(problem.code, problem.message, place=Place(field=field.removeprefix(start))))
    refuse_all(own)
