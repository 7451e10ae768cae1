"""Writes amounts: the lines that they belong to, the amounts by COPY, and money that moved as facts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection

from shaar.budget import linekeeping
from shaar.budget.facts import EXECUTED
from shaar.budget.judging import TOLD_EACH, Row, Step
from shaar.budget.linekeeping import Held
from shaar.budget.models import Amendment, Kind, TreasuryFile
from shaar.city import api as city
from shaar.kernel import clock
from shaar.ledger import api as ledger

FACT_BITS = 24
COPY = (
    "COPY budget_amount (line_id, kind, day, amount, currency, act, reason, file_id, row, source_document,"
    " figure, takes_back_id, amendment_id, fact, recorded_at, recorded_by) FROM STDIN"
)


@dataclass(frozen=True, slots=True)
class Movement:
    """An amount to be written, with the line that it belongs to."""

    line: Held
    kind: str
    day: date
    amount: Decimal
    reason: str = ""
    row: int | None = None
    takes_back: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where amounts come from, and who writes them when."""

    actor: str
    at: datetime
    file: TreasuryFile | None = None
    amendment: Amendment | None = None

    @property
    def act(self) -> str:
        """The act by which a plan is changed, empty for none."""
        return self.amendment.act[:120] if self.amendment else ""


def movements_of(
    rows: Sequence[Row], *, year: int, side: str, kind: str, is_example: bool = False
) -> list[Movement]:
    """Return rows as amounts of the lines that they name; lines that there were not are made."""
    lines = linekeeping.made(rows, year=year, side=side, is_example=is_example)
    return [Movement(lines[row.key], kind, row.day, row.amount, row.reason, row.line) for row in rows]


def write(movements: Sequence[Movement], *, origin: Origin, step: Step) -> None:
    """Write amounts within the caller's transaction, money that came or went as facts too."""
    if not movements:
        return
    first = None
    told = _Told(step, len(movements))
    if origin.file is not None and movements[0].kind == Kind.EXECUTED:
        first = ledger.record_many(_facts(told.each(movements), origin, origin.file)).id << FACT_BITS
    file = origin.file.pk if origin.file else None
    amendment = origin.amendment.pk if origin.amendment else None
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        for position, one in enumerate(movements, start=1):
            fact = first + position if first else None
            row = one.row if file else None
            copy.write_row(
                (one.line.id, one.kind, one.day, one.amount, "KGS", origin.act, one.reason, file, row, "", "",
                 one.takes_back, amendment, fact, origin.at, origin.actor)
            )  # fmt: skip


class _Told:
    """Tells how far the writing is."""

    def __init__(self, step: Step, total: int) -> None:
        self.step, self.total = step, total

    def each(self, movements: Iterable[Movement]) -> Iterator[Movement]:
        """Yield what is given, telling of every so many."""
        for number, one in enumerate(movements):
            if number % TOLD_EACH == 0:
                self.step(number, self.total)
            yield one


def _facts(movements: Iterable[Movement], origin: Origin, file: TreasuryFile) -> Iterator[ledger.Fact]:
    top = next(one.code for one in city.territories(on=date(file.year, 12, 31)) if one.parent is None)
    label = " (демо)" if file.is_example else ""
    subject = ledger.Subject(
        "budget", "file", str(file.pk), title=f"{file.name}{label}", url=f"/staff/budget/files/{file.pk}/"
    )
    moments: dict[date, datetime] = {}
    for one in movements:
        moment = moments.setdefault(one.day, clock.noon(one.day))
        place = f"строка {one.row}"
        yield ledger.Fact(
            EXECUTED.name, moment, unit=one.line.unit, territory=top, quantity=one.amount, measure="som",
            subject=subject, actor=origin.actor, dimensions={"side": file.side, **one.line.codes},
            evidence=(ledger.Evidence("file", str(file.stored), place, file.name, file.sha256),),
        )  # fmt: skip
