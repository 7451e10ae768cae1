"""Runs the live stream: on a signal every stream is ended first, then the server, so that none is cut off."""

import asyncio
import signal

from granian.constants import Interfaces
from granian.server.embed import Server

from shaar.monitor.live.application import application, live

BACKLOG = 4096
MOST_LISTENERS = 50_000
LAST_WORDS = 0.5  # seconds in which the streams end


async def serve(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        websockets=False,
        backlog=BACKLOG,
        backpressure=MOST_LISTENERS,
        log_enabled=False,
    )
    server.workers_kill_timeout = 5
    loop = asyncio.get_running_loop()

    def stop() -> None:
        live.log.close()
        loop.call_later(LAST_WORDS, server.stop)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    await server.serve()
