"""Imports of plans as people steer them: a workbook sent in, looked at, approved, called off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from shaar.access.api import Actor, acting, can, check
from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel import clock, jobs
from shaar.kernel.errors import Place, Refusal
from shaar.programme import models
from shaar.programme.models import ImportState
from shaar.programme.outcomes import Difference, ImportView, Problem
from shaar.programme.permissions import PLAN
from shaar.programme.planning import check_next
from shaar.programme.queries import required_programme
from shaar.programme.workbooks.opening import sha256_of
from shaar.programme.workbooks.plandata import plan_in_force
from shaar.programme.workbooks.planexport import Reference, Stamp, make_plan_workbook
from shaar.programme.workbooks.planreading import read_stamp

CHECK, APPLY = "programme.check_plan_import", "programme.apply_plan_import"
PATIENCE = timedelta(minutes=2)
WAITING_OR_MOVING = (ImportState.WAITING, ImportState.CHECKING, ImportState.APPROVED, ImportState.APPLYING)
CANCELLABLE = (*WAITING_OR_MOVING, ImportState.READY, ImportState.FAULTY)


# The workbook -----------------------------------------------------------------------------------------------
def plan_workbook(programme: str, *, language: str, actor: Actor) -> bytes:
    """Return the plan in force as a workbook; Refusal `unknown_programme`, `forbidden`."""
    row = required_programme(programme)
    check(actor, PLAN, unit=row.unit.code)
    with transaction.atomic():
        stamp = Stamp(row.code, newest(row))
        plan = plan_in_force(row)
    reference = Reference(
        tuple((one.code, one.name) for one in city.units(on=clock.today())),
        tuple((one.code, one.name) for one in indicators.passports()),
    )
    return make_plan_workbook(plan, stamp=stamp, reference=reference, language=language)


# A person's steps -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sent:
    """A workbook as a person sent it, with what the new revision is to be."""

    programme: str
    act: str
    effective_from: date
    name: str
    content: bytes
    language: str = "ru"


def take_in(sent: Sent, *, actor: Actor, at: datetime) -> int:
    """Keep a workbook for its check in the background and return the import's number.

    Refusal `forbidden`, those of `read_stamp`, `other_programme`, `old_workbook`, `already_uploaded`,
    `unknown_act`, `draft_exists`, `revision_too_early`.
    """
    row = required_programme(sent.programme)
    check(actor, PLAN, unit=row.unit.code)
    check_next(row, effective_from=sent.effective_from)
    act = models.LegalAct.objects.filter(code=sent.act).first()
    if act is None:
        raise Refusal("unknown_act", _("There is no legal act “%(code)s”.") % {"code": sent.act})
    stamp = read_stamp(sent.content, name=sent.name)
    check_stamp(stamp, row, sent.name)
    made = models.PlanImport(
        programme=row, act=act, effective_from=sent.effective_from, base=stamp.revision, touched_at=at,
        name=sent.name[:255], sha256=sha256_of(sent.content), content=sent.content, language=sent.language,
        created_at=at, created_by=actor.key, created_name=actor.name,
    )  # fmt: skip
    try:
        with transaction.atomic(), acting(actor):
            made.save()
            jobs.defer(CHECK, number=made.pk)
    except IntegrityError as error:
        held = rows().filter(programme=row, sha256=made.sha256).exclude(state__in=models.ENDED).first()
        if held is None:
            raise
        message = _("This very file was uploaded before: see import № %(number)d.") % {"number": held.pk}
        raise Refusal("already_uploaded", message, place=Place(field="file")) from error
    return made.pk


def approve(number: int, *, actor: Actor, at: datetime) -> None:
    """Let a checked import be written; Refusal `unknown_import`, `forbidden`, `not_ready`."""
    with transaction.atomic(), acting(actor):
        row = _held(number, actor=actor, states=(ImportState.READY,))
        if not any(row.counts.get(one) for one in ("added", "changed", "removed", "nodes")):
            raise Refusal("not_ready", _("The workbook changes nothing."))
        row.state, row.touched_at = ImportState.APPROVED, at
        row.approved_at, row.approved_by, row.approved_name = at, actor.key, actor.name
        row.done, row.total = 0, 0
        row.save()
        jobs.defer(APPLY, number=number)


def cancel(number: int, *, actor: Actor) -> None:
    """Call an import off, also while it is written; Refusal `unknown_import`, `forbidden`, `not_ready`."""
    with transaction.atomic(), acting(actor):
        row = _held(number, actor=actor, states=CANCELLABLE)
        row.state = ImportState.CANCELLED
        row.save(update_fields=["state"])


def resume(number: int, *, actor: Actor, at: datetime) -> None:
    """Put an import that stands still in the queue again; running it twice does no harm."""
    with transaction.atomic(), acting(actor):
        row = _held(number, actor=actor, states=WAITING_OR_MOVING)
        row.touched_at = at
        row.save(update_fields=["touched_at"])
        is_approved = row.state in (ImportState.APPROVED, ImportState.APPLYING)
        jobs.defer(APPLY if is_approved else CHECK, number=number)


# Showing ----------------------------------------------------------------------------------------------------
def imports(*, actor: Actor) -> list[ImportView]:
    """Return the imports that a person may see, the newest first."""
    held = rows().order_by("-pk")
    return [_view(row) for row in held if can(actor, PLAN, unit=row.programme.unit.code)]


def plan_import(number: int, *, actor: Actor) -> ImportView:
    """Return an import; Refusal `unknown_import`, `forbidden`."""
    return _view(_held(number, actor=actor, is_locked=False))


def found_in(number: int) -> tuple[list[Difference], list[Problem]]:
    """Return the differences and problems that a check found, each list up to the most that is kept."""
    row = models.PlanImport.objects.only("differences", "problems").get(pk=number)
    problems = [
        Problem(one["code"], one["message"], Place(sheet=one["sheet"], cell=one["cell"]))
        for one in row.problems
    ]
    return [Difference(*one) for one in row.differences], problems


def _view(row: models.PlanImport) -> ImportView:
    is_moving = row.state in WAITING_OR_MOVING
    return ImportView(
        id=row.pk,
        programme=row.programme.code,
        programme_name=row.programme.name,
        act=row.act.name,
        effective_from=row.effective_from,
        state=row.state,
        label=str(ImportState(row.state).label),
        done=row.done,
        total=row.total,
        name=row.name,
        language=row.language,
        counts=row.counts,
        created_at=row.created_at,
        created_name=row.created_name,
        approved_at=row.approved_at,
        approved_name=row.approved_name,
        revision=row.revision.number if row.revision else None,
        is_moving=is_moving,
        is_stuck=is_moving and clock.now() - row.touched_at > PATIENCE,
    )


def problem(one: Refusal) -> dict[str, str]:
    """Return a problem as it is kept."""
    place = one.place or Place()
    return {
        "code": one.code,
        "message": str(one.message),
        "sheet": place.sheet or "",
        "cell": place.cell or "",
    }


def rows(*, with_content: bool = False) -> "QuerySet[models.PlanImport]":
    """Return the imports with what they name, without their large columns unless these are asked for."""
    found = models.PlanImport.objects.select_related("programme__unit", "act", "revision")
    return found if with_content else found.defer("content", "problems", "differences")


def _held(
    number: int, *, actor: Actor, states: Iterable[str] = (), is_locked: bool = True
) -> models.PlanImport:
    held = rows().select_for_update(of=("self",)) if is_locked else rows()
    row = held.filter(pk=number).first()
    if row is None:
        raise Refusal("unknown_import", _("There is no such import."))
    check(actor, PLAN, unit=row.programme.unit.code)
    if is_locked and row.state not in states:
        state = str(ImportState(row.state).label)
        raise Refusal(
            "not_ready", _("This cannot be done now: the import is in state “%(state)s”.") % {"state": state}
        )
    return row


def newest(row: models.Programme) -> int:
    """Return the number of the newest revision that was put in force, 0 for none."""
    last = row.revisions.filter(enacted_at__isnull=False).aggregate(number=Max("number"))["number"]
    return last or 0


def check_stamp(stamp: Stamp, row: models.Programme, name: str) -> None:
    """Refusal `other_programme`, `old_workbook` for a workbook that was not made of the plan in force."""
    if stamp.programme != row.code:
        message = _("The workbook is of another programme: “%(code)s”.") % {"code": stamp.programme}
        raise Refusal("other_programme", message, place=Place(file=name))
    last = newest(row)
    if stamp.revision != last:
        message = _("The workbook was made of revision %(old)d, and the plan is at revision %(new)d: "
                    "download the plan again.")  # fmt: skip
        numbers = {"old": stamp.revision, "new": last}
        raise Refusal("old_workbook", message % numbers, place=Place(file=name))
