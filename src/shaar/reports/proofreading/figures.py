"""Figures of a passage: numbers in digits and words with their scale, unit, and what they count."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.identify import Sight, identity
from shaar.reports.proofreading.language import Word, words
from shaar.reports.proofreading.lexicon import Unit
from shaar.reports.proofreading.nouns import NounPhrase, after_number
from shaar.reports.proofreading.numerals import Numeral, numerals
from shaar.reports.proofreading.reading.passages import Passage

QUANTITY = "quantity"
NOTHING = NounPhrase()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text: what was written, what it is worth, and what it is a number of.

    `start` and `end` enclose the number with its scale; `stop` is the end of its unit or what it counts.
    `value` is in the written unit and scale applied; `step` is the worth of its last written digit.
    """

    passage: int
    start: int
    end: int
    stop: int
    written: str
    kind: str
    value: Decimal | None
    step: Decimal
    upper: Decimal | None = None
    qualifier: str = "exact"
    scale: int = 0
    unit: Unit | None = None
    phrase: NounPhrase = NOTHING
    is_word: bool = False
    readings: tuple[Decimal, ...] = ()

    @property
    def is_quantity(self) -> bool:
        """Tell whether the number says how much."""
        return self.kind == QUANTITY

    @property
    def is_exact(self) -> bool:
        """Tell whether arithmetic can be done with the number."""
        return self.is_quantity and self.qualifier == "exact" and self.value is not None

    @property
    def noun(self) -> str:
        """Return the lemma of what is counted, empty where the text leaves it out."""
        return self.phrase.head or (self.unit.noun if self.unit else "")

    @property
    def sort(self) -> str:
        """Return the noun, one word for all nouns of people."""
        return "человек" if self.noun in lexicon.lemmas("people") else self.noun

    @property
    def dimension(self) -> str:
        """Return the dimension of the unit; what is counted has the dimension `count`."""
        return self.unit.dimension if self.unit else "count"

    @property
    def base(self) -> Decimal:
        """Return the value in the first unit of its dimension."""
        return (self.value or Decimal(0)) * (self.unit.factor if self.unit else 1)

    @property
    def factor(self) -> Decimal:
        """Return what the value is multiplied by to come to the first unit of its dimension."""
        return self.unit.factor if self.unit else Decimal(1)

    @property
    def base_step(self) -> Decimal:
        """Return the worth of the last written digit in the first unit of the dimension; counts are exact."""
        if self.dimension == "count" and self.step <= 1:
            return Decimal(0)
        return self.step * (self.unit.factor if self.unit else 1)


def recognise(number: int, passage: Passage) -> tuple[Figure, ...]:
    """Return the figures of a passage in reading order."""
    return tuple(_joined(passage.text, _figures(number, passage, words(passage.text))))


def _joined(text: str, figures: Iterable[Figure]) -> Iterator[Figure]:
    """Join what one number is written with two scales: «4 млрд 685,3 млн сомов»."""
    last: Figure | None = None
    for figure in figures:
        if last is not None and _goes_on(text, last, figure):
            value = (last.value or Decimal(0)) + (figure.value or Decimal(0))
            written = text[last.start : figure.end]
            last = replace(
                figure,
                start=last.start,
                written=written,
                value=value,
                scale=last.scale,
                qualifier=last.qualifier,
            )
            continue
        if last is not None:
            yield last
        last = figure
    if last is not None:
        yield last


def _goes_on(text: str, last: Figure, figure: Figure) -> bool:
    is_head = last.is_quantity and last.scale > figure.scale and last.unit is None and not last.phrase.head
    if not is_head or last.value is None or figure.value is None or figure.kind != QUANTITY:
        return False
    is_tail = figure.value < Decimal(10) ** last.scale and (figure.scale > 0 or figure.unit is not None)
    return is_tail and figure.qualifier == "exact" and not text[last.end : figure.start].strip(" \u00a0")


def _figures(number: int, passage: Passage, seen: tuple[Word, ...]) -> Iterator[Figure]:
    text = passage.text
    last: Figure | None = None
    for numeral in numerals(text, seen):
        if last is not None and numeral.start < last.end:
            continue
        figure = _figure(number, text, seen, numeral, last, is_cell=passage.cell is not None)
        if figure is not None:
            yield figure
            last = figure


