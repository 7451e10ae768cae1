"""What doors of indicators hand out: values, traces and findings, as frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shaar.indicators.formulas import Step
from shaar.indicators.passports import Passport
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity
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


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a bulk table; keys that the table was not split by are None."""

    indicator: str | None
    period: Period | None
    unit: str | None
    value: Value
