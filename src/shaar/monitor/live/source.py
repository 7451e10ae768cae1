"""Reads the changes of tiles from PostgreSQL as they are announced, and earlier ones for who comes back."""

import asyncio
import logging
from collections.abc import AsyncIterator

from django.db import connection
from psycopg import AsyncConnection, OperationalError

from shaar.monitor.keeping import CHANNEL
from shaar.monitor.live.log import Change, Log

logger = logging.getLogger(__name__)
NEWEST = "SELECT coalesce(max(id), 0) FROM monitor_tilechange"
AFTER = "SELECT id, tile, document FROM monitor_tilechange WHERE id > %s ORDER BY id LIMIT 1000"
PAUSE = 1.0
LOOK_ANYWAY = 20.0
MOST_MISSED = 1000


async def follow(log: Log) -> None:
    """Keep a log up with the database until cancelled; a lost connection is made anew."""
    while True:
        try:
            async with await _connect() as line:
                await line.execute(f"LISTEN {CHANNEL}")
                if not log.newest:
                    log.start(await _newest(line))
                while True:
                    await _read_on(line, log)
                    async for _notice in line.notifies(timeout=LOOK_ANYWAY, stop_after=1):
                        pass
        except OperationalError:
            logger.warning("the live stream lost the database and asks for it again")
            await asyncio.sleep(PAUSE)


async def missed(after: int, until: int) -> list[Change] | None:
    """Return the changes between two numbers, the second included; None when there are too many to send."""
    async with await _connect() as line:
        found = [one async for one in _rows(line, after)]
    wanted = [one for one in found if one.number <= until]
    is_whole = len(found) < MOST_MISSED or found[-1].number >= until
    return wanted if is_whole else None


async def _read_on(line: "AsyncConnection[tuple[object, ...]]", log: Log) -> None:
    while changes := [one async for one in _rows(line, log.newest)]:
        log.append(changes)
        if len(changes) < MOST_MISSED:
            return


async def _rows(line: "AsyncConnection[tuple[object, ...]]", after: int) -> AsyncIterator[Change]:
    async for row in await line.execute(AFTER, [after]):
        yield Change._make(row)


async def _newest(line: "AsyncConnection[tuple[object, ...]]") -> int:
    row = await (await line.execute(NEWEST)).fetchone()
    return int(str(row[0])) if row else 0


async def _connect() -> "AsyncConnection[tuple[object, ...]]":
    wanted = connection.get_connection_params()
    options = {key: wanted[key] for key in ("dbname", "user", "password", "host", "port") if wanted.get(key)}
    return await AsyncConnection.connect(autocommit=True, **options)
