"""Where a page finds the live stream, and the page's permission to ask for it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

PATH = "/live/monitor"


def stream_url(request: HttpRequest) -> str:
    """Return the address of the live stream for the page of a request."""
    if settings.SHAAR_LIVE_URL:
        return f"{settings.SHAAR_LIVE_URL}{PATH}"
    if settings.PRODUCTION:
        return PATH
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return f"{request.scheme}://{host}:{settings.SHAAR_LIVE_PORT}{PATH}"


def stream(request: HttpRequest, since: int) -> dict[str, Any]:
    """Return what a page tells its script of the stream: address, the newest change shown, the language."""
    return {"url": f"{stream_url(request)}?lang={(get_language() or 'ru')[:2]}&since={since}", "since": since}


def allow_stream(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let the page ask for the stream where it is on another origin; nothing else is opened."""
    url = stream_url(request)
    if "://" in url:
        response._csp_update = {"connect-src": [url.removesuffix(PATH)]}  # type: ignore[attr-defined]  # noqa: SLF001
    return response
