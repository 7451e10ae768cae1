"""Words and sentences: lemmas from pymorphy3, sentences from razdel, months from Babel."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from babel import Locale

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a word: its lemma and its grammar, empty where the part of speech has none."""

    lemma: str
    pos: str
    case: str
    number: str
    gender: str
    score: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text with every way to read it, the likeliest first; `keys` are itself and its lemmas."""

    text: str
    start: int
    end: int
    forms: tuple[Form, ...]
    keys: frozenset[str]

    @property
    def lemma(self) -> str:
        """Return the lemma of the likeliest reading."""
        return self.forms[0].lemma

    @property
    def pos(self) -> str:
        """Return the part of speech of the likeliest reading."""
        return self.forms[0].pos

    def is_a(self, *parts: str) -> bool:
        """Tell whether a likely reading is one of these parts of speech."""
        return any(form.pos in parts for form in self.forms)

    def has_lemma(self, lemmas: frozenset[str]) -> bool:
        """Tell whether any reading has one of these lemmas."""
        return not self.keys.isdisjoint(lemmas)


@cache
def morphology() -> "MorphAnalyzer":
    """Return the analyser, loaded once."""
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


NAMES = frozenset({"Surn", "Name", "Patr"})


@lru_cache(maxsize=100_000)
def forms(word: str) -> tuple[Form, ...]:
    """Return the ways to read a word; unlikely ones are left out."""
    parses = morphology().parse(word.lower())
    common = [parse for parse in parses if not NAMES & parse.tag.grammemes] if word.islower() else parses
    found = [_form(parse) for parse in common or parses if parse.score > 0.02] or [_form(parses[0])]
    return tuple(found)


def _form(parse: Any) -> Form:
    tag = parse.tag
    lemma = str(parse.normal_form).replace("ё", "е")
    pos, case, number, gender = (str(each or "") for each in (tag.POS, tag.case, tag.number, tag.gender))
    return Form(lemma, pos, case, number, gender, parse.score)


def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text."""
    return tuple(Word(m[0], m.start(), m.end(), *_read(m[0])) for m in WORD.finditer(text))


@lru_cache(maxsize=100_000)
def _read(word: str) -> tuple[tuple[Form, ...], frozenset[str]]:
    found = forms(word)
    return found, frozenset({word.lower(), *(form.lemma for form in found)})


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return where the sentences of a text begin and end; an abbreviation does not end one."""
    from razdel import sentenize

    found: list[tuple[int, int]] = []
    for one in sentenize(text):
        if found and _is_broken(text[found[-1][0] : found[-1][1]], one.text):
            found[-1] = (found[-1][0], one.stop)
        else:
            found.append((one.start, one.stop))
    return tuple(found)


ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:млн|млрд|тыс|трлн|кв|куб|пог|п|м|т|ч|ед|шт|чел|долл|руб|г|гг|ул|им|с|км|га)\.$"
)


NAMING = re.compile(
    r"(?:^|[\s(–—-])(?:мкр|мкрн|пос|пер|пр|просп|бул|б-р|ул|им|пгт|дер|наб|обл|ж/м)\.$", re.IGNORECASE
)


def _is_broken(last: str, following: str) -> bool:
    """Tell whether a sentence was cut at an abbreviation: what follows goes on in small letters or digits."""
    first = following.lstrip('(«"')[:1]
    if first.islower() or first in "–—-,;:%" or last.endswith(";") or NAMING.search(last) is not None:
        return True
    return ABBREVIATED.search(last) is not None and (first.isdigit() or first == "(")


@cache
def months() -> dict[str, int]:
    """Return the names of the months as dates have them, Russian and Kyrgyz."""
    found: dict[str, int] = {}
    for language in ("ru", "ky"):
        for context in ("format", "stand-alone"):
            for number, name in Locale(language).months[context]["wide"].items():
                found[str(name).lower()] = int(number)
    return found | {"августе": 8, "марте": 3, "мае": 5} | _locatives(found)


def _locatives(names: dict[str, int]) -> dict[str, int]:
    return {re.sub("[ьй]$", "е", name): number for name, number in names.items() if name.endswith(("ь", "й"))}
