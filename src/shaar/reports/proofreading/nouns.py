"""What a number counts: the noun after it with its attributes, in their lemmas."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.language import Form, Word

START = attrgetter("start")
ATTRIBUTES = ("ADJF", "PRTF")
MOST_ATTRIBUTES, MOST_MODIFIERS = 4, 4
QUOTED = re.compile(r"\s?[«\"][^»\"]{1,80}[»\"]")


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A counted phrase: head noun, attributes before it, what stands after it in the genitive."""

    head: str = ""
    attributes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    end: int = 0
    head_word: str = ""
    attribute_words: tuple[str, ...] = ()
    head_start: int = 0


def after_number(
    text: str, seen: tuple[Word, ...], start: int, value: Decimal | None, *, has_unit: bool = False
) -> NounPhrase:
    """Return the noun phrase that follows a number or its unit."""
    following = _adjacent(text, seen, start)
    attributes: list[Word] = []
    for index, word in enumerate(following[: MOST_ATTRIBUTES + 2]):
        noun = _counted_form(word, value, has_unit=has_unit)
        if noun is not None and (not _is_attribute(word) or noun.score > 0.5):
            modifiers = _modifiers(following[index + 1 :])
            return NounPhrase(
                noun.lemma,
                tuple(each.lemma for each in attributes),
                tuple(each.lemma for each in modifiers),
                word.end,
                word.text,
                tuple(each.text for each in attributes),
                word.start,
            )
        if _is_attribute(word):
            attributes.append(word)
        elif word.text.lower() not in {"и", "или", "не"} or not attributes:
            break
    return _without_noun(attributes, start, value, has_unit=has_unit)


def _without_noun(kept: list[Word], start: int, value: Decimal | None, *, has_unit: bool) -> NounPhrase:
    """Return a phrase of attributes alone; the last one may stand for a noun: «9 270 учащихся»."""
    head = ""
    if kept:
        noun = _counted_form(kept[-1], value, has_unit=has_unit)
        noun = noun if noun and noun.lemma in lexicon.lemmas("people") else None
        known = [form.lemma for form in kept[-1].forms if form.lemma in lexicon.substantives()]
        head = noun.lemma if noun else (lexicon.substantives()[known[0]] if known else "")
    named = kept[-1] if head else None
    others = kept[:-1] if named else kept
    return NounPhrase(
        head,
        tuple(each.lemma for each in others),
        (),
        kept[-1].end if kept else start,
        named.text if named else "",
        tuple(each.text for each in others),
        named.start if named else 0,
    )


def _adjacent(text: str, seen: tuple[Word, ...], start: int) -> list[Word]:
    """Return the words after an offset up to the first mark of punctuation or digit."""
    found: list[Word] = []
    last = start
    for word in _from(seen, start):
        between = text[last : word.start].strip()
        if between and not (between == "," and found and _is_attribute(found[-1]) and _is_attribute(word)):
            break
        found.append(word)
        last = word.end
        if len(found) > MOST_ATTRIBUTES + MOST_MODIFIERS + 2:
            break
    return found


def _from(seen: tuple[Word, ...], start: int) -> tuple[Word, ...]:
    index = bisect_left(seen, start, key=START)
    return seen[index : index + 12]


def _is_attribute(word: Word) -> bool:
    return word.forms[0].pos in ATTRIBUTES


def _counted_form(word: Word, value: Decimal | None, *, has_unit: bool) -> Form | None:
    """Return the noun's reading that fits after a number: a genitive, or a form the number governs."""
    nouns = [form for form in word.forms if form.pos == "NOUN"]
    if not nouns or len(word.text) < 2:
        return None
    if has_unit:
        return next((form for form in nouns if form.case.startswith("gen")), None)
    if value is not None and value % 10 == 1 and value % 100 != 11:
        return next((form for form in nouns if form.number == "sing"), nouns[0])
    fitting = [form for form in nouns if form.case.startswith("gen") or form.number == "plur"]
    return (fitting or nouns)[0]


def _modifiers(following: list[Word]) -> list[Word]:
    """Return the genitives right after the head, with their attributes."""
    found: list[Word] = []
    for word in following[: MOST_MODIFIERS + 2]:
        if any(form.case.startswith("gen") and form.pos in ("NOUN", *ATTRIBUTES) for form in word.forms):
            found.append(word)
        elif word.text.lower() != "и" or not found:
            break
    return found
