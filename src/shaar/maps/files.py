"""Sends a file, or one part of it, straight from the disk."""

from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from shaar.maps.ranges import RangeRefused, Span, span_of

CHUNK = 256 * 1024
CACHE = "public, max-age=86400"


def file_response(request: HttpRequest, path: Path, *, tag: str, content_type: str) -> HttpResponseBase:
    """Answer GET and HEAD with 200, 206, 304 or 416, as the request's Range and conditions ask."""
    etag, size = f'"{tag}"', path.stat().st_size
    if _is_known(request, etag):
        return _with_headers(HttpResponse(status=304), etag)
    try:
        span = _asked(request, etag, size)
    except RangeRefused:
        refused = HttpResponse(status=416, content_type="text/plain")
        refused["Content-Range"] = f"bytes */{size}"
        return _with_headers(refused, etag)
    part = span or Span(0, size - 1)
    body = iter(()) if request.method == "HEAD" else _read(path, part)
    answer = StreamingHttpResponse(body, status=206 if span else 200, content_type=content_type)
    answer["Content-Length"] = str(part.length)
    if span:
        answer["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    return _with_headers(answer, etag)


def _asked(request: HttpRequest, etag: str, size: int) -> Span | None:
    """Return the part that is asked for; a part of another version of the file is answered by the whole."""
    condition = request.headers.get("If-Range", etag)
    return span_of(request.headers.get("Range", ""), size=size) if condition == etag else None


def _is_known(request: HttpRequest, etag: str) -> bool:
    known = request.headers.get("If-None-Match", "")
    return known.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in known.split(",")}


def _read(path: Path, span: Span) -> Iterator[bytes]:
    left = span.length
    with path.open("rb") as file:
        file.seek(span.first)
        while left and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _with_headers(answer: HttpResponseBase, etag: str) -> HttpResponseBase:
    answer["ETag"], answer["Accept-Ranges"], answer["Cache-Control"] = etag, "bytes", CACHE
    return answer
