"""Pages of the monitor: the board, one tile, the wall and the score."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shaar.access.api import actor_of, check, requires
from shaar.kernel.errors import Refusal
from shaar.monitor import declared, keeping
from shaar.monitor.board import board as read_board
from shaar.monitor.board import score_lines
from shaar.monitor.declared import Monitor
from shaar.monitor.permissions import VIEW
from shaar.monitor.showing import owner
from shaar.monitor.streaming import allow_stream, stream
from shaar.monitor.tilepage import tile_page

LONGEST = 3


@requires(VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show how the city is doing now: every block with its tiles, changed by the live stream."""
    shown = read_board(actor_of(request))
    values = {"board": shown, "stream": stream(request, shown.since)}
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
    asked = request.GET.get("step", "")
    step = int(asked) if asked.isdecimal() and len(asked) <= LONGEST else None
    page = tile_page(monitor, held[0], changed_at=held[1], step=step)
    return render(request, "monitor/tilepage.html", {"page": page, "block": block, "tile": page.tile})


def _monitor() -> Monitor:
    found = declared.monitor()
    if found is None:
        raise Http404
    return found
