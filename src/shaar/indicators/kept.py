"""Keeps what the rules said about a period, so that they run once for each change and not at each asking.

What is kept carries a stamp of all that the rules read. A reader whose stamp differs runs the rules and keeps
what they say; others who wait for the same hold still meanwhile and then take it. Answers are not kept here.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from shaar import __version__
from shaar.indicators.catalogue import Catalogue
from shaar.indicators.models import KeptOutcomes
from shaar.indicators.outcomes import Finding, Outcome, Severity
from shaar.indicators.rules import rule_states
from shaar.indicators.sources import ground
from shaar.kernel import clock
from shaar.kernel.once import look
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text

MOST = 200  # anyone may ask for any period: the oldest go
EVERYTHING = "*"

Reckon = Callable[[], list[Finding]]


def state(known: Catalogue) -> str | None:
    """Return a short text that changes whenever a value or a finding may; None where that cannot be told."""
    return look("indicators.state", lambda: _state(known))


def _state(known: Catalogue) -> str | None:
    standing = ground().state()
    if standing is None:
        return None
    others = "/".join(rule_states())
    return f"{__version__} {known.number} {standing} {others}"


def findings(
    known: Catalogue, codes: Sequence[str] | None, period: Period, *, on: date, reckon: Reckon
) -> list[Finding]:
    """Return what the rules say about indicators (None: all) in a period, by `reckon` if it is not kept."""
    standing = state(known)
    if standing is None or on != clock.today():
        return reckon()
    stamp, scope = f"{standing} {on}", scope_key(codes)
    kept = KeptOutcomes.objects.filter(period=str(period), scope=scope, stamp=stamp).first()
    if kept is None:
        return _reckon_once(known, codes, period, on=on, reckon=reckon)
    return [_finding(one) for one in kept.outcomes]


def scope_key(codes: Sequence[str] | None) -> str:
    """Return the name under which a set of indicators is kept."""
    return EVERYTHING if codes is None else hashlib.sha256("\n".join(codes).encode()).hexdigest()


@transaction.atomic
def _reckon_once(
    known: Catalogue, codes: Sequence[str] | None, period: Period, *, on: date, reckon: Reckon
) -> list[Finding]:
    """Run the rules and keep what they say, unless another reader has done so while this one waited."""
    scope = scope_key(codes)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"indicators findings {period} {scope}"]
        )
    stamp = f"{_state(known)} {on}"  # as it is after the waiting
    kept = KeptOutcomes.objects.filter(period=str(period), scope=scope).first()
    if kept is not None and kept.stamp == stamp:
        return [_finding(one) for one in kept.outcomes]
    found = reckon()
    KeptOutcomes.objects.update_or_create(
        period=str(period),
        scope=scope,
        defaults={
            "codes": None if codes is None else list(codes),
            "stamp": stamp,
            "outcomes": [_document(one) for one in found],
            "reckoned_at": clock.now(),
        },
    )
    _let_the_oldest_go()
    return found


def _let_the_oldest_go() -> None:
    newest = KeptOutcomes.objects.order_by("-reckoned_at", "-pk").values("pk")[:MOST]
    KeptOutcomes.objects.exclude(pk__in=newest).delete()


def asked_lately(number: int) -> Iterable[tuple[list[str] | None, Period]]:
    """Return the sets of indicators and the periods whose findings were reckoned last."""
    for kept in KeptOutcomes.objects.order_by("-reckoned_at", "-pk")[:number]:
        yield kept.codes, Period.parse(kept.period)


def _document(finding: Finding) -> dict[str, Any]:
    return {
        "key": finding.key,
        "rule": finding.rule,
        "outcome": finding.outcome.value,
        "severity": finding.severity.value,
        "indicators": list(finding.indicators),
        "period": str(finding.period),
        "message": [finding.message.ru, finding.message.ky, finding.message.en],
        "numbers": dict(finding.numbers),
        "rows": list(finding.rows),
    }


def _finding(document: dict[str, Any]) -> Finding:
    return Finding(
        key=document["key"],
        rule=document["rule"],
        outcome=Outcome(document["outcome"]),
        severity=Severity(document["severity"]),
        indicators=tuple(document["indicators"]),
        period=Period.parse(document["period"]),
        message=Text(*document["message"]),
        numbers=document["numbers"],
        rows=tuple(document["rows"]),
    )
