"""Measures the public pages as many people read them, against the real server with a demonstration's data.

Readers keep their connections, as browsers do, and ask for compressed pages. *Pressing* readers ask again
at once, so that what is measured is how much the server can; *people* wait about a second between two pages,
as a hundred readers do. The reference is `/health/live/`, a fixed text of the same server in the same run.
`app` is the time that the program itself took (`Server-Timing`), the rest is waiting for a free worker.

`./shaar bench pages --json`, or `./shaar bench pages requests=400 readers=100` for another size.
"""

import argparse
import asyncio
import contextlib
import gzip
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

PROGRAMME = "/programmes/bishkek-2026/"
PAGES = {
    "first_page": "/",
    "news": "/news/",
    "programme": PROGRAMME,
    "measures": f"{PROGRAMME}measures/",
    "indicators": "/indicators/",
    "figure": "/figures/lifts.delivered/2022/",
    "findings": "/findings/",
    "open_data": "/data/",
    "accessibility": "/accessibility/",
}
REFERENCE = "/health/live/"
PAUSE = 1.0
HEAD = "\r\n".join((
    "GET {path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: bench", "Accept-Encoding: gzip",
    "Accept-Language: ru", "", "",
))  # fmt: skip


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="bench pages")
    parser.add_argument("--requests", type=int, default=1500)
    parser.add_argument("--readers", type=int, default=100)
    options = parser.parse_args([one if one.startswith("-") else f"--{one}" for one in arguments])
    _load()
    with _served() as port:
        for path in (*PAGES.values(), REFERENCE):
            asyncio.run(_read(port, path, readers=4, requests=16, pause=0))
        return _measured(port, options.readers, options.requests)


def _measured(port: int, most: int, requests: int) -> dict[str, Any]:
    pages = {}
    for name, path in PAGES.items():
        pages[name] = {
            "people": asyncio.run(_read(port, path, readers=most, requests=3 * most, pause=PAUSE)).figures(),
            "pressing": asyncio.run(_read(port, path, readers=most, requests=requests, pause=0)).figures(),
        }
    growth = {}
    for readers in (most // 10, most // 2, most):
        seen = asyncio.run(_read(port, "/", readers=readers, requests=requests, pause=0))
        growth[str(readers)] = seen.figures()
    reference = asyncio.run(_read(port, REFERENCE, readers=most, requests=requests, pause=0)).figures()
    slowest = max(one["people"]["app_ms"]["p95"] for one in pages.values())
    return {
        "readers": most,
        "pages": pages,
        "growth_of_first_page": growth,
        "reference": reference,
        "slowest_app_p95_ms": slowest,
        "slowest_people_p95_ms": max(one["people"]["ms"]["p95"] for one in pages.values()),
        "pages_of_reference": round(
            reference["per_second"] / min(one["pressing"]["per_second"] for one in pages.values()), 2
        ),
        "cpus": os.cpu_count(),
        "load_average": [round(one, 2) for one in os.getloadavg()],
    }


@dataclass
class Seen:
    """What readers saw: seconds of each answer as reader and program count them, and its bytes."""

    total: list[float] = field(default_factory=list)
    app: list[float] = field(default_factory=list)
    size: int = 0
    packed: int = 0
    seconds: float = 0
    failed: int = 0

    def figures(self) -> dict[str, Any]:
        return {
            "ms": _percentiles(self.total),
            "app_ms": _percentiles(self.app),
            "per_second": round(len(self.total) / self.seconds, 1),
            "bytes": self.size,
            "bytes_gzip": self.packed,
            "failed": self.failed,
        }


async def _read(port: int, path: str, *, readers: int, requests: int, pause: float) -> Seen:
    seen, left = Seen(), iter(range(requests))
    request = HEAD.format(path=path).encode()
    started = time.perf_counter()
    await asyncio.gather(*(_reader(port, request, seen, left, pause) for _turn in range(readers)))
    seen.seconds = time.perf_counter() - started
    return seen


async def _reader(port: int, request: bytes, seen: Seen, left: Iterator[int], pause: float) -> None:
    chance = random.Random()
    await asyncio.sleep(chance.random() * pause)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _turn in left:
        asked = time.perf_counter()
        writer.write(request)
        status, headers, body = await _answer(reader)
        seen.total.append(time.perf_counter() - asked)
        if timing := headers.get("server-timing"):
            seen.app.append(float(timing.partition("dur=")[2]) / 1000)
        seen.failed += status != 200
        seen.size = len(body)
        is_packed = headers.get("content-encoding") == "gzip"
        seen.packed = len(body) if is_packed else seen.packed or len(gzip.compress(body, 6))
        if pause:
            await asyncio.sleep(pause * (0.5 + chance.random()))
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(head[0].split()[1]), headers, body


def _percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(1000 * one for one in seconds)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {f"p{share}": round(ordered[min(len(ordered) * share // 100, last)], 2) for share in (50, 95, 99)}


def _load() -> None:
    from shaar.config.demo import load_demo

    for _line in load_demo():
        pass


@contextlib.contextmanager
def _served() -> Iterator[int]:
    """Serve the installation on a free port of this machine as `./shaar serve` does, with its jobs."""
    from shaar.config.cli_serve import server_command

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    with contextlib.ExitStack() as running:
        for command in (server_command(port), [sys.executable, "-m", "shaar", "worker"]):
            program = subprocess.Popen(
                command, env=os.environ | {"SHAAR_TIMING": "1", "SHAAR_PORT": str(port)}
            )
            running.callback(_stop, program)
        _wait(port)
        yield port


def _stop(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(timeout=20)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def _wait(port: int) -> None:
    for _turn in range(1800):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")
