"""The pack files of indicators as pydantic models: passports, sections, classifiers, measures and rules."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from shaar.indicators.passports import Good, Kind, Role, Take
from shaar.kernel.periods import PeriodKind
from shaar.kernel.yamlfile import Code, Names, PackModel

IndicatorCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=120)]
Row = Annotated[str, Field(pattern=r"^[A-Z]\d{2,3}$")]
FactName = Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+\.v\d+$")]
FormulaText = Annotated[str, Field(min_length=1, max_length=2000)]


def _as_text(value: object) -> object:
    """Let a factor be written as a number: 1000 or 0.001."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Factor = Annotated[Decimal, BeforeValidator(_as_text), Field(gt=0)]


class SourceModel(PackModel):
    """Where a value comes from: facts of one type, or a formula over other indicators."""

    fact: FactName | None = None
    where: Mapping[str, str] = {}
    take: Take | None = None
    formula: FormulaText | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "SourceModel":
        if (self.fact is None) == (self.formula is None):
            raise ValueError("a source names either a fact type or a formula")
        if self.formula is not None and (self.where or self.take):
            raise ValueError("a formula takes no where and no take")
        return self


class CalendarModel(PackModel):
    """How often a value is collected and when it is due."""

    every: PeriodKind
    due_working_days: Annotated[int, Field(ge=0, le=366)] = 10


class PartsModel(PackModel):
    """What an indicator consists of: `complete` parts sum to it, `covers` need not."""

    complete: tuple[IndicatorCode, ...] = ()
    covers: tuple[IndicatorCode, ...] = ()


class ContinuityModel(PackModel):
    """The flows that carry a stock from one period to the next."""

    added: tuple[IndicatorCode, ...] = ()
    removed: tuple[IndicatorCode, ...] = ()


class NounModel(PackModel):
    """The counted noun of one language, in the nominative singular."""

    noun: Annotated[str, Field(min_length=1, max_length=120)]


class WritingModel(PackModel):
    """How a value is written in each language."""

    ru: NounModel | None = None
    ky: NounModel | None = None
    en: NounModel | None = None


class IndicatorModel(PackModel):
    """One passport as the pack declares it."""

    code: IndicatorCode
    row: Row | None = None
    name: Names
    section: Code
    measure: Code
    kind: Kind
    good: Good = Good.NONE
    source: SourceModel
    owner: Code
    calendar: CalendarModel | None = None
    object: Code | None = None
    action: Code | None = None
    role: Role = Role.FACT
    parts: PartsModel = PartsModel()
    continuity: ContinuityModel = ContinuityModel()
    expected: FormulaText | None = None
    plan: IndicatorCode | None = None
    precision: Annotated[int, Field(ge=0, le=12)] | None = None
    writing: WritingModel = WritingModel()
    legal_basis: Code | None = None
    note: Names | None = None


class IndicatorsFile(PackModel):
    """indicators/*.yaml."""

    indicators: tuple[IndicatorModel, ...]


class SectionModel(PackModel):
    """One heading."""

    code: Code
    direction: Annotated[int, Field(ge=0, le=99)] = 0
    name: Names


class SectionsFile(PackModel):
    """sections.yaml."""

    sections: tuple[SectionModel, ...]


class MeasureModel(PackModel):
    """One unit of measure."""

    code: Code
    symbol: Names
    forms: Mapping[Literal["ru", "ky", "en"], Mapping[Literal["one", "few", "many"], str]] = {}
    dimension: Code
    factor: Factor = Decimal(1)
    counts_as: Code | None = None


class MeasuresFile(PackModel):
    """units-of-measure.yaml."""

    units: tuple[MeasureModel, ...]


class TermModel(PackModel):
    """One entry of a classifier."""

    code: Code
    name: Names


class ObjectsFile(PackModel):
    """objects.yaml: what is counted, and what was done to it."""

    objects: tuple[TermModel, ...]
    actions: tuple[TermModel, ...] = ()


class DimensionModel(PackModel):
    """One dimension of facts, with the names of its values."""

    code: Code
    name: Names
    values: tuple[TermModel, ...] = ()


class DimensionsFile(PackModel):
    """dimensions.yaml."""

    dimensions: tuple[DimensionModel, ...] = ()


class RuleModel(PackModel):
    """One validation rule that runs, with its severity, exceptions and parameters."""

    rule: Code
    severity: Literal["error", "warning", "notice"] = "warning"
    parameters: Mapping[str, str | int | list[str]] = {}
    except_: Annotated[tuple[IndicatorCode, ...], Field(alias="except")] = ()


class RulesFile(PackModel):
    """rules.yaml."""

    rules: tuple[RuleModel, ...]
