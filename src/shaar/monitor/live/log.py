"""The changes that listeners read: one shared log in memory, at which each listener has its own place.

Nothing is queued for a listener, so a slow one costs nothing: it reads on from its place, or, when the log no
longer reaches back so far, it is let go and comes back by the number it read last.
"""

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

KEPT = 4096


class Change(NamedTuple):
    """A change of a tile: its number and what is sent of it."""

    number: int
    tile: str
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """What a group of listeners sees: the units of their scope (None: all), and their language."""

    units: frozenset[str] | None
    language: str

    def sees(self, change: Change) -> bool:
        """Tell whether a change lies in the reader's scope."""
        return self.units is None or change.document["owner"] in self.units


class FellBehind(Exception):
    """The log no longer reaches back to where a listener stands."""


class Log:
    """The newest changes in order; readers of one group share the encoding of each stretch."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._changes: deque[Change] = deque(maxlen=kept)
        self._encoded: dict[tuple[Reader, int], bytes] = {}
        self._arrived: asyncio.Future[None] | None = None
        self._forgotten = 0
        self.newest = 0
        self.is_closed = False

    def start(self, number: int) -> None:
        """Begin after a number: what came before is in the database."""
        self.newest = self._forgotten = number

    def append(self, changes: Iterable[Change]) -> None:
        """Add changes in order and wake everyone who waits."""
        self._encoded.clear()
        for change in changes:
            if self._changes.maxlen == len(self._changes):
                self._forgotten = self._changes[0].number
            self._changes.append(change)
            self.newest = change.number
        self._wake()

    def close(self) -> None:
        """Let every listener end."""
        self.is_closed = True
        self._wake()

    async def wait(self, after: int, *, seconds: float) -> bool:
        """Wait until there is something after a number, or the time is over; tell whether there is."""
        if self.newest > after or self.is_closed:
            return self.newest > after
        if self._arrived is None:
            self._arrived = asyncio.get_running_loop().create_future()
        await asyncio.wait([self._arrived], timeout=seconds)
        return self.newest > after

    def frames(self, reader: Reader, *, after: int) -> bytes:
        """Return all events after a number as bytes; raises FellBehind. Encoded once for a group."""
        if after < self._forgotten:
            raise FellBehind
        key = (reader, after)
        if key not in self._encoded:
            found = [one for one in self._changes if one.number > after and reader.sees(one)]
            self._encoded[key] = b"".join(encode(one, reader.language) for one in found)
        return self._encoded[key]

    def _wake(self) -> None:
        if self._arrived is not None and not self._arrived.done():
            self._arrived.set_result(None)
        self._arrived = None


def encode(change: Change, language: str) -> bytes:
    """Return a change as one server-sent event in a language."""
    words = {
        "tile": change.tile,
        "state": change.document["state"],
        "html": change.document.get(language) or change.document["ru"],
    }
    return f"id: {change.number}\nevent: tile\ndata: {json.dumps(words, ensure_ascii=False)}\n\n".encode()
