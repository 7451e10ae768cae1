"""Numbers as written: digits with spaces, points and commas, ranges, endings, and numbers in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from shaar.kernel.quantities import readings
from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.language import Word

RUN = re.compile(r"\d+(?:[ .,']\d+)*")
PLAIN = re.compile(r"(\d{1,3}(?: \d{3})+|\d+)(?:[.,](\d+))?")
THOUSANDS = re.compile(r"\d{1,3}(?:([.,'])\d{3})(?:\1\d{3})+|\d{1,3}(?:'\d{3})+")
DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?!\d)")
CHAINED = re.compile(r"\d+(?:\.\d+){2,}")
YEAR = re.compile(r"(?:19|20)\d\d")
PHONE = re.compile(
    r"(?<![\d.,-])(?:\+|\()?(?P<digits>(?:\d{1,5}[ )(-]{1,2}){0,4}\d{1,4}-\d{2}-\d{2}(?![\d-])"
    r"|(?<=\+)\d[\d ()-]{8,14}\d)"
)
CARDINAL = re.compile(r"(?:-| ?-?)(?:ти|х|ми|мя|ть)(?![^\W\d_])")
ORDINAL = re.compile(r"(?:-(?:й|я|е|м|ю)|-?(?:го|му|ая|ое|ый|ой|ого|ому|ом|ей|ую|ий|ые|ым))(?!\w)")
RANGE = re.compile(r"(?:-?(?:ти|х|го|й))?(\s?)[-–—](\s?)(\d[\d ]*(?:[.,]\d+)?)(?![\d/])")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number without its surroundings; `shape` names what its form alone makes it, if anything."""

    start: int
    end: int
    value: Decimal | None
    step: Decimal
    upper: Decimal | None = None
    shape: str = ""
    is_word: bool = False
    readings: tuple[Decimal, ...] = ()


def numerals(text: str, seen: tuple[Word, ...]) -> tuple[Numeral, ...]:
    """Return every number of a text, in digits or words, in reading order."""
    found = [*_digits(text), *_spelled(text, seen)]
    return tuple(sorted(found, key=lambda numeral: numeral.start))


def _digits(text: str) -> Iterator[Numeral]:
    taken = 0
    phones = {match.start("digits"): match.end() for match in PHONE.finditer(text)}
    for run in RUN.finditer(text):
        start = run.start()
        if start in phones and start >= taken:
            taken = phones[start]
            yield Numeral(start, taken, None, Decimal(1), shape="phone")
        while start < run.end():
            if start < taken:
                start += 1
                continue
            numeral = _numeral(text, start, run.end())
            yield numeral
            taken = numeral.end
            start = numeral.end
            while start < run.end() and not text[start].isdigit():
                start += 1


def _numeral(text: str, start: int, end: int) -> Numeral:
    body = text[start:end]
    for pattern, shape in ((DATE, "date"), (CHAINED, "chain")):
        match = pattern.match(body)
        if match and (shape == "date" or not THOUSANDS.fullmatch(match[0])):
            return Numeral(start, start + match.end(), None, Decimal(1), shape=shape)
    plain = _plain(body)
    if plain is None:
        return _odd(text, start, body)
    return _ended(text, start, start + len(body), *plain)


def _plain(body: str) -> tuple[Decimal, Decimal] | None:
    """Return value and step of a well-formed number."""
    if THOUSANDS.fullmatch(body):
        return Decimal(re.sub(r"\D", "", body)), Decimal(1)
    match = PLAIN.fullmatch(body)
    if match is None:
        return None
    fraction = match[2] or ""
    return Decimal(match[1].replace(" ", "") + ("." + fraction if fraction else "")), Decimal(1).scaleb(
        -len(fraction)
    )


def _odd(text: str, start: int, body: str) -> Numeral:
    """Read digits that do not make one number: a year before a number, or a malformed number."""
    head, space, _ = body.partition(" ")
    if space and (YEAR.fullmatch(head) or text[:start].rstrip().endswith(("№", "№№", "N"))):
        return _ended(
            text, start, start + len(head), Decimal(head) if head.isdigit() else Decimal(0), Decimal(1)
        )
    if "," in body and " " not in body and body.count(",") > 1:
        first = re.match(r"\d+,\d{1,2}(?=,)", body)
        shape = "list" if first is None else "malformed"
        return Numeral(start, start + len(body), None, Decimal(1), shape=shape, readings=_readings(body))
    return Numeral(start, start + len(body), None, Decimal(1), shape="malformed", readings=_readings(body))


