"""Records facts and takes them back, within the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shaar.kernel import clock, jobs
from shaar.kernel.errors import Refusal
from shaar.ledger import queries
from shaar.ledger.registry import subscriptions
from shaar.ledger.views import Batch, Fact, FactId
from shaar.ledger.writing import POSITION_BITS, Writer

REVERSE = """
INSERT INTO ledger_fact (id, happened_at, reverses, series_id, unit_id, territory_id, day, covers, qualifier,
    period_stated, quantity, upper, actor, as_written, subject_module, subject_kind, subject_id,
    subject_title, subject_url, evidence, approval)
SELECT %s, happened_at, id, series_id, unit_id, territory_id, day, covers, qualifier,
    period_stated, -quantity, -upper, %s, as_written, subject_module, subject_kind, subject_id, subject_title,
    subject_url, evidence, approval
FROM ledger_fact WHERE id = %s AND happened_at = %s
"""


def record(fact: Fact, *, key: str | None = None) -> FactId:
    """Record one fact and return its id; raises what `record_many` raises."""
    return (record_many([fact], key=key).id << POSITION_BITS) + 1


def record_many(facts: Iterable[Fact], *, key: str | None = None) -> Batch:
    """Record facts in the caller's transaction, or in one of its own: all of them or none.

    The ids are `(batch.id << 24) + 1` and on, in the order given. Refusal for a fact that names an
    unknown type, unit or territory, none at all, a time without zone or a quantity that is no finite number
    (`place.line` is its position); Refusal `already_recorded` for a key that was used before.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        number = _next_batch(cursor)
        if key is not None:
            _claim(cursor, key, number)
        writer = Writer(cursor, number)
        writer.write(facts)
        if not writer.count:
            return Batch(0, 0)
        _close_batch(cursor, number, writer.count, writer.first_at, writer.last_at)
        _announce(number, frozenset(writer.types))
    return Batch(number, writer.count)


def reverse(fact_id: FactId, *, reason: str, actor: str, at: datetime) -> FactId:
    """Take a fact back by a fact of the opposite quantity, and return its id; `at` is when that was decided.

    Refusal `unknown_fact`, `reason_required`, `not_reversible` for a reversal, `already_reversed`.
    """
    if not reason.strip():
        raise Refusal("reason_required", _("Say why the fact is taken back."))
    with transaction.atomic(), connection.cursor() as cursor:
        taken = queries.get(fact_id)
        if taken.reverses is not None:
            raise Refusal("not_reversible", _("A reversal cannot be taken back: record the fact again."))
        number = _next_batch(cursor)
        reversal = (number << POSITION_BITS) + 1
        cursor.execute(
            "INSERT INTO ledger_reversal VALUES (%s, %s, %s) ON CONFLICT (fact) DO NOTHING",
            [fact_id, reversal, reason.strip()],
        )
        if not cursor.rowcount:
            raise Refusal("already_reversed", _("The fact was taken back before."))
        cursor.execute(REVERSE, [reversal, actor, fact_id, taken.happened_at])
        _close_batch(cursor, number, 1, taken.happened_at, taken.happened_at, recorded_at=at)
        _announce(number, frozenset([taken.type]))
    return reversal


def _next_batch(cursor: Any) -> int:
    cursor.execute("SELECT nextval('ledger_batch_number')")
    return int(cursor.fetchone()[0])


def _claim(cursor: Any, key: str, batch: int) -> None:
    """Take an idempotency key; whoever holds it in an open transaction is waited for."""
    cursor.execute("INSERT INTO ledger_key VALUES (%s, %s) ON CONFLICT DO NOTHING", [key, batch])
    if not cursor.rowcount:
        raise Refusal("already_recorded", _("This was recorded before (%(key)s).") % {"key": key})


def _close_batch(
    cursor: Any,
    number: int,
    count: int,
    first_at: datetime,
    last_at: datetime,
    *,
    recorded_at: datetime | None = None,
) -> None:
    cursor.execute(
        "INSERT INTO ledger_batch (id, recorded_at, facts, first_at, last_at) VALUES (%s, %s, %s, %s, %s)",
        [number, recorded_at or clock.now(), count, first_at, last_at],
    )


def _announce(batch: int, types: frozenset[str]) -> None:
    for subscription in subscriptions():
        if subscription.wants(types):
            jobs.defer(subscription.task, batch=batch)
