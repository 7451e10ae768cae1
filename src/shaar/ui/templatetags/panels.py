"""Template tags of charts and maps: drawings with their tables, their files and the scripts they need."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from shaar.ui.panels import MapPanel, Sign, csv_address

register = template.Library()
CLASS_SHADES = ("#dcebe9", "#a3cfc9", "#5fb0a7", "#2b7f77", "#0b4f4a")
LAYER_SHADES = ("#0b4f4a", "#b3541e", "#1d5ea8", "#7a3b8f", "#6b6f76")
SHAPES = (
    "M10 3a7 7 0 1 0 .01 0z", "M4 4h12v12H4z", "M10 2l8 15H2z", "M10 1l9 9-9 9-9-9z",
    "M7 2h6v5h5v6h-5v5H7v-5H2V7h5z",
)  # fmt: skip
HATCHES = (
    "",
    "M1 13L13 1M1 19L19 1M7 19L19 7",
    "M1 7h18M1 13h18",
    "M7 1v18M13 1v18",
    "M1 7h18M1 13h18M7 1v18M13 1v18",
)


@register.inclusion_tag("ui/panels/map.html")
def map_panel(panel: MapPanel) -> dict[str, Any]:
    """Show a map with its legend, its table, and links that save what it shows."""
    head, *rows = panel.table or [[]]
    urls = [one.url for layer in panel.layers for one in layer.features]
    words = {
        "NavigationControl.ZoomIn": _("Zoom in"),
        "NavigationControl.ZoomOut": _("Zoom out"),
        "AttributionControl.ToggleAttribution": _("Show the sources of the map"),
        "Map.Title": _("Map: %(title)s") % {"title": panel.title},
        "Popup.Close": _("Close"),
        "CooperativeGesturesHandler.MobileHelpText": _("Move the map with two fingers"),
        "CooperativeGesturesHandler.WindowsHelpText": _("Hold Ctrl and scroll to zoom the map"),
        "CooperativeGesturesHandler.MacHelpText": _("Hold ⌘ and scroll to zoom the map"),
        "ScaleControl.Meters": _("m"),
        "ScaleControl.Kilometers": _("km"),
        "more": _("Open"),
        "failed": _("The map could not be loaded; what it shows stands in the table."),
    }
    return {
        "panel": panel,
        "data": {**panel.data, "words": {**words, **panel.data["words"]}},
        "head": head,
        "rows": [{"cells": row, "url": url} for row, url in zip(rows, urls, strict=True)],
        "csv": csv_address(panel.table) if panel.table else "",
    }


@register.simple_tag
def sign(one: Sign) -> SafeString:
    """Draw a sign of a legend."""
    if one.kind == "points":
        colour = LAYER_SHADES[one.shade % len(LAYER_SHADES)]
        return _drawn(f'<path d="{SHAPES[one.shade % len(SHAPES)]}" fill="{colour}" stroke="#fff"/>')
    if one.kind == "lines":
        colour = LAYER_SHADES[one.shade % len(LAYER_SHADES)]
        dash = ("", ' stroke-dasharray="5 3"', ' stroke-dasharray="2 3"')[one.shade % 3]
        return _drawn(f'<path d="M1 14L8 6l4 6 7-6" fill="none" stroke="{colour}" stroke-width="3"{dash}/>')
    if one.kind == "class":
        return _class_sign(one.shade)
    return _drawn('<path d="M3 5l8-3 6 6-3 9H5z" fill="none" stroke="currentColor" stroke-width="1.5"/>')


def _class_sign(shade: int) -> SafeString:
    square = '<path d="M1.5 1.5h17v17h-17z" stroke="currentColor"'
    if shade < 0:
        return _drawn(f'{square} fill="none" stroke-dasharray="3 2"/>')
    colour, hatch = CLASS_SHADES[shade % len(CLASS_SHADES)], HATCHES[shade % len(HATCHES)]
    lines = f'<path d="{hatch}" stroke="{_line(shade)}" stroke-opacity="0.6" fill="none"/>' if hatch else ""
    return _drawn(f'{square} fill="{colour}"/>{lines}')


def _line(shade: int) -> str:
    return "#ffffff" if shade > 2 else "#0b4f4a"


def _drawn(inner: str) -> SafeString:
    opening = '<svg class="shaar-sign" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">'
    return SafeString(f"{opening}{inner}</svg>")
