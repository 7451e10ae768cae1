"""Who listens: the session cookie says it, and is asked about again while they listen."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings
from django.db import close_old_connections, connection

from shaar.access.api import NOBODY, actor_of_cookie, scope
from shaar.monitor.permissions import VIEW

HELD_FOR = 15.0
THREADS = 2
MOST_HELD = 10_000
UNKNOWN = frozenset({"nobody's"})


@dataclass
class People:
    """Answers whose a session is by the database, and remembers the answer for some seconds."""

    _held: dict[str, tuple[float, asyncio.Future[frozenset[str] | None]]] = field(default_factory=dict)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(THREADS, thread_name_prefix="people")
    )

    async def units(self, session_key: str) -> frozenset[str] | None:
        """Return the units whose tiles a session may see, None for all; `UNKNOWN` for who may see none."""
        held = self._held.get(session_key)
        if held is None or monotonic() - held[0] > HELD_FOR:
            if len(self._held) > MOST_HELD:
                self._held.clear()
            asked = asyncio.get_running_loop().run_in_executor(self._pool, _units, session_key)
            held = self._held[session_key] = (monotonic(), asked)
        return await asyncio.shield(held[1])

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _units(session_key: str) -> frozenset[str] | None:
    close_old_connections()
    try:
        actor = actor_of_cookie(session_key)
        if actor == NOBODY:
            return UNKNOWN
        found = scope(actor, VIEW)
        return UNKNOWN if found.is_empty else found.units
    finally:
        connection.close()


def is_own_origin(origin: str, host: str) -> bool:
    """Tell whether a page of ours asks: no foreign site may read the stream with a person's cookie."""
    if not origin or origin in {settings.SHAAR_PUBLIC_URL, *settings.CSRF_TRUSTED_ORIGINS}:
        return True
    if settings.PRODUCTION:
        return urlsplit(origin).netloc == host
    asks = urlsplit(origin)
    return asks.hostname == host.partition(":")[0] and asks.port == settings.SHAAR_PORT
