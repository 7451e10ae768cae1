"""What a proof says: figures that were read, findings about them, and where each stands."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Severity(StrEnum):
    """How sure a finding is: an error is arithmetic, a warning wants a look, a remark is advice."""

    ERROR = "error"
    WARNING = "warning"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of one passage and where a reader finds it; lines, pages and tables count from 1."""

    passage: int
    start: int
    end: int
    line: int
    quote: str
    page: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """A figure as it was understood: value in its written unit, what is counted, place and period."""

    spot: Spot
    written: str
    kind: str
    value: Decimal | None
    upper: Decimal | None
    qualifier: str
    unit: str
    scale: int
    noun: str
    attributes: tuple[str, ...]
    places: tuple[str, ...]
    period: str
    role: str
    readings: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: its rule, its severity, its places and the sentence in each language."""

    rule: str
    severity: Severity
    spots: tuple[Spot, ...]
    messages: dict[str, str]
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Return what stays the same when the same text is proofread again: for dismissed findings."""
        from hashlib import sha256

        quotes = "|".join(spot.quote for spot in self.spots)
        return sha256(f"{self.rule}|{quotes}|{sorted(self.facts.items())}".encode()).hexdigest()[:16]

    def message(self, language: str = "ru") -> str:
        """Return the sentence in a language, in Russian where it is not written in it."""
        return self.messages.get(language[:2], self.messages["ru"])


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of one text: passages as they were read, figures and findings in reading order."""

    name: str
    format: str
    passages: tuple[str, ...]
    figures: tuple[StatedFigure, ...]
    findings: tuple[Finding, ...]
    relations_checked: int = 0

    def count(self, severity: Severity) -> int:
        """Return how many findings are of this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def quantities(self) -> tuple[StatedFigure, ...]:
        """Return the figures that state how much, without numbers of acts, dates and the like."""
        return tuple(figure for figure in self.figures if figure.kind == "quantity")
