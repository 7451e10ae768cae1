"""The monitor's words: levels, standings, ages, as people read them."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shaar.monitor.rules import Level, Standing

LEVELS = {
    Level.GOOD: _("On target"),
    Level.WATCH: _("To be watched"),
    Level.BAD: _("Below target"),
    Level.NONE: _("Not judged"),
}
STANDINGS = {
    Standing.NO_DATA: _("No data"),
    Standing.STALE: _("Data are stale"),
    Standing.MEASURING: _("Measuring"),
    Standing.KNOWN: _("Known"),
}
SIGNS = {
    "good": "✓",
    "watch": "!",
    "bad": "✕",
    "none": "•",
    "no_data": "–",
    "stale": "?",
    "measuring": "…",
}


def moment(at: datetime | None) -> str:
    """Return a moment of the city's clock as people write it, empty for none."""
    return date_format(localtime(at), "d.m.Y H:i") if at is not None else ""


def state_words(standing: Standing, level: Level) -> tuple[str, str]:
    """Return the code of a tile's state, for its colour and sign, and its words."""
    if standing is Standing.KNOWN:
        return level.value, str(LEVELS[level])
    return standing.value, str(STANDINGS[standing])


def direction(earlier: float, later: float) -> str:
    """Return how a value has moved, in a word."""
    if later == earlier:
        return gettext("unchanged")
    return gettext("rising") if later > earlier else gettext("falling")