def _figure(
    number: int, text: str, seen: tuple[Word, ...], numeral: Numeral, last: Figure | None, *, is_cell: bool
) -> Figure | None:
    end, scale = _scale(text, numeral.end)
    unit, stop = _unit(text, end)
    if unit is None and numeral.is_word and scale:
        unit, stop = _unit(text, end)
    phrase = after_number(text, seen, stop, numeral.value, has_unit=unit is not None)
    value = None if numeral.value is None else _times(numeral.value, scale)
    figure = Figure(
        number,
        numeral.start,
        end,
        max(stop, phrase.end),
        text[numeral.start : end],
        QUANTITY,
        value,
        _times(numeral.step, scale),
        None if numeral.upper is None else _times(numeral.upper, scale),
        "range" if numeral.upper is not None else _qualifier(text, numeral.start),
        scale,
        unit,
        phrase,
        numeral.is_word,
        numeral.readings,
    )
    if value is None:
        figure = replace(figure, qualifier="disputed")
    sight = Sight(
        text,
        numeral,
        figure.end,
        unit.code if unit else "",
        phrase,
        _named(last, numeral.start),
        is_cell=is_cell,
        has_scale=scale > 0,
    )
    kind = identity(sight, seen)
    return replace(figure, kind=kind, unit=None if kind != QUANTITY else unit) if kind else figure


def _named(last: Figure | None, start: int) -> tuple[str, int]:
    """Return kind and end of the number before, for lists of numbers of acts or schools."""
    return (last.kind, last.end) if last is not None and start - last.end < 6 else (QUANTITY, 0)


def _times(value: Decimal, scale: int) -> Decimal:
    return value * (Decimal(10) ** scale)


SCALE = re.compile(r"[ -]?([а-яёүңө]+)(\.?)", re.IGNORECASE)


def _scale(text: str, end: int) -> tuple[int, int]:
    """Return where the number with its scale ends, and the scale as a power of ten."""
    match = SCALE.match(text, end)
    if match is None:
        return end, 0
    word = match[1].lower()
    if word in lexicon.scale_signs():
        is_end = bool(match[2]) and _is_last(text, match.end(1)) and _unit(text, match.end())[0] is None
        return match.end(1) if is_end else match.end(), lexicon.scales()[word]
    if word[:4] in {"тыся", "милл", "трил"}:
        lemma = next((each for each in words(word)), None)
        power = lexicon.scales().get(lemma.lemma) if lemma else None
        if power:
            return match.end(1), power
    return end, 0


UNIT_WORD = re.compile(r" ?([^\W\d_]+(?:-[^\W\d_]+)*)")


def _unit(text: str, end: int) -> tuple[Unit | None, int]:
    """Return the unit that follows, and where it ends."""
    at = end + 1 if text[end : end + 1] == " " else end
    for sign, unit in lexicon.unit_signs().get(text[at : at + 1], ()):
        if text.startswith(sign, at) and _ends(text, at + len(sign), sign):
            dot = 1 if text[at + len(sign) : at + len(sign) + 1] == "." and sign[-1].isalpha() else 0
            return unit, at + len(sign) + (dot if not _is_last(text, at + len(sign)) else 0)
    return _unit_words(text, end)


def _ends(text: str, end: int, sign: str) -> bool:
    following = text[end : end + 1]
    if not sign[-1].isalnum():
        return True
    return not (following.isalnum() or (following == "-" and text[end + 1 : end + 2].isalpha()))


def _is_last(text: str, dot: int) -> bool:
    """Tell whether a point ends the sentence rather than an abbreviation."""
    rest = text[dot + 1 :].lstrip()
    return not rest or (rest[:1].isupper() and not rest[:2].isupper())


def _unit_words(text: str, end: int) -> tuple[Unit | None, int]:
    chain: list[frozenset[str]] = []
    stops: list[int] = []
    at = end
    for _ in range(3):
        match = UNIT_WORD.match(text, at)
        if match is None:
            break
        chain.append(words(match[1])[0].keys)
        stops.append(match.end())
        at = match.end()
    first = chain[0] if chain else frozenset()
    known = [pair for key in first for pair in lexicon.unit_words().get(key, ())]
    for phrase, unit in sorted(known, key=lambda pair: -len(pair[0])):
        if len(phrase) <= len(chain) and all(word in keys for word, keys in zip(phrase, chain, strict=False)):
            return unit, stops[len(phrase) - 1]
    return None, end


FROM = re.compile(r"(?:^|[\s(])(?:со?|от) [\d ,.]+[^\d]{0,24}$")


REACHED = re.compile(r"(?:довед|довел|увелич|вырос|возрос|сократил|снизил|уменьшил|повысил|подня)[а-яё]* до$")


def _qualifier(text: str, start: int) -> str:
    before = text[max(0, start - 48) : start].lower().rstrip()
    for word, name in lexicon.qualifiers():
        if word == "до" and (FROM.search(before) or REACHED.search(before)):
            continue
        if before.endswith(word) and not before[: -len(word)][-1:].isalpha():
            return name
    return "exact"
