"""The command `live`: the process of the live stream."""

import argparse
from typing import Any


def register(commands: Any) -> None:
    """Add the command."""
    live = commands.add_parser("live", help="serve the live stream of the monitor until stopped")
    live.add_argument("--port", type=int, help="the port to listen on (default: SHAAR_LIVE_PORT)")
    live.set_defaults(run=run_live)


def run_live(arguments: argparse.Namespace) -> int:
    """Serve the stream in this process."""
    import asyncio
    import os

    from django.conf import settings

    from shaar.monitor.live.serving import serve

    host = os.environ.get("SHAAR_HOST") or "127.0.0.1"
    asyncio.run(serve(host, arguments.port or settings.SHAAR_LIVE_PORT))
    return 0
