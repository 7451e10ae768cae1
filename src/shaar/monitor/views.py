"""Pages of the monitor: the board and one tile."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shaar.access.api import actor_of, requires
from shaar.monitor import declared
from shaar.monitor.board import board as read_board
from shaar.monitor.permissions import VIEW
from shaar.monitor.streaming import allow_stream, stream


@requires(VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show how the city is doing now: every block with its tiles, changed by the live stream."""
    shown = read_board(actor_of(request))
    values = {"board": shown, "stream": stream(request, shown.since)}
    return allow_stream(request, render(request, "monitor/board.html", values))


@requires(VIEW)
@require_safe
def tile(_request: HttpRequest, code: str) -> HttpResponse:
    """Show one tile: how it is reckoned and judged, and where its records are."""
    monitor = declared.monitor()
    assert monitor is not None  # noqa: S101
    return redirect("indicators:indicator", monitor.tile(code).indicator)
