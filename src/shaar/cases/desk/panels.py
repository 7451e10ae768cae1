"""Panels of the first staff page: what modules above want to say there beside the inbox."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Content = Callable[[HttpRequest], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: the template that shows it, and what gives the template its values, None to show nothing."""

    code: str
    template: str
    rank: int
    content: Content


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel as one page shows it."""

    template: str
    values: Mapping[str, Any]


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Add a panel; called from a module's AppConfig.ready, a second time replaces the first."""
    _panels[panel.code] = panel


def panels(request: HttpRequest) -> list[Shown]:
    """Return what the panels say to the person of a request, by rank."""
    found = sorted(_panels.values(), key=lambda panel: (panel.rank, panel.code))
    told = [(panel, panel.content(request)) for panel in found]
    return [Shown(panel.template, values) for panel, values in told if values is not None]
