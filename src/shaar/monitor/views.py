"""Pages of the monitor: the board, one tile, the wall, the score and the digests."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shaar.access.api import actor_of, check, requires
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.monitor import declared, keeping
from shaar.monitor import digests as keeping_digests
from shaar.monitor.board import ORDER, score_lines
from shaar.monitor.board import board as read_board
from shaar.monitor.declared import Monitor
from shaar.monitor.models import Digest
from shaar.monitor.permissions import VIEW
from shaar.monitor.showing import owner
from shaar.monitor.streaming import allow_stream, stream
from shaar.monitor.tilepage import tile_page

MOST_DIGESTS = 60


@requires(VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show how the city is doing now: the blocks with their tiles, all or those of a state, kept up live."""
    asked = request.GET.get("state", "")
    state = asked if asked in ORDER else None
    shown = read_board(actor_of(request), state=state)
    values = {
        "board": shown,
        "stream": stream(request, shown.since),
        "state": state,
        "is_unknown": bool(asked) and state is None,
    }
    return allow_stream(request, render(request, "monitor/board.html", values))


@requires(VIEW)
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """Show the board on a large screen: nothing to scroll, nothing to press, changed by the live stream."""
    shown = read_board(actor_of(request))
    values = {"board": shown, "stream": stream(request, shown.since)}
    return allow_stream(request, render(request, "monitor/wall.html", values))


@requires(VIEW)
@require_safe
def score(request: HttpRequest) -> HttpResponse:
    """Show the score of the city with every number that it is made of."""
    monitor = _monitor()
    shown = read_board(actor_of(request))
    lines = score_lines(monitor, actor_of(request))
    values = {"result": shown.result, "lines": lines, "settings": monitor.score, "board": shown}
    return render(request, "monitor/score.html", values)


@requires(VIEW)
@require_safe
def tile(request: HttpRequest, code: str) -> HttpResponse:
    """Show one tile: how it is judged, its trend and comparisons, and the way down to its records."""
    monitor = _monitor()
    try:
        block = monitor.block_of(code)
    except Refusal as refusal:
        raise Http404(str(refusal.message)) from refusal
    check(actor_of(request), VIEW, unit=owner(monitor.tile(code)))
    held = keeping.readings().get(code)
    if held is None:
        raise Http404
    query = {name: request.GET[name] for name in request.GET}
    page = tile_page(monitor, held[0], changed_at=held[1], query=query, today=clock.today())
    return render(request, "monitor/tilepage.html", {"page": page, "sector": block, "tile": page.tile})


def _monitor() -> Monitor:
    found = declared.monitor()
    if found is None:
        raise Http404
    return found


@requires(VIEW)
@require_safe
def digests(request: HttpRequest) -> HttpResponse:
    """List the morning digests, the newest first, for who may see the whole monitor."""
    _check_whole(request)
    days = Digest.objects.order_by("-day").values_list("day", flat=True)[:MOST_DIGESTS]
    return render(request, "monitor/digests.html", {"days": days})


@requires(VIEW)
@require_safe
def digest(request: HttpRequest, day: str, language: str) -> HttpResponse:
    """Send the digest of a day as PDF."""
    _check_whole(request)
    try:
        content = keeping_digests.pdf(date.fromisoformat(day), language=language)
    except ValueError as error:
        raise Http404 from error
    except Refusal as refusal:
        if refusal.code == "unknown_digest":
            raise Http404(str(refusal.message)) from refusal
        raise
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="digest-{day}-{language}.pdf"'
    return answer


def _check_whole(request: HttpRequest) -> None:
    """Raise Refusal `forbidden` unless a person's scope holds every tile: a digest is of the whole city."""
    for held in {owner(one) for one in _monitor().tiles}:
        check(actor_of(request), VIEW, unit=held)
