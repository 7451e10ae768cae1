"""Measures the monitor: from the commit of a fact to the receipt by listeners, and the time of its page.

A worker and the live process run as `./shaar serve` runs them. Listeners are sockets of one other process.
Each fact adds one to the sum of a tile, so the first event whose value reaches the sum after a fact covers
it. The page is asked for through Django's test client: the server's time without the network, beside a fixed
text of the same server (`plain_page_ms`). The rating is that of `bench ratings`, beside plain Python.

`./shaar bench monitor --json` takes a million facts (three minutes), `--facts 10000000` ten (a quarter of an
hour); other options stand as `name=value`: listeners=1000 rate=500 seconds=20 batch=25.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import re
import runpy
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

TYPE = "programme.figure_reported.v1"
FIGURES = {
    "lighting.led_total": "piece",
    "irrigation.trays_installed": "tray",
    "lighting.emergencies_fixed": "case",
    "lighting.requests_executed": "request",
    "water.accidents_fixed": "accident",
    "transport.tulpar_bus": "card",
    "transport.tulpar_trolleybus": "card",
    "streets.pavements_repaired": "running_metre",
}
DISTRICTS = ("leninsky", "oktyabrsky", "pervomaysky", "sverdlovsky")
VALUE = re.compile(r"<strong>([\d\u00a0]+)</strong>")
LOAD = 50_000
SAMPLED = 40


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="bench monitor")
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--listeners", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--batch", type=int, default=25)
    options = parser.parse_args([one if one.startswith("-") else f"--{one}" for one in arguments])
    cookie = _prepare()
    pages = []
    loaded = 0
    for size in (options.facts // 10, options.facts):
        _load(size - loaded)
        loaded = size
        pages.append({"facts": size} | _page(cookie) | _reckoning())
    small, large = (one["page_ms"]["p50"] for one in pages)
    return {
        "page": pages,
        "page_growth_for_ten_times_the_facts": round(large / small, 2),
        "live": _live(options, cookie),
        "rating": _rating(),
        "cpus": os.cpu_count(),
        "load_average": [round(one, 2) for one in os.getloadavg()],
    }


def _rating() -> Any:
    """Measure the rating of 500 units by 100 criteria with 1,000 runs, which has a benchmark of its own."""
    return runpy.run_path(str(Path(__file__).with_name("ratings.py")))["measure"]([])


# The city and its past --------------------------------------------------------------------------------------
def _prepare() -> str:
    from django.test import Client

    from shaar.access import api as access
    from shaar.access.models import User
    from shaar.city import api as city
    from shaar.config.environment import ROOT
    from shaar.indicators import api as indicators
    from shaar.monitor import pack as monitor

    pack = ROOT / "packs" / "bishkek"
    city.load_pack(pack, actor="bench")
    indicators.load_pack(pack, actor="bench")
    access.load_roles(pack, actor="bench")
    monitor.load_pack(pack, actor="bench")
    by = access.system_actor("bench")
    access.create_user("mayor", name="mayor", password="bench-2026-long", actor=by)
    access.assign_role("mayor", "mayor", unit=None, actor=by)
    client = Client()
    client.force_login(
        User.objects.get(username="mayor"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client.cookies["sessionid"].value


def _where(code: str) -> dict[str, str]:
    """Return the dimensions by which a tile's indicator takes its facts."""
    from shaar.indicators import api as indicators

    return dict(indicators.passport(code).where)


def _facts(count: int, seed: int) -> Iterator[Any]:
    from shaar.kernel import clock
    from shaar.ledger import api as ledger

    draw = random.Random(seed)
    today, names = clock.today(), list(FIGURES.items())
    where = {code: _where(code) for code in FIGURES}
    subject = ledger.Subject("bench", "example", "1", "демо")
    moments: dict[date, Any] = {}
    for _number in range(count):
        figure, measure = draw.choice(names)
        day = today - timedelta(days=draw.randint(1, 730))
        moment = moments.setdefault(day, clock.noon(day))
        place = draw.choice(DISTRICTS)
        one = Decimal(1)
        yield ledger.Fact(TYPE, moment, "city-hall", place, one, measure, subject, "bench", where[figure])


