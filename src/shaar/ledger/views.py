"""What passes through the door of `ledger`: facts as they are recorded and as they are read again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from django.utils.functional import Promise

from shaar.kernel.periods import PeriodKind
from shaar.kernel.quantities import Qualifier, Quantity

FactId: TypeAlias = int


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that a fact came from: its module, kind and id there, and how a person finds it."""

    module: str
    kind: str
    id: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves a fact: a "document", "file", "cell" or "case", and the place in it, «строка 36»."""

    kind: str
    ref: str
    place: str = ""
    title: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, as its module records it.

    `covers` is the kind of period for the whole of which the quantity speaks: an event of a day, or a figure
    of a year (then `happened_at` lies in that year). `approval` holds who approved and when, as text.
    """

    type: str
    happened_at: datetime
    unit: str
    territory: str
    quantity: Decimal | None
    measure: str
    subject: Subject
    actor: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    covers: PeriodKind = PeriodKind.DAY
    qualifier: Qualifier = Qualifier.EXACT
    upper: Decimal | None = None
    as_written: str = ""
    evidence: tuple[Evidence, ...] = ()
    approval: Mapping[str, str] = field(default_factory=dict)
    period_stated: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts that were recorded together; none has the number 0 and was not written."""

    id: int
    count: int


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A distinct type, measure and set of dimensions; facts carry its id."""

    id: int
    type: str
    measure: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FactView:
    """A fact as it was recorded; `day` is the last day of the period for which it speaks.

    A reversal has `reverses` and `reason`; a fact taken back has `reversed_by`.
    """

    id: FactId
    series: SeriesView
    happened_at: datetime
    recorded_at: datetime
    day: date
    unit: str
    territory: str
    quantity: Decimal | None
    upper: Decimal | None
    qualifier: Qualifier
    as_written: str
    covers: PeriodKind
    period_stated: bool
    subject: Subject
    actor: str
    evidence: tuple[Evidence, ...]
    approval: Mapping[str, str]
    reverses: FactId | None = None
    reversed_by: FactId | None = None
    reason: str = ""

    @property
    def type(self) -> str:
        """The type of the fact."""
        return self.series.type

    @property
    def measure(self) -> str:
        """The unit of measure of the quantity."""
        return self.series.measure

    @property
    def dimensions(self) -> Mapping[str, str]:
        """The dimensions of the fact."""
        return self.series.dimensions

    @property
    def stated(self) -> Quantity | None:
        """The quantity with its qualifier; None for a fact without any quantity."""
        if self.quantity is None and self.qualifier is not Qualifier.DISPUTED:
            return None
        return Quantity(self.quantity, self.upper, self.qualifier, self.as_written)


@dataclass(frozen=True, slots=True)
class FactQuery:
    """Which facts are asked for; what is None or empty does not narrow the answer.

    `first` and `last` bound the last day of the period for which a fact speaks, both included. Units and
    territories are taken with all that lies under them on the day `on` (by default `last`, or today).
    """

    types: tuple[str, ...] = ()
    series: tuple[int, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict)
    unit_subtree: str | None = None
    territory_subtree: str | None = None
    first: date | None = None
    last: date | None = None
    covers: tuple[PeriodKind, ...] = ()
    subject: Subject | None = None
    include_reversed: bool = False
    limit: int = 1000
    after: FactId = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class FactType:
    """A declared type of facts: its versioned name, `programme.figure_reported.v1`, and what it says."""

    name: str
    text: str | Promise
