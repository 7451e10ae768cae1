"""Raises alerts on tiles by the pack's rules, as cases in the inbox; never twice while one is open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from shaar.access.api import Actor, system_actor, users_with
from shaar.cases import api as cases
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import LANGUAGES, Text
from shaar.kernel.writing import format_number
from shaar.ledger.api import Subject
from shaar.monitor import declared, keeping, rules
from shaar.monitor.declared import AlertRule, Monitor
from shaar.monitor.models import Alert
from shaar.monitor.permissions import ANSWER
from shaar.monitor.readings import Reading
from shaar.monitor.rules import Standing
from shaar.monitor.wording import moment

WORKFLOW, KIND = "monitor.alert", "monitor.alert"
OPEN, SEEN, CLOSED = "open", "acknowledged", "closed"
WATCHER = system_actor("monitor")
ONCE = "monitor_alert_open_once"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a tile now: whether its cause is there, whether it has passed, and the numbers."""

    is_cause: bool
    is_clear: bool
    numbers: dict[str, str]


def verdict(rule: AlertRule, reading: Reading, *, now: datetime) -> Verdict:
    """Judge a tile by a rule; between raising and clearing limits neither is said (hysteresis)."""
    if rule.kind == "silence":
        return _silence(rule, reading, now)
    if reading.standing in {Standing.NO_DATA, Standing.STALE} or reading.value is None:
        return Verdict(is_cause=False, is_clear=False, numbers={})
    if rule.kind == "threshold":
        return _threshold(rule, reading)
    found = rules.band(reading.earlier[-rule.band_of :], deviations=rule.deviations)
    if found is None:
        return Verdict(is_cause=False, is_clear=False, numbers={})
    holds = found.holds(reading.value) or (reading.is_open and reading.value < found.low)
    numbers = {"value": str(reading.value), "low": str(found.low), "high": str(found.high)}
    return Verdict(is_cause=not holds, is_clear=holds, numbers=numbers)


def _silence(rule: AlertRule, reading: Reading, now: datetime) -> Verdict:
    days = rule.days or 0
    newest = reading.last_at
    if newest is None:
        return Verdict(is_cause=False, is_clear=False, numbers={})
    silent = (clock.city_date(now) - clock.city_date(newest)).days
    return Verdict(silent >= days, silent < days, {"days": str(silent)})


def _threshold(rule: AlertRule, reading: Reading) -> Verdict:
    below = rule.below or Decimal(0)
    if reading.share is None:
        return Verdict(is_cause=False, is_clear=False, numbers={})
    clears = rule.clears if rule.clears is not None else below
    numbers = {"value": str(reading.value), "share": str(reading.share)}
    return Verdict(reading.share < below, reading.share >= clears, numbers)


def evaluate(monitor: Monitor, *, now: datetime) -> list[int]:
    """Evaluate every rule, raise what is to be raised, note what has cleared; return the new cases."""
    held = keeping.readings()
    last: dict[str, Alert] = {}
    for row in Alert.objects.order_by("raised_at", "pk"):
        last[row.rule] = row
    opened = []
    for rule in monitor.alerts:
        if rule.tile not in held:
            continue
        said = verdict(rule, held[rule.tile][0], now=now)
        before = last.get(rule.code)
        if before is not None and before.cleared_at is None and said.is_clear:
            before.cleared_at = now
            before.save(update_fields=["cleared_at"])
        if said.is_cause and _may(rule, before, now):
            number = _raise(monitor, rule, held[rule.tile][0], said, now=now)
            opened += [number] if number is not None else []
    return opened


def _may(rule: AlertRule, before: Alert | None, now: datetime) -> bool:
    return rules.may_raise(
        is_open=before is not None and before.closed_at is None,
        cleared_at=before.cleared_at if before else None,
        raised_at=before.raised_at if before else None,
        now=now,
        quiet=timedelta(hours=rule.quiet_hours),
    )


def _raise(
    monitor: Monitor, rule: AlertRule, reading: Reading, said: Verdict, *, now: datetime
) -> int | None:
    document: dict[str, Any] = {"kind": rule.kind, "period": reading.period, "numbers": said.numbers}
    try:
        with transaction.atomic():
            row = Alert.objects.create(rule=rule.code, tile=rule.tile, document=document, raised_at=now)
    except IntegrityError as error:
        if ONCE not in str(error):
            raise
        return None
    url = f"/staff/monitor/alerts/{row.pk}/"
    title = _title(monitor, rule, reading)
    number = cases.open_case(
        WORKFLOW,
        subject=Subject("monitor", "alert", str(row.pk), title.ru, url),
        unit=rule.unit,
        title=title,
        actor=WATCHER,
        at=now,
        due_at=now + timedelta(hours=rule.due_hours),
    )
    row.case_id = number
    row.save(update_fields=["case_id"])
    for person in users_with(ANSWER, unit=rule.unit):
        if person.id is not None:
            cases.notify(person.id, kind=KIND, text=title, url=url, at=now, key=f"monitor.alert:{row.pk}")
    return number


def _title(monitor: Monitor, rule: AlertRule, reading: Reading) -> Text:
    written = {}
    for language in LANGUAGES:
        with override(language):
            label = monitor.alerts_label.of(language)
            text = f"{rule.name.of(language)}: {_cause(monitor, rule, reading, language)}"
            written[language] = f"{text}. {label}" if label else text
    return Text(**written)


def _cause(monitor: Monitor, rule: AlertRule, reading: Reading, language: str) -> str:
    """Return what raised an alert: the value of the period, or when the source was heard of last."""
    if rule.kind == "silence":
        return _("the newest fact is of %(moment)s") % {"moment": moment(reading.last_at)}
    passport = indicators.passport(monitor.tile(rule.tile).indicator)
    value = "—"
    if reading.value is not None:
        value = format_number(reading.value, language, precision=passport.precision)
    return f"{value}, {reading.shown.name(language)}"


def acknowledge(alert: int, *, actor: Actor, at: datetime) -> None:
    """Say that somebody looks after an alert; Refusal `unknown_alert` and as `cases.perform`."""
    cases.perform(_case(get(alert)), "acknowledge", actor=actor, at=at)


@transaction.atomic
def close(alert: int, *, actor: Actor, at: datetime, reason: str) -> None:
    """Close an alert, saying why; Refusal `unknown_alert`, `reason_required` and as `cases.perform`."""
    row = get(alert)
    cases.perform(_case(row), "close", actor=actor, at=at, reason=reason)
    row.closed_at = at
    row.save(update_fields=["closed_at"])


def get(alert: int) -> Alert:
    """Return an alert; Refusal `unknown_alert`."""
    row = Alert.objects.filter(pk=alert, case_id__isnull=False).first()
    if row is None:
        raise Refusal("unknown_alert", _("There is no such alert."))
    return row


def _case(row: Alert) -> int:
    return row.case_id or 0


def watch(*, now: datetime) -> list[int]:
    """Evaluate the rules of the city in one transaction, one run at a time."""
    monitor = declared.monitor()
    if monitor is None:
        return []
    with transaction.atomic():
        keeping.lock_tiles()
        return evaluate(monitor, now=now)
