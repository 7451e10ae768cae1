"""Fills in the sentences of findings and refusals."""

from decimal import Decimal

from shaar.kernel.errors import Refusal
from shaar.kernel.writing import format_number
from shaar.reports.proofreading import lexicon

LANGUAGES = ("ru", "ky", "en")


class Unreadable(Refusal):
    """A file that cannot be proofread, with the sentence in every language."""

    def __init__(self, code: str, **values: str | int) -> None:
        self.messages = sentences(code, **values)
        super().__init__(code, self.messages["ru"])


def sentences(code: str, **values: str | int | Decimal) -> dict[str, str]:
    """Return a sentence in every language; decimal values are written as each language does."""
    return {language: _fill(code, language, values) for language in LANGUAGES}


def _fill(code: str, language: str, values: dict[str, str | int | Decimal]) -> str:
    written = {
        key: plain(value, language) if isinstance(value, Decimal) else value for key, value in values.items()
    }
    return lexicon.messages()[code][language].format(**written)


def plain(value: Decimal, language: str = "ru") -> str:
    """Write a number without needless zeros."""
    is_whole = value == value.to_integral_value()
    return format_number(value.quantize(Decimal(1)) if is_whole else value.normalize(), language)
