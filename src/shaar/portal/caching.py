"""Public pages are kept for anonymous readers.

What the city itself writes for them, news, text pages and the words of the first page, shows at once. All
else, which changes with every fact that is recorded, shows after `PUBLIC_FIGURES_SECONDS` at the latest;
while one reader's request makes such a page anew, the others are given the page as it stood.
"""

import gzip
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import TypeAlias

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_request

from shaar.kernel import clock
from shaar.portal.statistics.counting import VIEW
from shaar.ui.themes import COOKIE

Key: TypeAlias = tuple[str, str, str, str, bool]
MOST, LARGEST, LONGEST = 256, 512 * 1024, 300
REVALIDATED = "no-cache"
# The rows of what the city writes for readers (each new version of a row has an `xmin` of its own), and which
# urgent notices have begun and not ended: time alone changes that.
WORDS = """
SELECT concat_ws(' ',
    (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM portal_face),
    (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM portal_article),
    (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM portal_articlefile),
    (SELECT concat(count(*), '/', sum(xmin::text::bigint)) FROM portal_pageversion),
    (SELECT string_agg(id::text, ',' ORDER BY id) FROM portal_article
     WHERE is_urgent AND state = 'published' AND starts_at <= now() AND ends_at > now()))
"""
# What was committed last, to any table.
COMMITTED = "SELECT pg_current_snapshot()::text"


@dataclass(frozen=True, slots=True)
class Stamp:
    """How the database stood: in what the city writes for readers, and in all else."""

    words: str
    committed: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was answered while the database stood at a stamp."""

    stamp: Stamp
    view: str
    body: bytes
    packed: bytes
    headers: tuple[tuple[str, str], ...]


_pages: OrderedDict[Key, Kept] = OrderedDict()
_renewed: set[Key] = set()  # what some request is making anew just now
_lock = Lock()
_seen: dict[str, tuple[float, str]] = {}  # what this process last asked the database, when, and the answer


class PublicPagesMiddleware:
    """Answers anonymous readers from what is kept; marks what a signed-in person sees as private."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_anonymous(request):
            answer = self.get_response(request)
            if not answer.has_header("Cache-Control"):
                answer["Cache-Control"] = "private, no-cache"
            return answer
        if request.method != "GET" or _is_file(request) or connection.in_atomic_block:
            return self.get_response(request)
        return self._read(request)

    def _read(self, request: HttpRequest) -> HttpResponse:
        key, stamp = _key(request), _current()
        if (kept := _usable(key, stamp)) is None:
            try:
                answer = self.get_response(request)
            finally:
                _renewed.discard(key)
            if not _may_be_kept(request, answer):
                return answer
            match = request.resolver_match
            kept = _keep(key, stamp, match.view_name if match else "", answer)
        request.META[VIEW] = kept.view
        answer = _answer(request, kept)
        return get_conditional_response(request, etag=answer["ETag"], response=answer) or answer


def _answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """Return a kept page, packed where the reader takes it: an anonymous page holds no secret to guess."""
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(kept.body, headers=dict(kept.headers))
    answer = HttpResponse(kept.packed, headers=dict(kept.headers))
    answer["Content-Encoding"] = "gzip"
    answer["Content-Length"] = str(len(kept.packed))
    answer["ETag"] = f'{answer["ETag"][:-1]}-gzip"'
    return answer


def _is_anonymous(request: HttpRequest) -> bool:
    """Tell whether the request carries nothing but the choices of language and appearance."""
    return set(request.COOKIES) <= {settings.LANGUAGE_COOKIE_NAME, COOKIE}


def _is_file(request: HttpRequest) -> bool:
    """Tell whether the address is that of a file, which is no page: tiles, scripts, CSV."""
    return "." in request.path.rsplit("/", 1)[-1]


def _key(request: HttpRequest) -> Key:
    theme = request.COOKIES.get(COOKIE, "")
    language = get_language_from_request(request)
    return (request.get_host(), request.get_full_path(), language, theme, settings.DEMO_MARK.exists())


def _usable(key: Key, stamp: Stamp) -> Kept | None:
    """Return the page to answer with; nothing where the caller is to make it anew."""
    with _lock:
        kept = _pages.get(key)
        if kept and (kept.stamp == stamp or (kept.stamp.words == stamp.words and key in _renewed)):
            return kept
        _renewed.add(key)
    return None


def _current() -> Stamp:
    """Return how the database stands, as far as it is known."""
    words = _asked(WORDS, settings.PUBLIC_PAGES_SECONDS)
    return Stamp(f"{words} {clock.today()}", _asked(COMMITTED, settings.PUBLIC_FIGURES_SECONDS))


def _asked(query: str, seconds: int) -> str:
    """Return the answer to a query, or the last one while that is not older than `seconds`."""
    moment, answer = _seen.get(query, (float("-inf"), ""))
    if time.monotonic() - moment < seconds:
        return answer
    with connection.cursor() as cursor:
        cursor.execute(query)
        answer = str(cursor.fetchone()[0])
    _seen[query] = (time.monotonic(), answer)
    return answer


def _may_be_kept(request: HttpRequest, answer: HttpResponse) -> bool:
    return (
        answer.status_code == 200
        and not answer.streaming
        and not answer.cookies
        and not answer.has_header("Cache-Control")
        and answer.get("Content-Type", "").startswith("text/html")
        and len(answer.content) <= LARGEST
        and len(request.get_full_path()) <= LONGEST
    )


def _keep(key: Key, stamp: Stamp, view: str, answer: HttpResponse) -> Kept:
    answer["ETag"] = f'"{sha256(answer.content).hexdigest()[:24]}"'
    answer["Cache-Control"] = REVALIDATED
    patch_vary_headers(answer, ("Accept-Encoding",))
    packed = gzip.compress(answer.content, compresslevel=6, mtime=0)
    kept = Kept(stamp, view, answer.content, packed, tuple(answer.items()))
    with _lock:
        _pages[key] = kept
        _pages.move_to_end(key)
        while len(_pages) > MOST:
            _pages.popitem(last=False)
    return kept
