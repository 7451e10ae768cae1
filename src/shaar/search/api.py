"""The door of `search`: modules keep their kinds of documents in it; anyone finds what they may see."""

from shaar.search.jobs import changed, count_words
from shaar.search.outcomes import Document, Found, Hit, Source
from shaar.search.reading import find
from shaar.search.sources import register
from shaar.search.writing import drop, put, refresh, refresh_all

__all__ = [
    "Document",
    "Found",
    "Hit",
    "Source",
    "changed",
    "count_words",
    "drop",
    "find",
    "put",
    "refresh",
    "refresh_all",
    "register",
]
