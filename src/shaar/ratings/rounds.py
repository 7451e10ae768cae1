"""Rounds of a rating: figures are read, judged, objected to and published; nothing is overwritten."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from shaar.access.api import Actor, check, system_actor, users_with
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.texts import LANGUAGES, Text
from shaar.ledger.api import Subject
from shaar.ratings import figures, freezing
from shaar.ratings.models import Edition, Entry, EntryKind, Regulation, Round
from shaar.ratings.permissions import JUDGE, OBJECT, RUN
from shaar.ratings.workflow import COMPUTED, KIND, OBJECTIONS, ROUND_WAY

BEST = Decimal(100)
SYSTEM = system_actor("ratings")
OPEN_WORDS = gettext_lazy("Objections to the rating are taken now.")
PUBLISHED_WORDS = gettext_lazy("The rating is published.")


def open_round(
    regulation: int, period: Period, *, actor: Actor, at: datetime, is_example: bool = False
) -> int:
    """Open the rating of a period and read its figures; return the round's number.

    Refusals: `unknown_regulation`, `forbidden`, `wrong_period` (another kind, or not over yet),
    `not_in_force`, `already_open`.
    """
    version = Regulation.objects.filter(pk=regulation).first()
    if version is None:
        raise Refusal("unknown_regulation", _("There is no such regulation."))
    rules = version.declared
    check(actor, RUN, unit=rules.unit)
    _check_period(version, period, at)
    with transaction.atomic():
        row = _opened(version, period, actor=actor, at=at, is_example=is_example)
        title = title_of(version, period)
        subject = Subject("ratings", "round", str(row.pk), title.ru, f"/staff/ratings/rounds/{row.pk}/")
        row.case_id = cases.open_case(
            ROUND_WAY, subject=subject, unit=rules.unit, title=title, actor=actor, at=at
        )
        row.save(update_fields=["case_id"])
        _write(row, figures.read(rules, period), actor=actor, at=at)
    return row.pk


def _opened(version: Regulation, period: Period, *, actor: Actor, at: datetime, is_example: bool) -> Round:
    try:
        with transaction.atomic():
            return Round.objects.create(
                regulation=version, code=version.code, period=str(period), figures_at=at, opened_at=at,
                opened_by=actor.key, is_example=is_example or version.is_example,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("already_open", _("This period is rated by this regulation already.")) from error


def _check_period(version: Regulation, period: Period, at: datetime) -> None:
    if period.kind not in version.declared.kinds:
        raise Refusal("wrong_period", _("The regulation does not rate periods of this length."))
    if period.end >= clock.city_date(at):
        raise Refusal("wrong_period", _("The period is not over yet."))
    if period.end < version.valid_from:
        raise Refusal("not_in_force", _("This version of the regulation was not in force then."))


def title_of(version: Regulation, period: Period) -> Text:
    """Return what a round is called in every language."""
    title = version.declared.title
    return Text(*(f"{title.of(one)}, {period.name(one)}" for one in ("ru", "ky", "en")))


def get(number: int, *, is_locked: bool = False) -> Round:
    """Return a round; raise Refusal `unknown_round`."""
    rows = Round.objects.select_related("regulation")
    found = (rows.select_for_update(of=("self",)) if is_locked else rows).filter(pk=number).first()
    if found is None:
        raise Refusal("unknown_round", _("There is no such round of a rating."))
    return found


def state_of(row: Round) -> str:
    """Return the state of a round's case."""
    return cases.get(row.case_id or 0).state


def in_state(number: int, *states: str) -> Round:
    """Return a round, locked, in one of some states; raise Refusal `not_allowed_here`."""
    row = get(number, is_locked=True)
    if state_of(row) not in states:
        raise Refusal("not_allowed_here", _("The round is past that step."))
    return row


def live(entries: Any) -> Any:
    """Return the entries that count: neither taken back nor taking another back."""
    return entries.filter(takes_back=None, taken_back_by=None)


# Entries ----------------------------------------------------------------------------------------------------
@transaction.atomic
def read_again(number: int, *, actor: Actor, at: datetime) -> int:
    """Read the figures anew; what has changed since is taken back and written again. Returns how many.

    A figure that was corrected after an objection stays. Refusals: `forbidden`, `not_allowed_here`.
    """
    row = in_state(number, COMPUTED)
    check(actor, RUN, unit=row.regulation.declared.unit)
    found = figures.read(row.regulation.declared, Period.parse(row.period))
    row.figures_at = at
    row.save(update_fields=["figures_at"])
    return _write(row, found, actor=actor, at=at)


def _write(row: Round, found: Iterable[figures.Read], *, actor: Actor, at: datetime) -> int:
    held = {(one.unit, one.code): one for one in live(row.entries.filter(kind=EntryKind.FIGURE))}
    fresh = []
    for one in found:
        before = held.get((one.unit, one.criterion))
        if before is not None and (before.objection_id or _same(before, one)):
            continue
        if before is not None:
            take_back(before, comment=_("The figure has changed at its source."), actor=actor, at=at)
        fresh.append(
            Entry(
                round=row, kind=EntryKind.FIGURE, unit=one.unit, code=one.criterion, number=one.number,
                target=one.target, origin=dict(one.origin), recorded_at=at, recorded_by=actor.key,
            )
        )  # fmt: skip
    Entry.objects.bulk_create(fresh)
    return len(fresh)


def _same(entry: Entry, found: figures.Read) -> bool:
    return (entry.number, entry.target, entry.origin) == (
        freezing.kept(found.number), freezing.kept(found.target), dict(found.origin),
    )  # fmt: skip


