"""Checks, writes and undoes files of the treasury, in the background.

Each step runs in one transaction, under a lock of the file, and may be run again after a process was killed.
How far it is is told through a connection of its own, so that everybody sees it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from shaar.access.api import Actor, acting
from shaar.budget import amendments, linekeeping, recording
from shaar.budget.judging import Judged, Sent, Step, judge
from shaar.budget.models import Amount, ImportState, TreasuryFile
from shaar.budget.recording import Origin
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.errors import Refusal

LOCK = 0x42554447
MOST_PROBLEMS = 1000


def run_check(number: int, *, is_told: bool = True) -> None:
    """Judge a file and keep what was found; nothing else is written."""

    def work(row: TreasuryFile, step: Step) -> None:
        judged = _judged(row, step)
        kept = {
            "found_total": judged.total,
            "rows": len(judged.rows),
            "counts": _counts(row, judged) | {"problems": len(judged.problems)},
            "problems": [told(one) for one in judged.problems[:MOST_PROBLEMS]],
        }
        _finish(row, ImportState.FAULTY if judged.problems else ImportState.READY, **kept)

    _run(number, (ImportState.WAITING, ImportState.CHECKING), ImportState.CHECKING, work, is_told=is_told)


def run_writing(number: int, *, at: datetime, is_told: bool = True) -> None:
    """Write an approved file as one whole, with its facts, or nothing of it."""

    def work(row: TreasuryFile, step: Step) -> None:
        _alone(row)
        judged = _judged(row, lambda done, total: step(done, 2 * total))
        if judged.problems:
            raise judged.problems[0]
        _write_rows(row, judged, at=at, step=lambda done, total: step(total + done, 2 * total))
        try:
            with transaction.atomic():
                _finish(row, ImportState.WRITTEN)
        except IntegrityError as error:
            text = _("This very file is written already; undo it first.")
            raise Refusal("already_written", text) from error

    _run(number, (ImportState.APPROVED, ImportState.WRITING), ImportState.WRITING, work, is_told=is_told)


def run_undoing(number: int, *, at: datetime, is_told: bool = True) -> None:
    """Take every amount of a file back by its opposite, which stays beside it."""

    def work(row: TreasuryFile, step: Step) -> None:
        held = row.amounts.select_related("line__unit").filter(takes_back=None).order_by("pk")
        amendment = None
        if row.act:
            changed = row.amendments.get(takes_back=None, taken_back_by=None)
            amendment = amendments.opposite_of(changed, reason=row.reason, by=row.changed_by, at=at)
        origin = Origin(row.changed_by, at, row, amendment)
        recording.write(amendments.opposite_amounts(held, reason=row.reason), origin=origin, step=step)
        _finish(row, ImportState.UNDONE)

    _run(number, (ImportState.RETURNING,), ImportState.RETURNING, work, is_told=is_told)


def actor_of(key: str) -> Actor:
    """Return a person by what the audit calls them."""
    kind, _sign, name = key.partition(":")
    return Actor(int(name), "", "user") if kind == "user" else Actor(None, name, "system")


def told(problem: Refusal) -> dict[str, object]:
    """Return a problem as it is kept: what is wrong, and where it stands."""
    place = problem.place
    return {
        "code": problem.code,
        "text": str(problem.message),
        "line": place.line if place else None,
        "cell": place.cell if place else None,
        "field": place.field if place else None,
    }


# One step ---------------------------------------------------------------------------------------------------
def _run(
    number: int,
    begins: Sequence[str],
    state: ImportState,
    work: Callable[[TreasuryFile, Step], None],
    *,
    is_told: bool,
) -> None:
    """Run a step of a file once at a time, all or nothing; what refuses it is kept with the file."""
    with _Telling(number, state, is_told=is_told) as telling:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, number])
                if not telling.begin(begins):
                    return
                row = TreasuryFile.objects.get(pk=number)
                with translation.override(row.language), acting(actor_of(row.changed_by)):
                    work(row, telling.step)
        except _Over:
            return
        except Refusal as refusal:
            kept = [told(one) for one in refusal.problems][:MOST_PROBLEMS]
            TreasuryFile.objects.filter(pk=number, state__in=(*begins, state)).update(
                state=ImportState.WRITTEN if state == ImportState.RETURNING else ImportState.FAULTY,
                problems=kept,
                counts={"problems": len(kept)},
                touched_at=clock.now(),
            )


class _Over(Exception):
    """Somebody else did this step, or called the file off."""


class _Telling:
    """Tells how far a file is, outside the transaction that does the work."""

    def __init__(self, number: int, state: str, *, is_told: bool) -> None:
        self.number, self.state = number, state
        self.outside: Any = connection.copy() if is_told else None

    def __enter__(self) -> "_Telling":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.outside is not None:
            self.outside.close()

    def begin(self, states: Sequence[str]) -> bool:
        """Take up the step from one of some states; False where the file is in none of them."""
        if self.outside is None:
            return TreasuryFile.objects.filter(pk=self.number, state__in=states).exists()
        return self._update("state = %s, done = 0", [self.state], states)

    def step(self, done: int, total: int) -> None:
        """Tell rows done and in all; ends the work where the file was called off."""
        given = [min(done, total), total]
        if self.outside is not None and not self._update("done = %s, total = %s", given, [self.state]):
            raise _Over

    def _update(self, changes: str, given: list[Any], states: Sequence[str]) -> bool:
        with self.outside.cursor() as cursor:
            cursor.execute(
                f"UPDATE budget_treasuryfile SET {changes}, touched_at = %s"  # noqa: S608 - our own columns
                " WHERE id = %s AND state = ANY(%s)",
                [*given, clock.now(), self.number, [str(one) for one in states]],
            )
            return bool(cursor.rowcount)


def _finish(row: TreasuryFile, state: ImportState, **columns: Any) -> None:
    """End a step within its transaction, unless the file was called off meanwhile."""
    begun = TreasuryFile.objects.filter(pk=row.pk).exclude(state=ImportState.CANCELLED)
    if not begun.update(state=state, touched_at=clock.now(), **columns):
        raise _Over


def _alone(row: TreasuryFile) -> None:
    """Let files of one year, side and kind be written one after another, so that none misses the other."""
    with connection.cursor() as cursor:
        name = f"budget:{row.year}:{row.side}:{row.kind}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _judged(row: TreasuryFile, step: Step) -> Judged:
    with cases.open_file(row.stored) as file:
        content = file.read()
    sent = Sent(
        row.name, content, row.year, row.side, row.kind, row.columns, row.scale, row.control_total,
        row.is_example, row.act,
    )  # fmt: skip
    return judge(sent, actor=actor_of(row.changed_by), step=step)


def _counts(row: TreasuryFile, judged: Judged) -> dict[str, int]:
    keys = {one.key for one in judged.rows}
    known = linekeeping.held(keys, year=row.year, side=row.side)
    return {
        "lines": len(keys),
        "new_lines": len(keys) - len(known),
        "returns": Counter(one.amount < 0 for one in judged.rows)[True],
    }


def _write_rows(row: TreasuryFile, judged: Judged, *, at: datetime, step: Step) -> None:
    amendment = amendments.of_file(row, judged.rows, at=at) if row.act else None
    movements = recording.movements_of(
        judged.rows, year=row.year, side=row.side, kind=row.kind, is_example=row.is_example
    )
    recording.write(movements, origin=Origin(row.changed_by, at, row, amendment), step=step)


def amounts_of(row: TreasuryFile) -> "QuerySet[Amount]":
    """Return the amounts of a file as they were written, by the rows of the file."""
    return Amount.objects.filter(file=row, takes_back=None).select_related("line__unit").order_by("row", "pk")
