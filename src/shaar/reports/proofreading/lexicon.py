"""Loads what linguists wrote in `data/`: units, number words, cues, words that make a number a name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shaar.reports.proofreading.language import morphology

DATA = Path(__file__).parent / "data"
Phrase = tuple[str, ...]
Cue = Mapping[str, Sequence[Phrase]]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement; one that only counts pieces may name what is counted."""

    code: str
    dimension: str
    factor: Decimal
    counts: bool = False
    noun: str = ""


@cache
def _file(name: str) -> Any:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def unit_signs() -> Mapping[str, Sequence[tuple[str, Unit]]]:
    """Return abbreviations with their units by their first character, the longest first."""
    rows = [(sign, _unit(row)) for row in _file("units") for sign in row["signs"]]
    found: dict[str, list[tuple[str, Unit]]] = {}
    for sign, one in sorted(rows, key=lambda pair: -len(pair[0])):
        found.setdefault(sign[0], []).append((sign, one))
    return found


@cache
def unit_words() -> Mapping[str, Sequence[tuple[Phrase, Unit]]]:
    """Return lemma sequences with their units by their first lemma."""
    found: dict[str, list[tuple[Phrase, Unit]]] = {}
    for row in _file("units"):
        for phrase in row["words"]:
            found.setdefault(phrase.split()[0], []).append((tuple(phrase.split()), _unit(row)))
    return found


@cache
def unit(code: str) -> Unit:
    """Return a unit by its code."""
    return next(_unit(row) for row in _file("units") if row["code"] == code)


def _unit(row: Mapping[str, Any]) -> Unit:
    return Unit(
        row["code"],
        row["dimension"],
        Decimal(str(row["factor"])),
        row.get("counts", False),
        row.get("noun", ""),
    )


@cache
def number_words() -> Mapping[str, Decimal]:
    """Return every inflected form of the words for numbers."""
    data = _file("numbers")
    found: dict[str, Decimal] = {}
    for lemma, value in data["words"].items():
        for parse in morphology().parse(lemma):
            if parse.normal_form.replace("ё", "е") == lemma and str(parse.tag.POS) in {
                "NUMR",
                "ADJF",
                "NOUN",
                "None",
            }:
                for form in parse.lexeme:
                    found[form.word.replace("ё", "е")] = Decimal(str(value))
        found[lemma] = Decimal(str(value))
    return found | {word: Decimal(value) for word, value in data["kyrgyz"].items()}


@cache
def uncertain_number_words() -> frozenset[str]:
    """Return forms of number words that alone are mostly something else."""
    return frozenset(_file("numbers")["not_numbers"])


@cache
def scales() -> Mapping[str, int]:
    """Return lemmas and signs of scales with their powers of ten."""
    data = _file("numbers")
    return {**data["scales"], **data["scale_signs"]}


@cache
def scale_signs() -> tuple[str, ...]:
    """Return the signs of scales alone."""
    return tuple(_file("numbers")["scale_signs"])


@cache
def qualifiers() -> tuple[tuple[str, str], ...]:
    """Return leading words with their qualifier, the longest first."""
    found = [(word, name) for name, words in _file("numbers")["qualifiers"].items() for word in words]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@cache
def identifiers(name: str) -> frozenset[str]:
    """Return a list of the words that make a number a name."""
    return frozenset(_file("identifiers")[name])


@cache
def identifier_kinds() -> Mapping[str, str]:
    """Return lemmas that stand before a number that is a name, with the kind of name."""
    kinds = _file("identifiers")["before_lemmas"]
    return {lemma: kind for kind, lemmas in kinds.items() for lemma in lemmas}


@cache
def phrases(group: str, name: str) -> tuple[str, ...]:
    """Return the lemma sequences of a cue, or other words of a group, as they are written."""
    return tuple(_file("cues")[group][name])


@cache
def plain_phrases(name: str) -> tuple[str, ...]:
    """Return words that are looked for as they are written, the longest first."""
    return tuple(sorted(_file("cues")[name], key=len, reverse=True))


@cache
def year_adjectives() -> Mapping[str, int]:
    """Return beginnings of adjectives of years with their number: «пяти-летний»."""
    found: Mapping[str, int] = _file("cues")["duration"]["adjectives"]
    return found


@cache
def opposites() -> tuple[tuple[str, str], ...]:
    """Return pairs of nouns a percent of one of which is not of the other."""
    return tuple((one, other) for one, other in _file("cues")["percents"]["opposites"])


@cache
def fractions(name: str) -> Mapping[str, Decimal]:
    """Return words for fractions or multiples with what they are worth."""
    found = _file("cues")["fractions"][name]
    return {phrase: Decimal(number) / Decimal(by) for phrase, (number, by) in found.items()}


@cache
def periods() -> Mapping[str, Mapping[str, Sequence[tuple[Decimal, Decimal]]]]:
    """Return by a longer period how many of each shorter one it has: ranges, working days too."""
    return {
        long: {
            short: tuple((Decimal(low), Decimal(high)) for low, high in ranges)
            for short, ranges in all_of.items()
        }
        for long, all_of in _file("cues")["rates"]["periods"].items()
    }


@cache
def period_adverbs() -> Mapping[str, str]:
    """Return adverbs of time with their period: «ежемесячно» is each month."""
    found: Mapping[str, str] = _file("cues")["rates"]["adverbs"]
    return found


@cache
def cues(group: str, name: str) -> Cue:
    """Return the lemma sequences of a cue by their first lemma."""
    return cue(_file("cues")[group][name])


def cue(phrases: Iterable[str]) -> Cue:
    """Return lemma sequences by their first lemma."""
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        first, *rest = phrase.split()
        found.setdefault(first, []).append(tuple(rest))
    return found


@cache
def lemmas(name: str) -> frozenset[str]:
    """Return a plain list of lemmas."""
    return frozenset(_file("cues")[name])


@cache
def dimension_nouns() -> Mapping[str, str]:
    """Return nouns that fix a dimension."""
    return {noun: name for name, nouns in _file("cues")["dimensions"].items() for noun in nouns}


@cache
def deeds() -> Mapping[str, str]:
    """Return each word for a deed with the first word of its line."""
    return {word: line[0] for line in _file("cues")["deeds"] for word in line}


@cache
def substantives() -> Mapping[str, str]:
    """Return the lemmas of participles that stand for people, each with the noun."""
    return dict(_file("cues")["substantives"])


@cache
def messages() -> Mapping[str, Mapping[str, str]]:
    """Return the sentences of findings and refusals in each language."""
    found: Mapping[str, Mapping[str, str]] = _file("messages")
    return found
