"""All current passports, sections, measures and rules, read from the database once per change of the pack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from shaar.indicators import schema
from shaar.indicators.formulas import parse
from shaar.indicators.models import CatalogueStamp, PackDocument, PassportVersion
from shaar.indicators.passports import (
    Calendar,
    FactSource,
    FormulaSource,
    Kind,
    Measure,
    Passport,
    Section,
    Take,
)
from shaar.kernel.errors import Refusal
from shaar.kernel.once import look, look_again
from shaar.kernel.texts import Text

EVERYTHING = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How one rule runs: its severity, the indicators it leaves alone, its parameters."""

    rule: str
    severity: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    except_: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dimension:
    """What splits figures, such as the kind of medals, and the names of its values."""

    name: Text
    values: Mapping[str, Text]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """What the pack declares, in the pack's order; equal to itself alone, so that work on it is kept."""

    number: int
    passports: Mapping[str, Passport]
    sections: Mapping[str, Section]
    measures: Mapping[str, Measure]
    objects: Mapping[str, Text]
    actions: Mapping[str, Text]
    rules: tuple[RuleSetting, ...]
    dimensions: Mapping[str, Dimension] = field(default_factory=dict)

    def passport(self, code: str) -> Passport:
        """Return a passport; raise Refusal `unknown_indicator`."""
        if (found := self.passports.get(code)) is None:
            raise Refusal("unknown_indicator", _("There is no indicator “%(code)s”.") % {"code": code})
        return found

    def measure(self, code: str) -> Measure:
        """Return a unit of measure; raise Refusal `unknown_measure`."""
        if (found := self.measures.get(code)) is None:
            raise Refusal("unknown_measure", _("There is no unit of measure “%(code)s”.") % {"code": code})
        return found

    def direction(self, passport: Passport) -> int:
        """Return the programme's direction under which an indicator stands; 0 for general ones."""
        section = self.sections.get(passport.section)
        return section.direction if section else 0

    @cached_property
    def wholes(self) -> Mapping[str, tuple[str, ...]]:
        """For each indicator, the indicators of which it is a declared part."""
        found: dict[str, list[str]] = {}
        for passport in self.passports.values():
            for part in passport.parts + passport.covered:
                found.setdefault(part, []).append(passport.code)
        return {code: tuple(wholes) for code, wholes in found.items()}

    @cached_property
    def dependents(self) -> Mapping[str, tuple[str, ...]]:
        """For each indicator, the indicators whose formulas name it."""
        found: dict[str, list[str]] = {}
        for passport in self.passports.values():
            for code in passport.references:
                found.setdefault(code, []).append(passport.code)
        return {code: tuple(named) for code, named in found.items()}

    def top(self, code: str) -> str:
        """Return the whole at the top of an indicator's parts tree, or the indicator that is no part."""
        seen = {code}
        while wholes := [whole for whole in self.wholes.get(code, ()) if whole not in seen]:
            code = wholes[0]
            seen.add(code)
        return code


_kept: dict[str, Catalogue] = {}


def catalogue() -> Catalogue:
    """Return the current catalogue; one query in an operation when nothing changed since the last one."""
    return look("indicators.catalogue", _now)


def forget() -> None:
    """Forget what this process keeps, after a loading; and in tests, whose loadings are rolled back."""
    _kept.clear()
    look_again()


def _now() -> Catalogue:
    number = CatalogueStamp.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    kept = _kept.get("now")
    if kept is None or kept.number != number:
        _kept["now"] = kept = _read(number)
    return kept


def passport_of(model: schema.IndicatorModel, version: int = 1) -> Passport:
    """Return the passport that a checked declaration stands for."""
    nouns = {language: getattr(model.writing, language) for language in ("ru", "ky", "en")}
    return Passport(
        code=model.code,
        name=model.name,
        section=model.section,
        measure=model.measure,
        kind=model.kind,
        source=_source(model),
        owner=model.owner,
        good=model.good,
        role=model.role,
        row=model.row or "",
        calendar=Calendar(model.calendar.every, model.calendar.due_working_days) if model.calendar else None,
        object=model.object or "",
        action=model.action or "",
        parts=model.parts.complete,
        covered=model.parts.covers,
        expected=parse(model.expected) if model.expected else None,
        plan=model.plan or "",
        added=model.continuity.added,
        removed=model.continuity.removed,
        precision=model.precision,
        nouns={language: noun.noun for language, noun in nouns.items() if noun},
        legal_basis=model.legal_basis or "",
        note=model.note,
        version=version,
    )


def passport_version(code: str, number: int) -> Passport:
    """Return a passport as it was in one of its versions; raise Refusal `unknown_indicator`."""
    row = PassportVersion.objects.filter(indicator__code=code, number=number).first()
    if row is None:
        message = _("There is no version %(number)d of the indicator “%(code)s”.")
        raise Refusal("unknown_indicator", message % {"code": code, "number": number})
    return passport_of(schema.IndicatorModel.model_validate(row.document), row.number)


def _source(model: schema.IndicatorModel) -> FactSource | FormulaSource:
    source = model.source
    if source.formula is not None:
        return FormulaSource(parse(source.formula))
    take = source.take or (Take.SUM if model.kind is Kind.FLOW else Take.LAST)
    return FactSource(source.fact or "", dict(source.where), take)


def _read(number: int) -> Catalogue:
    rows = PassportVersion.objects.filter(is_current=True).order_by("position")
    documents = dict(PackDocument.objects.filter(is_current=True).values_list("name", "document"))
    models = ((schema.IndicatorModel.model_validate(row.document), row.number) for row in rows)
    return assemble(number, [passport_of(model, version) for model, version in models], documents)


def assemble(number: int, passports: list[Passport], documents: Mapping[str, Any]) -> Catalogue:
    """Return the catalogue of some passports and of the pack's classifier documents."""
    sections = schema.SectionsFile.model_validate(documents.get("sections.yaml", {"sections": []}))
    measures = schema.MeasuresFile.model_validate(documents.get("units-of-measure.yaml", {"units": []}))
    terms = schema.ObjectsFile.model_validate(documents.get("objects.yaml", {"objects": []}))
    rules = schema.RulesFile.model_validate(documents.get("rules.yaml", {"rules": []}))
    dimensions = schema.DimensionsFile.model_validate(documents.get("dimensions.yaml", {}))
    return Catalogue(
        number=number,
        passports={passport.code: passport for passport in passports},
        sections={one.code: Section(one.code, one.direction, one.name) for one in sections.sections},
        measures={one.code: measure_of(one) for one in measures.units},
        objects={one.code: one.name for one in terms.objects},
        actions={one.code: one.name for one in terms.actions},
        rules=tuple(
            RuleSetting(one.rule, one.severity, dict(one.parameters), frozenset(one.except_))
            for one in rules.rules
        ),
        dimensions={
            one.code: Dimension(one.name, {value.code: value.name for value in one.values})
            for one in dimensions.dimensions
        },
    )


def measure_of(model: schema.MeasureModel) -> Measure:
    """Return the unit of measure that a declaration stands for."""
    forms = {
        str(language): {str(form): word for form, word in forms.items()}
        for language, forms in model.forms.items()
    }
    return Measure(model.code, model.symbol, model.dimension, model.factor, forms, model.counts_as)
