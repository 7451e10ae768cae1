"""Reads the pack files of indicators and remembers where everything stands in them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from shaar.indicators import schema
from shaar.indicators.schema import IndicatorModel, IndicatorsFile, MeasureModel, RuleModel, SectionModel
from shaar.kernel import yamlfile
from shaar.kernel.errors import Place, Refusal

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Declared:
    """One passport and the place of its declaration."""

    model: IndicatorModel
    path: Path
    lines: yamlfile.Lines
    index: int

    def place(self, *keys: str | int) -> Place:
        """Return the place of a field of the passport."""
        return yamlfile.place(self.path, self.lines, "indicators", self.index, *keys)


@dataclass
class PackContents:
    """All that the pack says about indicators, and the mistakes met while reading it."""

    pack: Path
    indicators: list[Declared] = field(default_factory=list)
    sections: tuple[SectionModel, ...] = ()
    measures: tuple[MeasureModel, ...] = ()
    objects: tuple[schema.TermModel, ...] = ()
    actions: tuple[schema.TermModel, ...] = ()
    rules: tuple[RuleModel, ...] = ()
    dimensions: tuple[schema.DimensionModel, ...] = ()
    lines: dict[str, yamlfile.Lines] = field(default_factory=dict)
    problems: list[Refusal] = field(default_factory=list)

    def place(self, name: str, *keys: str | int) -> Place:
        """Return a place in one of the classifier files."""
        return yamlfile.place(self.pack / name, self.lines.get(name, yamlfile.Lines()), *keys)

    def by_code(self) -> dict[str, Declared]:
        """Return the passports by their code; of doubles, the first."""
        found: dict[str, Declared] = {}
        for declared in self.indicators:
            found.setdefault(declared.model.code, declared)
        return found


SECTIONS, MEASURES, OBJECTS, RULES = "sections.yaml", "units-of-measure.yaml", "objects.yaml", "rules.yaml"
DIMENSIONS = "dimensions.yaml"


def read(pack: Path) -> PackContents:
    """Read every file of indicators in a pack; mistakes are collected, not raised."""
    contents = PackContents(pack)
    if sections := _load(contents, SECTIONS, schema.SectionsFile):
        contents.sections = sections.sections
    if measures := _load(contents, MEASURES, schema.MeasuresFile):
        contents.measures = measures.units
    if objects := _load(contents, OBJECTS, schema.ObjectsFile):
        contents.objects, contents.actions = objects.objects, objects.actions
    if rules := _load(contents, RULES, schema.RulesFile):
        contents.rules = rules.rules
    if (pack / DIMENSIONS).is_file() and (dimensions := _load(contents, DIMENSIONS, schema.DimensionsFile)):
        contents.dimensions = dimensions.dimensions
    for path in sorted((pack / "indicators").glob("*.yaml")):
        contents.indicators.extend(_passports(contents, path))
    return contents


def _load(contents: PackContents, name: str, model: type[ModelT]) -> ModelT | None:
    path = contents.pack / name
    try:
        contents.lines[name] = yamlfile.read(path)[1]
        return yamlfile.load(path, model)
    except Refusal as refusal:
        contents.problems.extend(refusal.problems)
        return None


def _passports(contents: PackContents, path: Path) -> Iterator[Declared]:
    """Yield the passports of a file; a broken passport does not hide the others."""
    try:
        data, lines = yamlfile.read(path)
        declared = yamlfile.load(path, IndicatorsFile).indicators
    except Refusal as refusal:
        contents.problems.extend(refusal.problems)
        return
    del data
    for index, model in enumerate(declared):
        yield Declared(model, path, lines, index)
