"""Shows where a text has the words that were asked for."""

import re
from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import get_language

from shaar.kernel.texts import Text
from shaar.search.words import SHORTEST_STEM, WORD, fold

LENGTH = 220
BEFORE = 60


def snippet(body: Text, words: Sequence[str]) -> tuple[str, ...]:
    """Return a stretch of the body in pieces, of which every second is a word that was asked for."""
    text = " ".join(body.of(get_language() or "ru").split())
    if not text:
        return ()
    pattern = _pattern(tuple(words))
    first = pattern.search(fold(text))
    start = _word_start(text, max(0, first.start() - BEFORE)) if first else 0
    shown = text[start : start + LENGTH]
    pieces, at = ["…" if start else ""], 0
    for match in pattern.finditer(fold(shown)):
        pieces[-1] += shown[at : match.start()]
        pieces += [shown[match.start() : match.end()], ""]
        at = match.end()
    pieces[-1] += shown[at:] + ("…" if start + LENGTH < len(text) else "")
    return tuple(pieces)


def _word_start(text: str, at: int) -> int:
    while at > 0 and text[at - 1] != " ":
        at -= 1
    return at


@lru_cache(maxsize=200)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds the words in any form: their first letters, about as many as a stem has."""
    stems = (word[: max(SHORTEST_STEM, round(len(word) * 0.7))] for word in words if WORD.fullmatch(word))
    return re.compile(rf"\b(?:{'|'.join(re.escape(stem) for stem in stems) or '(?!)'})\w*")
