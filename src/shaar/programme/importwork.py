"""Checks imports of plans and writes them as one new revision, in the background.

A check and a writing run in one transaction each, under a lock of the import, and may be run again after a
process was killed. How far they are is told through a connection of its own, so that everybody sees it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db import connection, transaction
from django.utils import translation

from shaar.access.api import Actor, acting
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.errors import Refusal, refuse_all
from shaar.programme import importing, models
from shaar.programme.models import ImportState
from shaar.programme.outcomes import MeasureData
from shaar.programme.planning import enact, known_of, open_revision, write_versions
from shaar.programme.queries import versions_on
from shaar.programme.workbooks.planchecks import Judged, judge
from shaar.programme.workbooks.plandata import NodeData, plan_in_force
from shaar.programme.workbooks.planexport import Stamp
from shaar.programme.workbooks.planreading import read_plan_workbook

LOCK = 0x504C414E
CHUNK = 250
MOST_KEPT = 5000
Step: TypeAlias = Callable[[int, int], None]


def run_check(number: int, *, is_told: bool = True) -> None:
    """Compare a workbook with the plan and keep what it would change; nothing else is written."""

    def check(row: models.PlanImport, step: Step) -> None:
        judged = _judged(row, step)
        state = ImportState.FAULTY if judged.problems else ImportState.READY
        _finish(row, state, **_columns(judged))

    _run(number, (ImportState.WAITING, ImportState.CHECKING), ImportState.CHECKING, check, is_told=is_told)


def run_writing(number: int, *, at: datetime) -> None:
    """Write an approved workbook as one new revision in force, or nothing."""

    def write(row: models.PlanImport, step: Step) -> None:
        with acting(user_actor_of(row.approved_by)):
            models.Programme.objects.select_for_update(of=("self",)).get(pk=row.programme_id)
            importing.check_stamp(Stamp(row.programme.code, row.base), row.programme, row.name)
            changes = sum(row.counts.get(one, 0) for one in ("added", "changed", "removed"))
            read = [0]

            def reading(done: int, total: int) -> None:
                read[0] = total
                step(done, total + changes)

            judged = _judged(row, reading)
            refuse_all(judged.problems)
            revision = _write(row, judged, lambda done: step(read[0] + done, read[0] + changes), at=at)
            total = read[0] + changes
            _finish(row, ImportState.APPLIED, revision=revision, done=total, total=total)

    _run(number, (ImportState.APPROVED, ImportState.APPLYING), ImportState.APPLYING, write)


def user_actor_of(key: str) -> Actor:
    """Return a person by what the audit calls them."""
    kind, _sign, number = key.partition(":")
    return Actor(int(number), "", "user") if kind == "user" else Actor(None, number, "system")


def _run(
    number: int,
    begins: Sequence[str],
    state: str,
    work: Callable[[models.PlanImport, Step], None],
    *,
    is_told: bool = True,
) -> None:
    """Run a step of an import once at a time, all or nothing; what refuses it ends the import."""
    with _Telling(number, state, is_told=is_told) as telling:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, number])
                if telling.begin(begins):
                    row = importing.rows(with_content=True).get(pk=number)
                    with translation.override(row.language):
                        work(row, telling.step)
        except _Over:
            return
        except Refusal as refusal:
            kept = [importing.problem(one) for one in refusal.problems][:MOST_KEPT]
            failed = {"state": ImportState.FAILED, "problems": kept, "touched_at": clock.now()}
            models.PlanImport.objects.filter(pk=number, state__in=(*begins, state)).update(**failed)


class _Over(Exception):
    """Somebody else did this step, or called the import off."""


class _Telling:
    """Tells how far an import is, outside the transaction that does the work."""

    def __init__(self, number: int, state: str, *, is_told: bool) -> None:
        self.number, self.state = number, state
        self.outside: Any = connection.copy() if is_told else None

    def __enter__(self) -> "_Telling":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.outside is not None:
            self.outside.close()

    def begin(self, states: Sequence[str]) -> bool:
        """Take up the step from one of some states; False where the import is in none of them."""
        if self.outside is None:
            return models.PlanImport.objects.filter(pk=self.number, state__in=states).exists()
        return self._update("state = %s, done = 0", [self.state], states)

    def step(self, done: int, total: int) -> None:
        """Tell rows done and in all; ends the work where the import was called off."""
        given = [min(done, total), total]
        if self.outside is not None and not self._update("done = %s, total = %s", given, [self.state]):
            raise _Over

    def _update(self, changes: str, given: list[Any], states: Sequence[str]) -> bool:
        with self.outside.cursor() as cursor:
            cursor.execute(
                f"UPDATE programme_planimport SET {changes}, touched_at = %s"  # noqa: S608 - our own columns
                " WHERE id = %s AND state = ANY(%s)",
                [*given, clock.now(), self.number, [str(one) for one in states]],
            )
            return bool(cursor.rowcount)


def _finish(row: models.PlanImport, state: str, **columns: Any) -> None:
    """End a step within its transaction, unless the import was called off meanwhile."""
    begun = models.PlanImport.objects.filter(pk=row.pk).exclude(state=ImportState.CANCELLED)
    if not begun.update(state=state, touched_at=clock.now(), **columns):
        raise _Over


def _judged(row: models.PlanImport, step: Step) -> Judged:
    names = _names_of_units(row.effective_from)
    read = read_plan_workbook(bytes(row.content), name=row.name, units=names, step=step)
    known = known_of(row.programme, on=row.effective_from)
    return judge(read, plan_in_force(row.programme), programme=row.programme, known=known)


def _names_of_units(on: date) -> dict[str, str]:
    """Return the code of each unit by its names, without names that two units share."""
    found: dict[str, set[str]] = {}
    for one in city.units(on=on):
        for name in {one.name.ru, one.name.ky, one.name.en} - {""}:
            found.setdefault(name.casefold(), set()).add(one.code)
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def _write(
    row: models.PlanImport, judged: Judged, told: Callable[[int], None], *, at: datetime
) -> models.PlanRevision:
    draft = open_revision(
        row.programme, row.act.code, effective_from=row.effective_from, by=row.approved_by, at=at
    )
    _write_nodes(row.programme, judged)
    known = known_of(row.programme, on=row.effective_from)
    positions = _positions(row.programme, judged)
    done = 0
    for chunk in _chunks([*judged.added, *judged.changed, *judged.removed]):
        write_versions(draft, chunk, known, positions=positions)
        done += len(chunk)
        told(done)
    removed = [one.code for one in judged.removed]
    reason = f"Исключено: {row.act.name_ru}"
    draft.versions.filter(measure__code__in=removed).update(is_cancelled=True, cancel_reason=reason)
    enact(draft, by=row.approved_by, at=at)
    return draft


def _write_nodes(programme: models.Programme, judged: Judged) -> None:
    """Rename branches, and make the new ones, each after the one above it."""
    held = {one.code: one for one in programme.nodes.all()}
    for one in judged.renamed:
        node = held[one.code]
        node.name_ru, node.name_ky, node.name_en = one.name.ru, one.name.ky, one.name.en
        node.save(update_fields=["name_ru", "name_ky", "name_en"])
    waiting = list(judged.new_nodes)
    while waiting:
        ready = [one for one in waiting if not one.parent or one.parent in held]
        for one in ready:
            held[one.code] = _new_node(programme, one, held.get(one.parent))
        waiting = [one for one in waiting if one.code not in held]


def _new_node(programme: models.Programme, data: NodeData, parent: models.PlanNode | None) -> models.PlanNode:
    return models.PlanNode.objects.create(
        programme=programme, parent=parent, kind=data.kind, code=data.code, number=data.number,
        name_ru=data.name.ru, name_ky=data.name.ky, name_en=data.name.en,
    )  # fmt: skip


def _positions(programme: models.Programme, judged: Judged) -> dict[str, int]:
    """Return where measures stand: those of the plan where they stood, a new one after the row above it."""
    held = dict(versions_on(programme, date.max).values_list("measure__code", "position"))
    last: dict[str, int] = {}
    for node, code in judged.order:
        held.setdefault(code, last.get(node, -1) + 1)
        last[node] = held[code]
    return held


def _chunks(measures: Sequence[MeasureData]) -> Iterator[Sequence[MeasureData]]:
    return (measures[start : start + CHUNK] for start in range(0, len(measures), CHUNK))


def _columns(judged: Judged) -> dict[str, Any]:
    return {
        "counts": judged.counts | {"problems": len(judged.problems)},
        "problems": [importing.problem(one) for one in judged.problems[:MOST_KEPT]],
        "differences": [
            [one.sheet, one.cell, one.about, one.was, one.becomes, one.kind]
            for one in judged.differences[:MOST_KEPT]
        ],
    }
