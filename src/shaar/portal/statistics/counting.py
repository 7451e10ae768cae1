"""Counts public pages in memory while they are answered, and puts the sums by into small files now and then.

A reader waits for an addition and, once in a while, for a small file; the database is not asked, so kept
pages stay kept. Of a request only three things are kept: the kind of page, the language, and whether the
browser calls itself a telephone, a tablet or a computer. Nothing else is, not even the time of the day.
"""

import atexit
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from shaar.kernel import clock

Key: TypeAlias = tuple[str, str, str, str]
VIEW = "shaar.page"  # where the keeper of pages leaves the kind of a page that it answers by itself
PERIOD, MOST = 60.0, 5000
# Programs that say so.
ROBOT = re.compile(
    r"bot|crawl|spider|slurp|archiv|scrap|fetch|preview|monitor|uptime|headless|lighthouse|curl|wget|python"
    r"|java/|go-http|okhttp|axios|ruby|perl|libwww|httpclient|feed|rss|validator|facebookext|whatsapp|telegram",
    re.IGNORECASE,
)
TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk|Android(?!.*Mobile)", re.IGNORECASE)
PHONE = re.compile(r"Mobi|iPhone|iPod|Android|Opera Mini|IEMobile", re.IGNORECASE)
COUNTED_FILES = frozenset({"portal:dataset-file", "reports:download"})

_counts: Counter[Key] = Counter()
_lock = Lock()
_since: list[float] = []


class CountingMiddleware:
    """Counts what is read of the public pages; stands outside the keeper of pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        answer = self.get_response(request)
        if settings.SERVER_TIMING:
            answer["Server-Timing"] = f"app;dur={1000 * (time.perf_counter() - started):.2f}"
        if request.method == "GET" and answer.status_code in {200, 304}:
            count(request, answer)
        return answer


def count(request: HttpRequest, answer: HttpResponse) -> None:
    """Count a page that a person read; staff pages and programs are not counted."""
    page = page_of(request)
    if not page or request.path.startswith("/staff/") or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return
    is_page = answer.status_code == 304 or answer.get("Content-Type", "").startswith("text/html")
    device = device_of(request.headers.get("User-Agent", ""))
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    if not device or is_ahead or not (is_page or page in COUNTED_FILES):
        return
    language = get_language_from_request(request)[:2]
    with _lock:
        _counts[clock.today().isoformat(), page, language, device] += 1
        is_due = _is_due()
    if is_due:
        put_by()


def page_of(request: HttpRequest) -> str:
    """Return the kind of page that a request read, by the name of its address; empty where it has none."""
    kept = request.META.get(VIEW)
    if kept:
        return str(kept)
    match = request.resolver_match
    return match.view_name if match and match.view_name else ""


def device_of(agent: str) -> str:
    """Return what a browser calls itself: phone, tablet or computer; empty for a program or nothing."""
    if not agent or ROBOT.search(agent):
        return ""
    if TABLET.search(agent):
        return "tablet"
    return "phone" if PHONE.search(agent) else "computer"


def put_by() -> Path | None:
    """Write what was counted since the last time to a file of its own; None where there was nothing."""
    with _lock:
        taken = dict(_counts)
        _counts.clear()
        _since[:] = [time.monotonic()]
    if not taken:
        return None
    place = directory()
    place.mkdir(parents=True, exist_ok=True)
    name = f"{time.time_ns()}-{os.getpid()}"
    draft = place / f"{name}.part"
    draft.write_text(json.dumps([[*key, number] for key, number in taken.items()]), encoding="utf-8")
    return draft.rename(place / f"{name}.json")


def directory() -> Path:
    """Return where the files of counts wait to be added up."""
    return Path(settings.FILE_ROOT) / "counted"


def _is_due() -> bool:
    """Tell whether it is time to put the counts by; the first count of a process starts the clock."""
    if not _since:
        _since.append(time.monotonic())
        atexit.register(put_by)
    return time.monotonic() - _since[0] > PERIOD or len(_counts) > MOST
