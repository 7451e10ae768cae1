"""Files of the treasury as people steer them: taken in, corrected, written as a whole, undone as a whole.

Each step is a job: `fileworks` does the work. A caller that has a small file runs the step at once, and the
job then finds it done.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from shaar.access.api import Actor, acting, check
from shaar.budget import fileworks
from shaar.budget.judging import Sent
from shaar.budget.models import ImportState, TreasuryFile
from shaar.budget.permissions import AMEND, IMPORT
from shaar.cases import api as cases
from shaar.kernel import clock, jobs
from shaar.kernel.errors import Place, Refusal

__all__ = ["Sent", "TreasuryFile"]
CHECK, WRITE, UNDO = "budget.check_file", "budget.write_file", "budget.undo_file"
LIMITS = cases.FileLimits(types=(cases.XLSX, cases.TEXT))
PATIENCE = timedelta(minutes=2)
MOVING = {
    ImportState.WAITING: CHECK,
    ImportState.CHECKING: CHECK,
    ImportState.APPROVED: WRITE,
    ImportState.WRITING: WRITE,
    ImportState.RETURNING: UNDO,
}
CORRECTABLE = (ImportState.FAULTY, ImportState.READY, ImportState.CANCELLED)
CANCELLABLE = (
    ImportState.WAITING,
    ImportState.CHECKING,
    ImportState.READY,
    ImportState.FAULTY,
    ImportState.APPROVED,
    ImportState.WRITING,
)


class Stream(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a file: side and year, which columns, in which units, which total, which act."""

    year: int
    side: str
    kind: str
    columns: Mapping[str, str]
    scale: Decimal
    control_total: Decimal
    act: str = ""
    is_example: bool = False


def receive(
    stream: Stream, said: Said, *, name: str, actor: Actor, at: datetime, language: str = "ru"
) -> int:
    """Keep a file, to be checked in the background, and return its number.

    Refusal `forbidden`, `already_written`, those of `cases.store_file` for what is no right file.
    """
    _check(actor, said)
    with transaction.atomic(), acting(actor):
        stored = cases.store_file(stream, name=name, actor=actor, at=at, limits=LIMITS)
        _check_new(stored.sha256, said)
        row = TreasuryFile(
            name=stored.name, sha256=stored.sha256, stored=stored.id, size=stored.size, language=language,
            taken_in_at=at, taken_in_by=actor.key, is_example=said.is_example,
        )  # fmt: skip
        _take_over(row, said, actor=actor, at=at)
        row.save()
        jobs.defer(CHECK, number=row.pk)
    return int(row.pk)


def correct(number: int, said: Said, *, actor: Actor, at: datetime, language: str = "ru") -> None:
    """Change what was said of a file that is not written, to be checked anew; Refusal `not_ready`."""
    _check(actor, said)
    with transaction.atomic(), acting(actor):
        row = _held(number, CORRECTABLE)
        _check_new(row.sha256, said)
        row.language = language
        _take_over(row, said, actor=actor, at=at)
        row.save()
        jobs.defer(CHECK, number=row.pk)


def approve(number: int, *, actor: Actor, at: datetime) -> None:
    """Let a checked file be written in the background; Refusal `forbidden`, `unknown_file`, `not_ready`."""
    with transaction.atomic(), acting(actor):
        row = _held(number, (ImportState.READY,), text=_("Only a checked file can be written."))
        check(actor, AMEND if row.act else IMPORT)
        _move(row, ImportState.APPROVED, actor=actor, at=at)
        jobs.defer(WRITE, number=number)