def take_back(
    entry: Entry, *, comment: str, actor: Actor, at: datetime, objection: int | None = None
) -> None:
    """Write the entry that takes another back."""
    Entry.objects.create(
        round_id=entry.round_id, kind=entry.kind, unit=entry.unit, code=entry.code, number=entry.number,
        target=entry.target, comment=comment, takes_back=entry, objection_id=objection, recorded_at=at,
        recorded_by=actor.key,
    )  # fmt: skip


@transaction.atomic
def judge(number: int, unit: str, *, points: Decimal, comment: str, actor: Actor, at: datetime) -> None:
    """Judge a unit by 0 to 100 points, saying why; an earlier judgement is taken back.

    Refusals: `forbidden`, `not_allowed_here`, `nothing_judged`, `bad_points`, `comment_empty`.
    """
    row = in_state(number, COMPUTED)
    check(actor, JUDGE, unit=unit)
    if row.regulation.declared.group_of(unit).judged is None:
        raise Refusal("nothing_judged", _("The regulation leaves nothing of this unit to be judged."))
    if not points.is_finite() or not 0 <= points <= BEST:
        raise Refusal("bad_points", _("Judge by 0 to 100 points."))
    if not comment.strip():
        raise Refusal("comment_empty", _("Say why you judge so."))
    for held in live(row.entries.filter(kind=EntryKind.JUDGED, unit=unit)):
        take_back(held, comment=_("Judged anew."), actor=actor, at=at)
    Entry.objects.create(
        round=row, kind=EntryKind.JUDGED, unit=unit, code="judged", number=points, comment=comment.strip(),
        recorded_at=at, recorded_by=actor.key,
    )  # fmt: skip


@transaction.atomic
def penalise(
    number: int, unit: str, code: str, *, times: Decimal, comment: str, actor: Actor, at: datetime
) -> None:
    """Take points off for so many cases of a penalty; Refusals as of `judge`, `unknown_penalty`."""
    row = in_state(number, COMPUTED)
    rules = row.regulation.declared
    check(actor, RUN, unit=rules.unit)
    if not any(one.code == code for one in rules.group_of(unit).penalties):
        raise Refusal("unknown_penalty", _("The regulation has no such penalty."))
    if not times.is_finite() or times <= 0 or times != times.to_integral_value():
        raise Refusal("bad_points", _("Write how many cases there were: 1, 2 …"))
    if not comment.strip():
        raise Refusal("comment_empty", _("Say what the penalty is for."))
    Entry.objects.create(
        round=row, kind=EntryKind.PENALTY, unit=unit, code=code, number=times, comment=comment.strip(),
        recorded_at=at, recorded_by=actor.key,
    )  # fmt: skip


# Steps ------------------------------------------------------------------------------------------------------
@transaction.atomic
def hear(number: int, *, actor: Actor, at: datetime) -> None:
    """Open a round to objections for the regulation's working days; the units' people are told."""
    row = get(number, is_locked=True)
    rules = row.regulation.declared
    due = city.working_deadline(at, days=rules.objection_days)
    cases.perform(row.case_id or 0, "hear", actor=actor, at=at)
    until = _("Objections are taken until then.")
    cases.set_deadline(row.case_id or 0, due, actor=SYSTEM, at=at, reason=until)
    row.objections_until = due
    row.save(update_fields=["objections_until"])
    tell(row, OPEN_WORDS, verb=OBJECT, units=_units(row), at=at)


@transaction.atomic
def settle(number: int, *, actor: Actor, at: datetime) -> None:
    """End the objections; Refusal `objections_open` while one is not decided, `too_early` before the day."""
    row = get(number, is_locked=True)
    if row.objections.filter(decided_at=None).exists():
        raise Refusal("objections_open", _("Decide every objection first."))
    if state_of(row) == OBJECTIONS and row.objections_until and at < row.objections_until:
        raise Refusal("too_early", _("Objections are still taken."))
    cases.perform(row.case_id or 0, "settle", actor=actor, at=at)


@transaction.atomic
def publish(number: int, *, actor: Actor, at: datetime) -> int:
    """Publish a round as a frozen edition and return its number; it never changes afterwards."""
    row = get(number, is_locked=True)
    cases.perform(row.case_id or 0, "publish", actor=actor, at=at)
    text = json.dumps(freezing.document(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    edition = Edition.objects.create(
        round=row,
        number=row.editions.count() + 1,
        document=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=at,
        published_by=actor.key,
    )
    tell(row, PUBLISHED_WORDS, verb=OBJECT, units=_units(row), at=at)
    return edition.pk


def step(number: int, code: str, *, actor: Actor, at: datetime, reason: str = "") -> None:
    """Make any step of a round; Refusals as of the step and of `cases.perform`."""
    own = {"hear": hear, "settle": settle, "publish": publish}
    if code in own:
        own[code](number, actor=actor, at=at)
        return
    with transaction.atomic():
        row = get(number, is_locked=True)
        cases.perform(row.case_id or 0, code, actor=actor, at=at, reason=reason)


def _units(row: Round) -> list[str]:
    return [unit for group in row.regulation.declared.groups for unit in group.units]


def tell(row: Round, words: Promise, *, verb: str, units: Iterable[str], at: datetime) -> None:
    """Tell the people who have a verb in some units, each once."""
    title = title_of(row.regulation, Period.parse(row.period))
    written = {}
    for language in LANGUAGES:
        with override(language):
            written[language] = f"{title.of(language)}. {words}"
    text = Text(**written)
    told = {one.id for unit in units for one in users_with(verb, unit=unit)}
    for person in sorted(one for one in told if one is not None):
        key = f"ratings:{row.pk}:{at.isoformat()}"
        cases.notify(person, kind=KIND, text=text, url=f"/staff/ratings/rounds/{row.pk}/", at=at, key=key)
