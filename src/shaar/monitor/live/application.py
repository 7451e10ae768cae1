"""The ASGI application of the live stream: server-sent events at /live/monitor for who may see them."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from time import monotonic
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from django.conf import settings

from shaar.kernel.texts import LANGUAGES
from shaar.monitor.live.log import FellBehind, Log, Reader, encode
from shaar.monitor.live.people import UNKNOWN, People, is_own_origin
from shaar.monitor.live.source import follow, missed

Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
PATH, HEALTH = "/live/monitor", "/live/health"
HEARTBEAT = float(os.environ.get("SHAAR_LIVE_HEARTBEAT") or 15)
SLOWEST = 30.0
RETRY = b"retry: 2000\n\n"
BEAT = b": here\n\n"
RELOAD = b"event: reload\ndata: {}\n\n"


class Live:
    """The state of the process: the log, the people who listen, and the task that follows the database."""

    def __init__(self) -> None:
        self.log = Log()
        self.people = People()
        self.following: asyncio.Task[None] | None = None
        self.listeners = 0

    def start(self) -> None:
        """Begin to follow the database."""
        if self.following is None:
            self.following = asyncio.get_running_loop().create_task(follow(self.log))

    async def stop(self) -> None:
        """End every stream and the following."""
        self.log.close()
        if self.following is not None:
            self.following.cancel()
            with suppress(asyncio.CancelledError):
                await self.following
        self.people.close()


live = Live()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Answer one request, or the server's word that it starts and stops."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    live.start()
    if scope["path"] == HEALTH:
        await _plain(send, 200, f"{live.listeners} listeners, change {live.log.newest}\n")
    elif scope["path"] != PATH or scope["method"] != "GET":
        await _plain(send, 404, "not found\n")
    else:
        await _stream(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            live.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await live.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _stream(scope: Message, receive: Receive, send: Send) -> None:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin", "")
    if not is_own_origin(origin, headers.get("host", "")):
        await _plain(send, 403, "another site\n")
        return
    key = _cookie(headers.get("cookie", ""))
    units = await live.people.units(key) if key else UNKNOWN
    if units == UNKNOWN:
        await _plain(send, 403, "not signed in, or no right to look\n", origin=origin)
        return
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    language = asked.get("lang", ["ru"])[0]
    reader = Reader(units, language if language in LANGUAGES else "ru")
    after = _number(headers.get("last-event-id") or asked.get("since", [""])[0])
    gone = asyncio.get_running_loop().create_task(_gone(receive))
    live.listeners += 1
    try:
        await _head(send, 200, "text/event-stream; charset=utf-8", origin)
        await _send(send, RETRY)
        place = await _catch_up(send, reader, after)
        await _listen(send, reader, key, place, gone)
    except (FellBehind, TimeoutError):
        pass  # the browser comes back by the number it read last
    finally:
        live.listeners -= 1
        gone.cancel()
        with suppress(Exception):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _catch_up(send: Send, reader: Reader, after: int | None) -> int:
    """Send what came since a number, from the log or from the database, and return the place reached."""
    if after is None or after > live.log.newest:
        return live.log.newest
    try:
        frames, until = live.log.frames(reader, after=after), live.log.newest
    except FellBehind:
        until = live.log.newest
        found = await missed(after, until)
        if found is None:
            await _send(send, RELOAD)
            return until
        frames = b"".join(encode(one, reader.language) for one in found if reader.sees(one))
    if frames:
        await _send(send, frames)
    return until


async def _listen(send: Send, reader: Reader, key: str, place: int, gone: "asyncio.Task[None]") -> None:
    """Send what comes until the browser goes, the session ends or its scope changes."""
    asked = monotonic()
    while not gone.done() and not live.log.is_closed:
        is_more = await live.log.wait(place, seconds=HEARTBEAT)
        if monotonic() - asked >= HEARTBEAT:
            asked = monotonic()
            if await live.people.units(key) != reader.units:
                return
        if is_more:
            frames, place = live.log.frames(reader, after=place), live.log.newest
            if frames:
                await _send(send, frames)
        else:
            await _send(send, BEAT)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Send, body: bytes) -> None:
    message = {"type": "http.response.body", "body": body, "more_body": True}
    await asyncio.wait_for(send(message), timeout=SLOWEST)


async def _head(send: Send, status: int, kind: str, origin: str) -> None:
    headers = [
        (b"content-type", kind.encode()),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
        (b"vary", b"Origin, Cookie"),
    ]
    if origin:
        headers += [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
        ]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _plain(send: Send, status: int, text: str, *, origin: str = "") -> None:
    await _head(send, status, "text/plain; charset=utf-8", origin)
    await send({"type": "http.response.body", "body": text.encode(), "more_body": False})


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
