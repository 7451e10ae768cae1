"""Matches figures of a text with known indicators, by number, unit, counted noun and period; never guesses.

A figure equals an indicator when its number, its unit, what it counts and its period are those of one
indicator only, or a word of one indicator's name stands in the sentence. It differs from one when unit, noun
and period fit only that indicator, a word of its name stands in the sentence, and no other figure of the text
is that indicator. Whatever else there is to say about a figure is: not found.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.findings import Proof, StatedFigure
from shaar.reports.proofreading.language import sentences, words

TITLE = 3  # as many passages stand before the first claim of a report
STEM = 5  # as many first letters of a lemma tell «реконструкция» and «реконструировать» to be one action
NAMING = ("NOUN", "ADJF", "PRTF", "PRTS", "VERB", "INFN")


class Verdict(StrEnum):
    """How a figure of the text stands to the ledger."""

    EQUAL = "equal"
    DIFFERS = "differs"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Known:
    """An indicator's value for a period; `dimension` is a unit's of `units.yaml`, "count" for things counted.

    `base` is the value in the first unit of the dimension; `noun` is what is counted, in the nominative.
    """

    indicator: str
    name: str
    noun: str
    dimension: str
    base: Decimal
    is_plan: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A figure of the text with the one indicator that it states, if there is one."""

    figure: StatedFigure
    year: int | None
    verdict: Verdict
    indicator: str = ""


def match(
    proof: Proof, known: Callable[[int], Sequence[Known]], *, year: int | None = None
) -> tuple[Match, ...]:
    """Return every quantity with its match; `known` gives the indicators of a year.

    `year` is that of figures whose sentence names no period; None leaves them unmatched.
    """
    figures = [(one, _year(one, year)) for one in proof.quantities]
    near = {id(one): _sentence(proof, one) for one, _year_of in figures}
    fitting = {id(one): _fitting(one, known(of)) if of is not None else () for one, of in figures}
    equal = {id(one): _one(_same(one, fitting[id(one)]), near[id(one)]) for one, _of in figures}
    taken = {(found.indicator, of) for one, of in figures if (found := equal[id(one)])}
    claims = {
        id(one): None
        if equal[id(one)] or one.qualifier != "exact"
        else _named(fitting[id(one)], near[id(one)])
        for one, _of in figures
    }
    claimed = Counter((found.indicator, of) for one, of in figures if (found := claims[id(one)]))
    return tuple(_match(one, of, equal[id(one)], claims[id(one)], taken, claimed) for one, of in figures)


def year_of_title(proof: Proof) -> int | None:
    """Return the one year that the first passages name; None where they name none or several."""
    years = {
        int(one.value)
        for one in proof.figures
        if one.kind == "year" and one.spot.passage < TITLE and one.value is not None
    }
    return years.pop() if len(years) == 1 else None


def _match(
    figure: StatedFigure,
    year: int | None,
    equal: Known | None,
    claim: Known | None,
    taken: set[tuple[str, int | None]],
    claimed: Counter[tuple[str, int | None]],
) -> Match:
    if equal is not None:
        return Match(figure, year, Verdict.EQUAL, equal.indicator)
    key = (claim.indicator, year) if claim is not None else ("", None)
    if claim is not None and key not in taken and claimed[key] == 1:
        return Match(figure, year, Verdict.DIFFERS, claim.indicator)
    return Match(figure, year, Verdict.NOT_FOUND)


def _year(figure: StatedFigure, stated: int | None) -> int | None:
    """Return the year of a figure: the only period of its sentence, or that of the whole text."""
    if not figure.period:
        return stated
    return int(figure.period) if len(figure.period) == 4 and figure.period.isdecimal() else None


def _fitting(figure: StatedFigure, known: Iterable[Known]) -> tuple[Known, ...]:
    """Return the indicators in whose unit a figure is stated and whose noun it counts."""
    if figure.value is None or not figure.noun:
        return ()
    dimension, _base = _measured(figure)
    own = {figure.noun, *figure.attributes}
    return tuple(
        one
        for one in known
        if one.dimension == dimension
        and one.is_plan == (figure.role == "plan")
        and (_counts(one.noun, figure) if one.noun else own <= lemmas_of(one.name))
    )


def _counts(noun: str, figure: StatedFigure) -> bool:
    head, attributes = phrase(noun)
    return head == figure.noun and attributes <= set(figure.attributes)


def _same(figure: StatedFigure, fitting: Iterable[Known]) -> tuple[Known, ...]:
    _dimension, base = _measured(figure)
    return tuple(one for one in fitting if one.base == base and figure.upper is None)


def _one(found: Sequence[Known], near: frozenset[str]) -> Known | None:
    """Return the only indicator, or the only one that the sentence names."""
    return found[0] if len(found) == 1 else _named(found, near)


def _named(found: Sequence[Known], near: frozenset[str]) -> Known | None:
    named = [one for one in found if _says(one, near)]
    return named[0] if len(named) == 1 else None


def _says(known: Known, near: frozenset[str]) -> bool:
    head, attributes = phrase(known.noun)
    rest = lemmas_of(known.name) - attributes - {head}
    stems = {lemma[:STEM] for lemma in near}
    return any(lemma[:STEM] in stems for lemma in rest if len(lemma) > STEM)


def _measured(figure: StatedFigure) -> tuple[str, Decimal]:
    """Return the dimension of a figure and its value in the first unit of it."""
    value = (figure.value or Decimal(0)) * 10**figure.scale
    if not figure.unit:
        return "count", value
    unit = lexicon.unit(figure.unit)
    return unit.dimension, value * unit.factor


def _sentence(proof: Proof, figure: StatedFigure) -> frozenset[str]:
    """Return the lemmas of the sentence of a figure, without what it counts."""
    text, start = proof.passages[figure.spot.passage], figure.spot.start
    around = next((text[a:b] for a, b in _bounds(text) if a <= start < b), text)
    return lemmas_of(around) - {figure.noun, *figure.attributes}


@lru_cache(maxsize=1_000)
def _bounds(text: str) -> tuple[tuple[int, int], ...]:
    return sentences(text)


@lru_cache(maxsize=10_000)
def lemmas_of(text: str) -> frozenset[str]:
    """Return the lemmas of the words that name something."""
    return frozenset(word.lemma for word in words(text) if word.is_a(*NAMING))


@lru_cache(maxsize=10_000)
def phrase(noun: str) -> tuple[str, frozenset[str]]:
    """Return the head of a noun phrase in the nominative and the attributes before it, in their lemmas."""
    attributes: list[str] = []
    for word in words(noun):
        if word.pos == "NOUN":
            return word.lemma, frozenset(attributes)
        attributes.append(word.lemma)
    return "", frozenset(attributes)
