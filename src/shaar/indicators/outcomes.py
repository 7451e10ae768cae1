"""What doors of indicators hand out: values, traces and findings, as frozen dataclasses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from shaar.indicators.formulas import Step
from shaar.indicators.passports import Passport
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Qualifier, Quantity
from shaar.kernel.texts import Text


class State(StrEnum):
    """How far a value is known; missing is never zero."""

    KNOWN = "known"
    PARTIAL = "partial"
    MISSING = "missing"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Value:
    """An indicator's value for a period, a unit and a territory; nobody reported its `missing_parts`."""

    indicator: str
    period: Period
    quantity: Quantity | None
    measure: str
    state: State
    unit: str | None = None
    territory: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    facts: int = 0
    missing_parts: tuple[Period, ...] = ()
    is_period_stated: bool = True


class Outcome(StrEnum):
    """Whether a rule found something wrong or confirmed that all is right."""

    FINDING = "finding"
    CONFIRMED = "confirmed"


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A person's answer to a finding."""

    text: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says about one or several indicators in a period; `key` stays the same from run to run."""

    key: str
    rule: str
    outcome: Outcome
    severity: Severity
    indicators: tuple[str, ...]
    period: Period
    message: Text
    numbers: Mapping[str, str] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    answers: tuple[AnswerView, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """What proves a fact: a document, file, cell or case, and the place in it."""

    kind: str
    ref: str
    place: str
    title: str
    sha256: str = ""

    @property
    def url(self) -> str:
        """Return where the kept file can be had by those who may; empty for what is no kept file."""
        return f"/files/{self.ref}/" if self.kind in {"file", "cell"} and self.ref.isdecimal() else ""


@dataclass(frozen=True, slots=True)
class TracedFact:
    """A fact under a figure, or in its history; `is_counted` tells whether it entered the figure."""

    id: int
    type: str
    period: Period
    happened_at: datetime
    recorded_at: datetime
    unit: str
    territory: str
    quantity: Quantity | None
    measure: str
    dimensions: Mapping[str, str]
    subject_title: str
    subject_url: str
    subject_id: str
    evidence: tuple[EvidenceView, ...]
    approval: Mapping[str, str]
    actor: str
    is_counted: bool
    is_period_stated: bool
    reverses: int | None = None
    reversed_by: int | None = None


@dataclass(frozen=True, slots=True)
class TracedOperand:
    """An indicator named in a formula, with its value."""

    passport: Passport
    value: Value


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure and everything under it; `history` also holds facts that were taken back."""

    passport: Passport
    value: Value
    facts: tuple[TracedFact, ...]
    operands: tuple[TracedOperand, ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    history: tuple[TracedFact, ...]


class TableRow(NamedTuple):
    """One value of a bulk table; `period` and `unit` are None where the table was not split by them.

    `number` is None for a disputed value, `upper` is the upper bound of a range; `facts` is how many facts
    the value stands on.
    """

    indicator: str
    period: Period | None
    unit: str | None
    number: Decimal | None
    upper: Decimal | None
    qualifier: Qualifier
    state: State
    facts: int


@dataclass(frozen=True, slots=True)
class Table:
    """Values of many indicators, as columns of one length: there may be hundreds of thousands of them.

    What is missing has no row. The columns are those of `TableRow`; numbers keep the decimals of their sums.
    """

    indicators: Sequence[str]
    periods: Sequence[Period | None]
    units: Sequence[str | None]
    numbers: Sequence[Decimal | None]
    uppers: Sequence[Decimal | None]
    qualifiers: Sequence[Qualifier]
    states: Sequence[State]
    facts: Sequence[int]

    def __len__(self) -> int:
        return len(self.indicators)

    def __iter__(self) -> Iterator[TableRow]:
        columns = (self.indicators, self.periods, self.units, self.numbers, self.uppers)
        return map(TableRow._make, zip(*columns, self.qualifiers, self.states, self.facts, strict=True))
