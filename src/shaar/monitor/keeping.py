"""Keeps the tiles up with the ledger: what changed is written, numbered and announced in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.once import one_look
from shaar.ledger import api as ledger
from shaar.monitor import declared
from shaar.monitor.concerned import Touch, concerned
from shaar.monitor.declared import Monitor
from shaar.monitor.models import Reckoned, TileChange, TileState
from shaar.monitor.readings import READING, Reading
from shaar.monitor.reckoning import is_current, read_on, read_tile
from shaar.monitor.showing import markup

CHANNEL = "monitor_tiles"
# One writer at a time: so the numbers of changes are committed in their order, and a reader misses none.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('monitor_tiles'))"
NOTIFY = f"NOTIFY {CHANNEL}"
TOGETHER = 2000
KEPT_FOR = timedelta(days=7)
BATCHES_KEPT = 100_000


def keep_up(batch: int, *, now: datetime) -> list[str]:
    """Bring the tiles that a batch and those after it concern up to date; return the tiles that changed.

    A batch that an earlier run took along is passed over. The batches' facts are added to the rollups first.
    """
    if Reckoned.objects.filter(batch=batch).exists() or (monitor := declared.monitor()) is None:
        return []
    with transaction.atomic():
        lock_tiles()
        new = _claim(batch)
        if not new:
            return []
        indicators.add_batches(new)
        with one_look():
            touched = concerned(monitor, new)
            return _reckon(monitor, touched, now=now)


def keep_all(*, now: datetime) -> list[str]:
    """Reckon every tile anew: values grow stale and periods end without any fact; return what changed."""
    monitor = declared.monitor()
    if monitor is None:
        return []
    with transaction.atomic(), one_look():
        lock_tiles()
        codes = [tile.code for tile in monitor.tiles]
        TileState.objects.exclude(tile__in=codes).delete()
        taken = concerned(monitor, _begin_after_newest())
        touched = {code: Touch(newest=taken[code].newest if code in taken else None) for code in codes}
        return _reckon(monitor, touched, now=now)


def prune(*, now: datetime) -> None:
    """Let the changes of more than a week ago go, and the numbers of batches long past."""
    TileChange.objects.filter(at__lt=now - KEPT_FOR).delete()
    newest = Reckoned.objects.order_by("-batch").values_list("batch", flat=True).first()
    if newest is not None:
        Reckoned.objects.filter(batch__lt=newest - BATCHES_KEPT).delete()


def readings() -> dict[str, tuple[Reading, datetime]]:
    """Return every tile as it stands, with when it changed; one query."""
    rows = TileState.objects.values_list("tile", "document", "changed_at")
    return {tile: (READING.validate_python(document), at) for tile, document, at in rows}


def newest_change() -> int:
    """Return the number of the newest change, 0 when there is none."""
    return TileChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def lock_tiles() -> None:
    """Let one writer at a time through, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def _begin_after_newest() -> list[int]:
    """Count the newest batch as reckoned, so that the next job does not take the whole past along; return it.

    Earlier batches that are not in the rollups yet have jobs of their own.
    """
    newest = ledger.recorded()[1]
    if newest and not Reckoned.objects.filter(batch__gte=newest).exists():
        indicators.add_batches([newest])
        Reckoned.objects.create(batch=newest)
        return [newest]
    return []


def _claim(batch: int) -> list[int]:
    """Return a batch and the next ones, of which no run has taken care, and take care of them."""
    newest = Reckoned.objects.order_by("-batch").values_list("batch", flat=True).first()
    after = max(newest if newest is not None else 0, batch - TOGETHER)
    wanted = sorted({batch, *ledger.batches(after=after)[:TOGETHER]})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO monitor_reckoned (batch) SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING"
            " RETURNING batch",
            [wanted],
        )
        return [row[0] for row in cursor.fetchall()]


def _reckon(monitor: Monitor, touched: Mapping[str, Touch], *, now: datetime) -> list[str]:
    today = clock.city_date(now)
    held = {row.tile: row for row in TileState.objects.filter(tile__in=list(touched))}
    changed: list[Reading] = []
    states: list[TileState] = []
    for code, touch in touched.items():
        row = held.get(code)
        reading = _read(monitor, code, row, touch, today)
        document = READING.dump_python(reading, mode="json")
        if row is None or row.document != document:
            changed.append(reading)
            states.append(TileState(tile=code, document=document, last_at=reading.last_at, changed_at=now))
    _write(monitor, changed, states, now=now)
    return [reading.tile for reading in changed]


def _read(monitor: Monitor, code: str, row: TileState | None, touch: Touch, today: date) -> Reading:
    moments = [one for one in (touch.newest, row.last_at if row else None) if one is not None]
    tile, last_at = monitor.tile(code), max(moments, default=None)
    kept = READING.validate_python(row.document) if row and touch.first_day else None
    if kept is not None and touch.first_day and is_current(tile, kept, since=touch.first_day, today=today):
        return read_on(monitor, tile, kept, last_at=last_at, today=today)
    return read_tile(monitor, tile, today=today, last_at=last_at)


def _write(
    monitor: Monitor, changed: Sequence[Reading], states: Iterable[TileState], *, now: datetime
) -> None:
    if not changed:
        return
    TileState.objects.bulk_create(
        states,
        update_conflicts=True,
        unique_fields=["tile"],
        update_fields=["document", "last_at", "changed_at"],
    )
    TileChange.objects.bulk_create(
        TileChange(tile=one.tile, document=markup(monitor, one, changed_at=now), at=now) for one in changed
    )
    with connection.cursor() as cursor:
        cursor.execute(NOTIFY)