def _readings(body: str) -> tuple[Decimal, ...]:
    whole, _, fraction = body.replace(".", ",").partition(",")
    found = readings(whole)
    if fraction.isdigit():
        return tuple(
            Decimal(f"{int(number)}.{fraction}") for number in found if number == number.to_integral_value()
        )
    return found


def _ended(text: str, start: int, end: int, value: Decimal, step: Decimal) -> Numeral:
    """Add what is glued to the digits: a case ending, the other end of a range, a compound adjective."""
    bounds = RANGE.match(text, end)
    if bounds and bool(bounds[1]) == bool(bounds[2]):
        upper = _plain(bounds[3].strip())
        if upper and upper[0] > value and (not bounds[1] or _is_ranged(text, start, value, upper[0])):
            stop = bounds.start(3) + len(bounds[3].rstrip())
            return _ranged(text, start, stop, value, upper[0], step)
    cardinal = CARDINAL.match(text, end)
    if cardinal:
        return Numeral(start, cardinal.end(), value, step)
    ordinal = ORDINAL.match(text, end)
    if ordinal and step == 1:
        return Numeral(start, ordinal.end(), value, step, shape="ordinal")
    if re.match(r"-[^\W\d_]{2,}", text[end:]):
        return Numeral(start, end, value, step, shape="attribute")
    return Numeral(start, end, value, step)


def _is_ranged(text: str, start: int, low: Decimal, high: Decimal) -> bool:
    """Tell whether a dash between spaces ranges: after a preposition or between years."""
    before = text[:start].rstrip().lower()
    if YEAR.fullmatch(str(low)) and YEAR.fullmatch(str(high)):
        return True
    return before.endswith((" от", " за", " на", "около", "порядка", "примерно", "по")) and high < low * 4


def _ranged(text: str, start: int, end: int, low: Decimal, high: Decimal, step: Decimal) -> Numeral:
    ending = CARDINAL.match(text, end) or ORDINAL.match(text, end)
    shape = "years" if YEAR.fullmatch(str(low)) and YEAR.fullmatch(str(high)) else ""
    if not ending and re.match(r"-[^\W\d_]{2,}", text[end:]):
        shape = "attribute"
    if re.match(r"-\d", text[end:]):
        shape = "phone"
    return Numeral(start, ending.end() if ending else end, low, step, high, shape)


def _spelled(text: str, seen: tuple[Word, ...]) -> Iterator[Numeral]:
    """Yield numbers in words; words that follow one another make one number."""
    values = lexicon.number_words()
    chain: list[Word] = []
    for word in seen:
        key = word.text.lower().replace("ё", "е")
        is_number = key in values
        if chain and not (is_number and _follows(text, chain, word, values)):
            yield from _spelled_one(text, chain, values)
            chain = []
        if is_number:
            chain.append(word)
    yield from _spelled_one(text, chain, values)


def _follows(text: str, chain: list[Word], word: Word, values: object) -> bool:
    if not isinstance(values, dict) or text[chain[-1].end : word.start].strip():
        return False
    last = values[chain[-1].text.lower().replace("ё", "е")]
    following = values[word.text.lower().replace("ё", "е")]
    return bool(last > following and last >= 20 and following < (100 if last >= 100 else 10))


def _spelled_one(text: str, chain: list[Word], values: object) -> Iterator[Numeral]:
    if not chain or not isinstance(values, dict):
        return
    keys = [word.text.lower().replace("ё", "е") for word in chain]
    total = sum((values[key] for key in keys), Decimal(0))
    if len(keys) == 1 and (
        keys[0] in lexicon.uncertain_number_words() or (total == 1 and _is_pronoun(text, chain[0]))
    ):
        return
    step = Decimal("0.1") if total != total.to_integral_value() else Decimal(1)
    yield Numeral(chain[0].start, chain[-1].end, total, step, is_word=True)


def _is_pronoun(text: str, word: Word) -> bool:
    """Tell whether «один» means «a» or «one of»: it then counts nothing."""
    after, before = text[word.end : word.end + 5], text[: word.start].rstrip()[-4:].lower()
    return after.startswith((" из ", ",", " и ", ".", ":")) or before.endswith((" ни", " из", "ещё", "еще"))