def _load(count: int) -> None:
    from shaar.kernel import jobs
    from shaar.ledger import api as ledger

    for part in range(0, count, LOAD):
        ledger.record_many(_facts(min(LOAD, count - part), part + count))
    jobs.run_pending()


def _page(cookie: str) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    times = _timed(client, "/staff/monitor/")
    answer = client.get("/staff/monitor/")
    return {
        "page_ms": _spread(times[5:]),
        "page_bytes": len(answer.content),
        "plain_page_ms": _spread(_timed(client, "/health/live/")[5:]),
    }


def _timed(client: Any, address: str) -> list[float]:
    times = []
    for _run in range(40):
        started = time.perf_counter()
        answer = client.get(address)
        times.append(time.perf_counter() - started)
        assert answer.status_code == 200
    return times


def _reckoning() -> dict[str, Any]:
    from shaar.kernel import clock
    from shaar.monitor import keeping

    started = time.perf_counter()
    keeping.keep_all(now=clock.now())
    return {"all_tiles_anew_ms": round((time.perf_counter() - started) * 1000)}


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "p50": round(statistics.median(ordered) * 1000, 1),
        "p99": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000, 1),
        "max": round(ordered[-1] * 1000, 1),
    }


# Facts while people look ------------------------------------------------------------------------------------
def _live(options: argparse.Namespace, cookie: str) -> dict[str, Any]:
    port = _free_port()
    commands = (["live", "--port", str(port)], ["worker", "--queues", "rollups,monitor"])
    environment = {**os.environ, "SHAAR_ENV": "development"}
    running = [subprocess.Popen([sys.executable, "-m", "shaar", *one], env=environment) for one in commands]
    try:
        _wait(port)
        start, ready, stop = multiprocessing.Event(), multiprocessing.Event(), multiprocessing.Event()
        pipe, end = multiprocessing.Pipe()
        people = multiprocessing.Process(
            target=_people, args=(options.listeners, port, cookie, start, ready, stop, end)
        )
        people.start()
        assert ready.wait(timeout=120), "the listeners do not all listen"
        committed = _record(options)
        time.sleep(6)
        stop.set()
        heard = pipe.recv()
        people.join()
        memory = _memory(running[0].pid)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)
    return _latencies(options, committed, heard) | {"live_process_mb": memory}


