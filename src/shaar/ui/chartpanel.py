"""What the template of a chart needs: the drawing, its table, its CSV, and the data of the script."""

from typing import Any
from zlib import crc32

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from shaar.ui.charts import Chart
from shaar.ui.panels import csv_address


def shown_chart(drawn: Chart) -> dict[str, Any]:
    """Return the context of `ui/panels/chart.html`."""
    head, *rows = drawn.table
    data = drawn.data
    words = {"title": drawn.title, "none": _("no data")}
    return {
        "chart": drawn,
        "svg": mark_safe(drawn.svg),  # noqa: S308 - our own SVG
        "head": head,
        "rows": [{"cells": row, "url": ""} for row in rows],
        "key": f"chart-{crc32((drawn.title + drawn.svg).encode()):08x}",
        "csv": csv_address(data.rows(head[0]) if data else drawn.table) if rows else "",
        "data": {**data.as_json(), **words} if data and rows else None,
    }
