"""Writes what rules say in every language of the city at once."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeAlias

from django.utils.translation import override

from shaar.indicators.arithmetic import plain
from shaar.kernel.errors import Message
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity
from shaar.kernel.texts import LANGUAGES, Text
from shaar.kernel.writing import format_number, format_quantity

Word: TypeAlias = Decimal | Quantity | Text | Period | str | tuple["Word", ...]


def message(text: Message, words: Mapping[str, Word]) -> Text:
    """Return a lazy sentence in all languages, its words written as each language writes them."""
    written: dict[str, str] = {}
    for language in LANGUAGES:
        with override(language):
            filled = {name: write(word, language) for name, word in words.items()}
            written[language] = str(text) % filled if filled else str(text)
    return Text(written["ru"], written["ky"], written["en"])


def write(word: Word, language: str) -> str:
    """Write one word of a sentence in a language."""
    match word:
        case Decimal():
            return format_number(plain(word), language)
        case Quantity():
            return format_quantity(word, language)
        case Text():
            return word.of(language)
        case Period():
            return word.name(language)
        case tuple():
            return "; ".join(write(part, language) for part in word)
        case _:
            return word


def digits(value: Decimal) -> str:
    """Return a number for machines: no separators, no exponent, no trailing zeros."""
    return format(plain(value), "f")
