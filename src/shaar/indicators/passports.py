"""What an indicator is: its passport, its unit of measure and the classifiers that it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from shaar.indicators.formulas import Formula
from shaar.kernel.periods import PeriodKind
from shaar.kernel.texts import Text


class Kind(StrEnum):
    """How values of an indicator behave over time and over parts of the city."""

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    FORMULA = "formula"


class Good(StrEnum):
    """The direction in which the indicator improves."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Role(StrEnum):
    """What part an indicator plays among its neighbours."""

    FACT = "fact"
    PLAN = "plan"
    PERCENT = "percent"
    DIFFERENCE = "difference"
    TOTAL = "total"
    CHARACTERISTIC = "characteristic"
    COVERAGE = "coverage"


class Take(StrEnum):
    """What is taken of the facts of a period."""

    SUM = "sum"
    COUNT = "count"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class FactSource:
    """Facts of one type whose dimensions, unit and territory are as `where` says (parts of them included)."""

    fact: str
    where: Mapping[str, str]
    take: Take

    @property
    def dimensions(self) -> dict[str, str]:
        """Return the conditions on dimensions, without the reserved keys `unit` and `territory`."""
        return {key: value for key, value in self.where.items() if key not in RESERVED}


@dataclass(frozen=True, slots=True)
class FormulaSource:
    """A formula over other indicators."""

    formula: Formula


RESERVED = frozenset({"unit", "territory"})


@dataclass(frozen=True, slots=True)
class Calendar:
    """How often the value is collected and how many working days after the period it is due."""

    every: PeriodKind
    due_working_days: int


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit of measure; measures of one `dimension` are commensurable through their `factor`.

    Things that are counted add up only where one `counts_as` the other: a school counts as a facility.
    """

    code: str
    symbol: Text
    dimension: str
    factor: Decimal
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    counts_as: str | None = None

    @property
    def one(self) -> Text:
        """Return the name of one unit: «камера»."""
        return self._form("one")

    @property
    def few(self) -> Text:
        """Return the form after 2, 3 and 4: «камеры»."""
        return self._form("few")

    @property
    def many(self) -> Text:
        """Return the form after 5 and more: «камер»."""
        return self._form("many")

    def _form(self, form: str) -> Text:
        found = {language: forms.get(form) or forms.get("one", "") for language, forms in self.forms.items()}
        return Text(found.get("ru") or self.symbol.ru, found.get("ky", ""), found.get("en", ""))


UnitOfMeasure = Measure


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of indicators; `direction` is the programme's direction, 0 for general ones."""

    code: str
    direction: int
    name: Text


@dataclass(frozen=True, slots=True)
class Passport:
    """Everything that is declared about one indicator; `version` counts the changes of the declaration."""

    code: str
    name: Text
    section: str
    measure: str
    kind: Kind
    source: FactSource | FormulaSource
    owner: str
    good: Good = Good.NONE
    role: Role = Role.FACT
    row: str = ""
    calendar: Calendar | None = None
    object: str = ""
    action: str = ""
    parts: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    expected: Formula | None = None
    plan: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    precision: int | None = None
    nouns: Mapping[str, str] = field(default_factory=dict)
    legal_basis: str = ""
    note: Text | None = None
    version: int = 1

    @property
    def fact_source(self) -> FactSource | None:
        """Return the selection of facts, or None when the value is a formula."""
        return self.source if isinstance(self.source, FactSource) else None

    @property
    def formula(self) -> Formula | None:
        """Return the formula, or None when the value comes from facts."""
        return self.source.formula if isinstance(self.source, FormulaSource) else None

    @property
    def references(self) -> tuple[str, ...]:
        """Return the codes of the indicators that the value is computed from."""
        return self.formula.references if self.formula else ()

    @property
    def where(self) -> Mapping[str, str]:
        """Return the conditions of the selection of facts; nothing for a formula."""
        return self.fact_source.where if self.fact_source else {}

    @property
    def is_additive(self) -> bool:
        """Tell whether values of parts of the city or of kinds may be summed."""
        return self.kind in {Kind.FLOW, Kind.STOCK}