def give_back(number: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Let a written file be undone in the background; Refusal `not_written`, `reason_required`."""
    if not reason.strip():
        raise Refusal("reason_required", _("Say why the file is undone."), place=Place(field="reason"))
    with transaction.atomic(), acting(actor):
        text = _("Only a written file can be undone.")
        row = _held(number, (ImportState.WRITTEN,), text=text, code="not_written")
        check(actor, AMEND if row.act else IMPORT)
        row.reason = reason.strip()
        _move(row, ImportState.RETURNING, actor=actor, at=at)
        jobs.defer(UNDO, number=number)


def cancel(number: int, *, actor: Actor, at: datetime) -> None:
    """Call a file off that is not written, also while that is done; Refusal `not_ready`."""
    check(actor, IMPORT)
    with transaction.atomic(), acting(actor):
        _move(_held(number, CANCELLABLE), ImportState.CANCELLED, actor=actor, at=at)


def resume(number: int, *, actor: Actor, at: datetime) -> None:
    """Put a file that stands still in the queue again; running a step twice does no harm."""
    check(actor, IMPORT)
    with transaction.atomic(), acting(actor):
        row = _held(number, MOVING)
        TreasuryFile.objects.filter(pk=number).update(touched_at=at)
        jobs.defer(MOVING[ImportState(row.state)], number=number)


def is_stuck(row: TreasuryFile) -> bool:
    """Tell whether a step has not moved for so long that a person may start it again."""
    moved = row.touched_at or row.changed_at
    return row.state in MOVING and clock.now() - moved > PATIENCE


# At once ----------------------------------------------------------------------------------------------------
def take_in(sent: Sent, *, actor: Actor, at: datetime) -> int:
    """Keep a file, check it at once and return its number; Refusals of `receive`."""
    said = Said(
        sent.year,
        sent.side,
        sent.kind,
        sent.columns,
        sent.scale,
        sent.control_total,
        sent.act,
        sent.is_example,
    )
    number = receive(io.BytesIO(sent.content), said, name=sent.name, actor=actor, at=at)
    fileworks.run_check(number, is_told=False)
    return number


def write(number: int, *, actor: Actor, at: datetime) -> None:
    """Write a checked file at once, as one whole; Refusal `not_ready`, or what is wrong by now."""
    approve(number, actor=actor, at=at)
    fileworks.run_writing(number, at=at, is_told=False)
    row = TreasuryFile.objects.get(pk=number)
    if row.state == ImportState.FAULTY:
        first = row.problems[0]
        raise Refusal(str(first["code"]), str(first["text"]))


def undo(number: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Take every amount of a written file back at once; Refusal `not_written`, `reason_required`."""
    give_back(number, reason=reason, actor=actor, at=at)
    fileworks.run_undoing(number, at=at, is_told=False)


def _check(actor: Actor, said: Said) -> None:
    check(actor, IMPORT)
    if said.act:
        check(actor, AMEND)


def _check_new(sha256: str, said: Said) -> None:
    same = TreasuryFile.objects.filter(sha256=sha256, year=said.year, side=said.side, kind=said.kind)
    if same.filter(state=ImportState.WRITTEN).exists():
        text = _("This very file is written already; undo it first.")
        raise Refusal("already_written", text, place=Place(field="file"))


def _take_over(row: TreasuryFile, said: Said, *, actor: Actor, at: datetime) -> None:
    row.year, row.side, row.kind, row.act = said.year, said.side, said.kind, said.act
    row.columns, row.scale, row.control_total = dict(said.columns), said.scale, said.control_total
    row.state, row.changed_at, row.changed_by = ImportState.WAITING, at, actor.key
    row.touched_at, row.done, row.total, row.rows, row.found_total = at, 0, 0, 0, None
    row.counts, row.problems = {}, []


def _held(number: int, states: Iterable[str], *, text: str = "", code: str = "not_ready") -> TreasuryFile:
    row = TreasuryFile.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise Refusal("unknown_file", _("There is no such file."))
    if row.state not in states:
        state = str(ImportState(row.state).label)
        raise Refusal(
            code, text or _("This cannot be done now: the file is in state “%(state)s”.") % {"state": state}
        )
    return row


def _move(row: TreasuryFile, state: ImportState, *, actor: Actor, at: datetime) -> None:
    row.state, row.changed_at, row.changed_by, row.touched_at, row.done, row.total = (
        state, at, actor.key, at, 0, 0,
    )  # fmt: skip
    row.save(update_fields=["state", "reason", "changed_at", "changed_by", "touched_at", "done", "total"])
