"""What the doors of programmes hand out and take in, as frozen dataclasses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from shaar.kernel.errors import Place
from shaar.kernel.quantities import Quantity
from shaar.kernel.texts import Text

NO_TEXT = Text("")


@dataclass(frozen=True, slots=True)
class SourceView:
    """Where something was read: a document's code and a line; empty for what was entered here."""

    document: str = ""
    line: int | None = None


HERE = SourceView()


@dataclass(frozen=True, slots=True)
class ActView:
    """A legal act: `name` is how a text cites it, `title` its own title."""

    code: str
    kind: str
    name: Text
    title: Text
    body: Text
    date: date | None
    year: int | None
    number: str
    note: Text
    source: SourceView


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A revision of a plan; `enacted_at` is None while it is a draft."""

    id: int
    number: int
    act: ActView
    effective_from: date
    started_by: str
    enacted_at: datetime | None
    enacted_by: str


@dataclass(frozen=True, slots=True)
class TargetData:
    """The value that an indicator is to reach in a period (its code, "2022" or "2022-Q3")."""

    period: str
    value: Decimal
    note: Text = NO_TEXT
    source: SourceView = HERE


@dataclass(frozen=True, slots=True)
class IndicatorData:
    """An indicator of a measure with its baseline and targets."""

    code: str
    baseline: Decimal | None = None
    baseline_period: str = ""
    targets: tuple[TargetData, ...] = ()


@dataclass(frozen=True, slots=True)
class FundingData:
    """Money from one source in one year."""

    source: str
    year: int
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class MeasureData:
    """A measure as a revision words it; `node` is the code of its branch, `period` a period's code."""

    code: str
    node: str
    text: Text
    period: str
    number: str = ""
    expected: Text = NO_TEXT
    note: Text = NO_TEXT
    responsible: tuple[str, ...] = ()
    co_responsible: tuple[str, ...] = ()
    indicators: tuple[IndicatorData, ...] = ()
    funding: tuple[FundingData, ...] = ()
    source: SourceView = HERE


@dataclass(frozen=True, slots=True)
class FindingView:
    """Something about a measure that a person has to judge, such as two statuses that disagree."""

    rule: str
    message: Text
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure on a day: `status` is the stated one, or the derived one where none is stated.

    `programme` is where it is stated; where it serves another one too it stands under a branch of that one.
    """

    code: str
    number: str | None
    text: Text
    direction: int
    node: str
    responsible: tuple[str, ...]
    co: tuple[str, ...]
    period: str
    expected: Text
    note: Text
    indicators: tuple[str, ...]
    linked: tuple[IndicatorData, ...]
    funding: tuple[FundingData, ...]
    targets: tuple[tuple[str, TargetData], ...]
    stated_status: str | None
    stated_in: SourceView
    reason: str
    derived_status: str | None
    findings: tuple[FindingView, ...]
    source: SourceView
    revision: int
    programme: str
    is_cancelled: bool = False

    @property
    def status(self) -> str | None:
        """Return the stated status, or else the derived one."""
        return self.stated_status or self.derived_status


@dataclass(frozen=True, slots=True)
class NodeView:
    """A branch of the plan with what hangs on it."""

    code: str
    kind: str
    number: int
    name: Text
    children: tuple["NodeView", ...]
    measures: tuple[str, ...]
    source: SourceView = HERE


@dataclass(frozen=True, slots=True)
class StatedTotals:
    """The indicators in which a source states how many measures there are in a year."""

    year: int
    all: str
    executed: str
    in_progress: str


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme and its plan as it stood on a day."""

    code: str
    kind: str
    name: Text
    full_name: Text
    goal: Text
    unit: str
    territory: str
    first_year: int
    last_year: int
    are_years_stated: bool
    indicators: tuple[str, ...]
    note: Text
    directions: tuple[NodeView, ...]
    acts: tuple[ActView, ...]
    revisions: tuple[RevisionView, ...]
    revision: RevisionView | None
    stated_totals: tuple[StatedTotals, ...]


@dataclass(frozen=True, slots=True)
class ProgressSummary:
    """How many measures are itemised by status, and the totals that the source states (None: it does not)."""

    programme: str
    year: int
    counts: Mapping[str, int]
    itemised: int
    stated_all: Decimal | None = None
    stated_executed: Decimal | None = None
    stated_in_progress: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RoundView:
    """A reporting round."""

    id: int
    programme: str
    period: str
    due_at: datetime
    is_demo: bool


@dataclass(frozen=True, slots=True)
class EntryView:
    """What a report says about a measure."""

    measure: str
    status: str
    reason: str
    text: str
    files: tuple[int, ...]
    fact: int | None


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure in a report and where it came from; `fact` is there once it was accepted."""

    indicator: str
    territory: str
    quantity: Quantity
    file_sha256: str
    file_name: str
    sheet: str
    cell: str
    fact: int | None
    file: int | None = None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A unit's report in a round, with the state of its case."""

    id: int
    round: RoundView
    unit: str
    case_id: int
    state: str
    due_at: datetime | None
    is_overdue: bool
    measures: tuple[str, ...]
    entries: tuple[EntryView, ...]
    figures: tuple[FigureView, ...]
    approved_by: str
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class MissingReport:
    """A report that a unit still owes."""

    id: int
    unit: str
    period: str
    state: str
    due_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A change that a workbook would make: where it stands, what is there now, what it would become.

    `kind` is `added`, `changed` or `removed`; what is removed has no cell.
    """

    sheet: str
    cell: str
    about: str
    was: str
    becomes: str
    kind: str = "changed"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a workbook that cannot be taken over, for showing beside its cell."""

    code: str
    message: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import of a plan: its state and how far it is, for a page that asks again and again.

    `revision` is the number of the revision that it made; `problem_count` and `counts` tell of all that was
    found, also where a page shows only the first.
    """

    id: int
    programme: str
    programme_name: Text
    act: Text
    effective_from: date
    state: str
    label: str
    done: int
    total: int
    name: str
    language: str
    counts: Mapping[str, int]
    created_at: datetime
    created_name: str
    approved_at: datetime | None
    approved_name: str
    revision: int | None
    is_moving: bool
    is_stuck: bool
