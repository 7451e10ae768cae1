"""Objections of units to their scores: raised by a day, decided with a reason, corrected by reversal."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from shaar.access.api import Actor, check
from shaar.cases import api as cases
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.texts import LANGUAGES, Text
from shaar.ledger.api import Subject
from shaar.ratings import rounds
from shaar.ratings.models import Entry, EntryKind, Objection, Round
from shaar.ratings.permissions import OBJECT, RUN
from shaar.ratings.workflow import OBJECTION_WAY, OBJECTIONS

DECIDED_WORDS = gettext_lazy("The objection to the rating is decided.")
BEST = Decimal(100)


@transaction.atomic
def raise_objection(
    entry: int,
    *,
    text: str,
    wanted: Decimal | None,
    actor: Actor,
    at: datetime,
    files: Sequence[int] = (),
) -> int:
    """Object to an entry of one's unit and return the objection's number.

    Refusals: `unknown_entry`, `forbidden`, `not_allowed_here` (the round takes none), `too_late`,
    `objection_empty`, `bad_number`, `already_open`.
    """
    held = Entry.objects.filter(pk=entry, takes_back=None, taken_back_by=None).first()
    if held is None:
        raise Refusal("unknown_entry", _("This figure does not count any more."))
    row = rounds.in_state(held.round_id, OBJECTIONS)
    check(actor, OBJECT, unit=held.unit)
    if row.objections_until and at > row.objections_until:
        raise Refusal("too_late", _("The time for objections is over."))
    if not text.strip():
        raise Refusal("objection_empty", _("Say what is wrong and how you know."))
    _check_number(held, wanted)
    one = _written(held, row, text.strip(), wanted, actor=actor, at=at)
    title = _title(row, held)
    subject = Subject("ratings", "objection", str(one.pk), title.ru, f"/staff/ratings/objections/{one.pk}/")
    one.case_id = cases.open_case(
        OBJECTION_WAY, subject=subject, unit=held.unit, title=title, actor=actor, at=at,
        due_at=row.objections_until,
    )  # fmt: skip
    one.save(update_fields=["case_id"])
    for file in files:
        cases.attach(one.case_id, file, actor=rounds.SYSTEM, at=at)
    return one.pk


def _written(
    entry: Entry, row: Round, text: str, wanted: Decimal | None, *, actor: Actor, at: datetime
) -> Objection:
    try:
        with transaction.atomic():
            return Objection.objects.create(
                entry=entry, round=row, unit=entry.unit, wanted=wanted, text=text, raised_at=at,
                raised_by=actor.key,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("already_open", _("There is an objection to this already.")) from error


def _check_number(entry: Entry, number: Decimal | None) -> None:
    if number is None:
        return
    if not number.is_finite() or number < 0 or (entry.kind == EntryKind.JUDGED and number > BEST):
        raise Refusal("bad_number", _("Write a number that is not negative; judged points are at most 100."))


def _title(row: Round, entry: Entry) -> Text:
    title = rounds.title_of(row.regulation, Period.parse(row.period))
    written = {}
    for language in LANGUAGES:
        with override(language):
            words = {"rating": title.of(language), "unit": entry.unit}
            written[language] = _("Objection: %(rating)s, %(unit)s") % words
    return Text(**written)


@transaction.atomic
def decide(
    number: int,
    *,
    is_upheld: bool,
    reason: str,
    corrected: Decimal | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Decide an objection; an upheld one takes the entry back and writes another with the right number.

    For a penalty no corrected number means that it is lifted. Refusals: `unknown_objection`, `forbidden`,
    `reason_required`, `number_required`, `bad_number`, `not_allowed_here`.
    """
    one = get(number, is_locked=True)
    row = rounds.in_state(one.round_id, OBJECTIONS)
    check(actor, RUN, unit=row.regulation.declared.unit)
    step = "uphold" if is_upheld else "decline"
    if is_upheld:
        _check_corrected(one.entry, corrected)
    cases.perform(one.case_id or 0, step, actor=actor, at=at, reason=reason)
    if is_upheld:
        _correct(one, corrected, reason=reason.strip(), actor=actor, at=at)
    one.decided_at, one.decided_by, one.decision = at, actor.key, step
    one.save(update_fields=["decided_at", "decided_by", "decision"])
    rounds.tell(row, DECIDED_WORDS, verb=OBJECT, units=[one.unit], at=at)


def _check_corrected(entry: Entry, corrected: Decimal | None) -> None:
    if corrected is None and entry.kind != EntryKind.PENALTY:
        raise Refusal("number_required", _("Write the right number."))
    _check_number(entry, corrected)


def _correct(one: Objection, corrected: Decimal | None, *, reason: str, actor: Actor, at: datetime) -> None:
    entry = one.entry
    if Entry.objects.filter(takes_back=entry).exists():
        raise Refusal("not_allowed_here", _("This figure does not count any more."))
    rounds.take_back(entry, comment=reason, actor=actor, at=at, objection=one.pk)
    if corrected is None or (entry.kind == EntryKind.PENALTY and corrected == 0):
        return
    origin = {
        name: value for name, value in entry.origin.items() if name not in {"problem", "state", "qualifier"}
    }
    Entry.objects.create(
        round_id=entry.round_id, kind=entry.kind, unit=entry.unit, code=entry.code, number=corrected,
        target=entry.target, origin=origin, comment=reason, objection=one, recorded_at=at,
        recorded_by=actor.key,
    )  # fmt: skip


@transaction.atomic
def withdraw(number: int, *, actor: Actor, at: datetime) -> None:
    """Take an objection of one's unit back; Refusal `forbidden`, `not_allowed_here`."""
    one = get(number, is_locked=True)
    check(actor, OBJECT, unit=one.unit)
    cases.perform(one.case_id or 0, "withdraw", actor=actor, at=at)
    one.decided_at, one.decided_by, one.decision = at, actor.key, "withdraw"
    one.save(update_fields=["decided_at", "decided_by", "decision"])


def get(number: int, *, is_locked: bool = False) -> Objection:
    """Return an objection; raise Refusal `unknown_objection`."""
    rows = Objection.objects.select_related("entry", "round__regulation")
    found = (rows.select_for_update(of=("self",)) if is_locked else rows).filter(pk=number).first()
    if found is None:
        raise Refusal("unknown_objection", _("There is no such objection."))
    return found