def _record(options: argparse.Namespace) -> list[tuple[str, int, float]]:
    """Record facts at the rate and return tile, its sum and the moment of commit for each fact."""
    from shaar.kernel import clock
    from shaar.ledger import api as ledger

    subject = ledger.Subject("bench", "example", "1", "демо")
    sums, where = dict.fromkeys(FIGURES, 0), {code: _where(code) for code in FIGURES}
    names, draw = list(FIGURES), random.Random(1)
    committed: list[tuple[str, int, float]] = []
    started = time.perf_counter()
    for number in range(options.rate * options.seconds // options.batch):
        due = started + number * options.batch / options.rate
        time.sleep(max(0.0, due - time.perf_counter()))
        chosen = [draw.choice(names) for _fact in range(options.batch)]
        ledger.record_many(
            ledger.Fact(
                TYPE,
                clock.now(),
                "city-hall",
                draw.choice(DISTRICTS),
                Decimal(1),
                FIGURES[one],
                subject,
                "bench",
                where[one],
            )
            for one in chosen
        )
        moment = time.time()
        for one in chosen:
            sums[one] += 1
            committed.append((one, sums[one], moment))
    committed.append(("took", 0, time.perf_counter() - started))
    return committed


def _latencies(
    options: argparse.Namespace, committed: list[tuple[str, int, float]], heard: dict[str, Any]
) -> dict[str, Any]:
    took = committed.pop()[2]
    latencies: list[float] = []
    lost = 0
    for person in heard["people"]:
        for tile in FIGURES:
            arrivals, place = person.get(tile, []), 0
            for name, total, moment in committed:
                if name != tile:
                    continue
                while place < len(arrivals) and arrivals[place][0] < total:
                    place += 1
                if place == len(arrivals):
                    lost += 1
                else:
                    latencies.append(arrivals[place][1] - moment)
    return {
        "listeners": options.listeners,
        "facts": len(committed),
        "facts_per_second": round(len(committed) / took),
        "facts_a_batch": options.batch,
        "commit_to_receipt_ms": _spread(latencies) if latencies else None,
        "never_received": lost,
        "sampled_listeners": len(heard["people"]),
        "events_received_by_all": heard["events"],
        "listeners_with_all_events": heard["whole"],
        "numbers_in_order": heard["ordered"],
    }


def _memory(pid: int) -> int:
    import psutil

    return round(psutil.Process(pid).memory_info().rss / 1e6)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(port: int) -> None:
    for _attempt in range(150):
        try:
            with urlopen(f"http://127.0.0.1:{port}/live/health", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the live process does not answer")


# The listeners, in a process of their own -------------------------------------------------------------------
def _people(count: int, port: int, cookie: str, _start: Any, ready: Any, stop: Any, pipe: Any) -> None:
    asyncio.run(_listen_all(count, port, cookie, ready, stop, pipe))


async def _listen_all(count: int, port: int, cookie: str, ready: Any, stop: Any, pipe: Any) -> None:
    kept: list[list[tuple[float, bytes]]] = [[] for _one in range(count)]
    lines = []
    for number in range(count):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = f"GET /live/monitor?lang=ru HTTP/1.1\r\nHost: x\r\nCookie: sessionid={cookie}\r\n\r\n"
        writer.write(request.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.splitlines()[0], head
        lines.append((asyncio.create_task(_hear(reader, kept[number], number < SAMPLED)), writer))
    ready.set()
    while not stop.is_set():  # noqa: ASYNC110 another process sets it
        await asyncio.sleep(0.2)
    for task, writer in lines:
        task.cancel()
        writer.close()
    numbers = [[int(one) for _at, chunk in held for one in re.findall(rb"id: (\d+)", chunk)] for held in kept]
    everything = {one for held in numbers for one in held}
    pipe.send(
        {
            "people": [_arrivals(held) for held in kept[:SAMPLED]],
            "events": sum(len(held) for held in numbers),
            "whole": sum(set(held) == everything for held in numbers),
            "ordered": all(held == sorted(set(held)) for held in numbers),
        }
    )


async def _hear(reader: asyncio.StreamReader, kept: list[tuple[float, bytes]], is_whole: bool) -> None:
    """Keep all that is heard by the sampled listeners, of the others only the numbers of events."""
    rest = b""
    while chunk := await reader.read(65536):
        if is_whole:
            kept.append((time.time(), chunk))
            continue
        text = rest + chunk
        cut = text.rfind(b"\n") + 1
        kept.append((0.0, b" ".join(re.findall(rb"id: \d+", text[:cut]))))
        rest = text[cut:]


def _arrivals(held: list[tuple[float, bytes]]) -> dict[str, list[tuple[int, float]]]:
    """Return for each tile the values heard, with the moment when the event's last byte was there."""
    found: dict[str, list[tuple[int, float]]] = {}
    text = b""
    for moment, chunk in held:
        text += chunk
        *whole, text = text.split(b"\n\n")
        for event in whole:
            if (place := event.find(b"data: {")) < 0 or b"event: tile" not in event:
                continue
            said = json.loads(re.sub(rb"\r\n[0-9a-f]+\r\n", b"", event[place + 6 :]))
            if value := VALUE.search(said["html"]):
                total = int(value[1].replace("\u00a0", ""))
                found.setdefault(said["tile"], []).append((total, moment))
    return found
