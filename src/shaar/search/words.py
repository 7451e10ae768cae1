"""Words as they are compared: letters folded, Kyrgyz endings taken off, and what PostgreSQL is asked with.

Russian and English are stemmed by PostgreSQL's own dictionaries (Snowball). It has none for Kyrgyz, an
agglutinative language: there the endings of `data/kyrgyz-endings.txt` are taken off one after another, and
what is left matches as a beginning.
"""

import re
from functools import lru_cache
from importlib.resources import files

# Letters that one leaves out on a keyboard without them; applied to what is kept and to what is asked alike.
FOLDED = str.maketrans("ёңөү", "еноу")
# pg_trgm knows the letters of the database's locale only, and that may be C: it is given letters of ASCII.
CYRILLIC, CODES = "абвгдежзийклмнопрстуфхцчшщъыьэюя", "abcdefghijklmnopqrstuvwxyz012345"
CODED = str.maketrans(CYRILLIC, CODES)
WORD = re.compile(r"[^\W_]+(?:[-./][^\W_]+)*")
SHORTEST_STEM = 3
VOICELESS = {"б": "п", "г": "к"}  # мектеп, мектеби; бак, багы
KYRGYZ = "ky"  # before a Kyrgyz stem, so that it never meets a Russian lexeme


def fold(text: str) -> str:
    """Return a text with its letters as they are compared: small, ё as е, ң ө ү as н о у."""
    return text.casefold().translate(FOLDED)


def split(text: str) -> list[str]:
    """Return the folded words of a text; numbers and codes such as 12-345 and 3.5 stay whole."""
    return WORD.findall(fold(text))


@lru_cache(maxsize=200_000)
def kyrgyz_stem(word: str) -> str:
    """Return a folded Kyrgyz word without its endings, its last letter voiceless; three letters stay."""
    found = True
    while found:
        found = False
        for ending in _endings():
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
                word, found = word[: -len(ending)], True
                break
    return word[:-1] + VOICELESS.get(word[-1:], word[-1:])


def kyrgyz_vector(title: str, body: str) -> str:
    """Return the Kyrgyz words of an entry as the text of a tsvector: of weight A in the title, else C."""
    placed: dict[str, list[str]] = {}
    at = 0
    for text, weight in ((title, "A"), (body, "C")):
        for word in split(text):
            at = min(at + 1, 16_383)
            stem = kyrgyz_stem(word)
            if len(stem) <= 100:
                placed.setdefault(stem, []).append(f"{at}{weight}")
    return " ".join(f"'{KYRGYZ}{stem}':{','.join(places[:50])}" for stem, places in placed.items())


def kyrgyz_query(word: str) -> str:
    """Return a folded word as the text of a tsquery that finds Kyrgyz words beginning with its stem."""
    return f"'{KYRGYZ}{kyrgyz_stem(word)}':*"


@lru_cache(maxsize=1)
def _endings() -> tuple[str, ...]:
    lines = (files("shaar.search") / "data" / "kyrgyz-endings.txt").read_text(encoding="utf-8").splitlines()
    listed = {fold(ending) for line in lines if not line.startswith("#") for ending in line.split()}
    return tuple(sorted(listed, key=lambda one: (-len(one), one)))
