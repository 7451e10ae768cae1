"""The files of the fonts that a page of each language shows first."""

import json
from functools import cache
from pathlib import Path

BUILT = Path(__file__).parent / "static/build/fonts.json"
# Digits and signs stand in latin.
FIRST = ("cyrillic-400", "latin-400", "cyrillic-700", "latin-700")
# ң, ө and ү stand in cyrillic-ext.
ALSO = {"ky": ("cyrillic-ext-400", "cyrillic-ext-700")}


def fonts_for(language: str) -> list[str]:
    """Return the static paths of the fonts to fetch early, under the names that the build gave them."""
    built = _built()
    return [built[name] for name in (*FIRST, *ALSO.get(language, ())) if name in built]


@cache
def _built() -> dict[str, str]:
    found: dict[str, str] = json.loads(BUILT.read_text(encoding="utf-8"))
    return found
