"""Numbers and counted nouns as Russian and Kyrgyz write them.

Number formats come from CLDR through Babel; agreement with a numeral from pymorphy3 (Russian only: Kyrgyz
nouns stay in the singular after a numeral).
"""

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal

from shaar.kernel.quantities import Qualifier, Quantity

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer

NBSP = "\u00a0"
SCALE_WORDS = {
    "thousand": (Decimal(1000), "тысяча", "миң"),
    "million": (Decimal(1_000_000), "миллион", "миллион"),
}
COUNTED_FORMS = {"людей": "человек", "годов": "лет"}
FEW = frozenset({"gent", "sing"})
# Nouns that decline as adjectives take the adjective's form after 2, 3 and 4: «2 котельные».
ADJECTIVAL = ("ая", "яя")
QUALIFIED = {
    ("ru", Qualifier.AT_LEAST): "более {}",
    ("ky", Qualifier.AT_LEAST): "кеминде {}",
    ("en", Qualifier.AT_LEAST): "more than {}",
    ("ru", Qualifier.APPROXIMATE): "около {}",
    ("ky", Qualifier.APPROXIMATE): "болжол менен {}",
    ("en", Qualifier.APPROXIMATE): "about {}",
}


def format_number(value: Decimal, language: str, *, precision: int | None = None) -> str:
    """Write a number with the language's separators: «10 531» and «150,6», spaces non-breaking.

    `precision` fixes the digits after the decimal sign; without it the number keeps its own.
    """
    digits = precision if precision is not None else max(0, -int(value.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    written = str(format_decimal(value, format=pattern, locale=language[:2]))
    return written.replace("\u202f", NBSP).replace("-", "−")


def format_quantity(
    quantity: Quantity, language: str, *, precision: int | None = None, scale: str | None = None
) -> str:
    """Write a quantity with its qualifier; a disputed one stands as its source wrote it."""
    if quantity.value is None:
        return quantity.as_written.replace(" ", NBSP)
    language = language[:2]
    written = _scaled(quantity.value, language, precision, scale)
    if quantity.upper is not None:
        return f"{written}–{_scaled(quantity.upper, language, precision, scale)}"
    if scale and quantity.qualifier is Qualifier.AT_LEAST and language == "ru":
        written = _scaled(quantity.value, language, precision, scale, case="gent")
    return QUALIFIED.get((language, quantity.qualifier), "{}").format(written)


def agree(number: Decimal | int, phrase: str, *, case: str = "nomn") -> str:
    """Return a Russian noun phrase as it stands after a number.

    >>> agree(222, "камера видеонаблюдения")
    'камеры видеонаблюдения'

    The phrase is given in the nominative singular; attributes and the head noun agree, what follows the head
    (a genitive, a preposition) stays. After 2, 3, 4 a feminine noun takes its attributes in the nominative
    plural, others in the genitive plural; a fraction takes the genitive singular.
    """
    words = phrase.split(" ")
    head = _head_index(words)
    noun = _parse(words[head], is_head=True)
    attributes, nouns = _forms(number, case, is_feminine=noun is not None and noun.tag.gender == "femn")
    if words[head].endswith(ADJECTIVAL) and nouns == FEW:
        nouns = attributes
    written = [_inflect(word, attributes, is_head=False) for word in words[:head]]
    return " ".join([*written, _inflect(words[head], nouns, is_head=True), *words[head + 1 :]])


def predicate(number: Decimal | int, participle: str, phrase: str) -> str:
    """Return a Russian short participle as it stands before a number and what is counted.

    >>> predicate(21, "установлен", "камера")
    'установлена'

    It takes the noun's gender after 1, 21 …; the plural after 2, 3, 4; the neuter otherwise.
    """
    forms, nouns = _forms(number, "nomn", is_feminine=False)
    parse = next((each for each in _morphology().parse(participle) if each.tag.POS == "PRTS"), None)
    words = phrase.split(" ")
    noun = _parse(words[_head_index(words)], is_head=True)
    if parse is None or noun is None:
        return participle
    is_few = abs(Decimal(number)) == int(number) and nouns == FEW
    singular = {"sing", noun.tag.gender if forms == frozenset({"nomn", "sing"}) else "neut"}
    inflected = parse.inflect({"plur"} if is_few else singular)
    return str(inflected.word) if inflected else participle


def counted(value: Decimal | int, phrase: str, language: str, *, case: str = "nomn") -> str:
    """Write a number with what is counted: «222 камеры», joined by a non-breaking space."""
    written = format_number(Decimal(value), language)
    noun = agree(value, phrase, case=case) if language[:2] == "ru" else phrase
    return f"{written}{NBSP}{noun}"


def _scaled(
    value: Decimal, language: str, precision: int | None, scale: str | None, *, case: str = "nomn"
) -> str:
    if scale is None:
        return format_number(value, language, precision=precision)
    factor, russian, kyrgyz = SCALE_WORDS[scale]
    scaled = (value / factor).normalize()
    scaled = scaled.quantize(Decimal(1)) if scaled == scaled.to_integral() else scaled
    word = agree(scaled, russian, case=case) if language == "ru" else kyrgyz
    return f"{format_number(scaled, language, precision=precision)}{NBSP}{word}"


def _forms(number: Decimal | int, case: str, *, is_feminine: bool) -> tuple[frozenset[str], frozenset[str]]:
    """Return the grammemes of attributes and noun after a numeral, the whole phrase being in a case."""
    value = abs(Decimal(number))
    if value != value.to_integral_value():
        return (both := frozenset({"gent", "sing"})), both
    units, tens = int(value) % 10, int(value) % 100
    if units == 1 and tens != 11:
        return (both := frozenset({case, "sing"})), both
    if case not in {"nomn", "accs"}:
        return (both := frozenset({case, "plur"})), both
    if 2 <= units <= 4 and not 12 <= tens <= 14:
        return frozenset({"nomn" if is_feminine else "gent", "plur"}), FEW
    return (both := frozenset({"gent", "plur"})), both


def _inflect(word: str, grammemes: frozenset[str], *, is_head: bool) -> str:
    first, hyphen, last = word.rpartition("-")
    parse = _parse(last, is_head=is_head)
    inflected = parse.inflect(grammemes) if parse else None
    if not inflected:
        return word
    counted_form = COUNTED_FORMS.get(str(inflected.word)) if "gent" in grammemes and is_head else None
    return first + hyphen + _same_case(last, counted_form or str(inflected.word))


def _head_index(words: list[str]) -> int:
    """Return the index of the first noun in the nominative: the head of the phrase."""
    for index, word in enumerate(words):
        if any(_is_noun(parse) for parse in _morphology().parse(word.rpartition("-")[2])[:3]):
            return index
    return 0


def _is_noun(parse: Any) -> bool:
    return bool(parse.tag.POS == "NOUN" and parse.tag.case == "nomn" and parse.score > 0.1)


def _parse(word: str, *, is_head: bool) -> Any:
    for parse in _morphology().parse(word):
        if parse.tag.case == "nomn" and parse.tag.number == "sing" and (parse.tag.POS == "NOUN") == is_head:
            return parse
    return None


def _same_case(pattern: str, word: str) -> str:
    return word.capitalize() if pattern[:1].isupper() else word


@cache
def _morphology() -> "MorphAnalyzer":
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")
