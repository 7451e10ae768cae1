"""How a figure is written in a sentence, by its passport: number, unit or counted noun, agreement.

Russian agrees by pymorphy3: «222 камеры», «10 531 светодиодный светильник», «1 511 лотков»; a number without
a noun takes the symbol: «150,6 км». Kyrgyz nouns stay in the singular after a number.
"""

from decimal import Decimal

from shaar.kernel.quantities import Qualifier
from shaar.kernel.writing import NBSP, agree, format_quantity, predicate
from shaar.reports.snapshot import Figure

NO_DATA = {"ru": "нет данных", "ky": "маалымат жок", "en": "no data"}
MARKS = {"disputed": "*", "partial": "**"}
MANY = Decimal(5)


def number(figure: Figure, language: str, *, scale: str | None = None) -> str:
    """Write the number alone; a missing one is «нет данных», a disputed one or a name stands as written."""
    if figure.state == "missing" or (figure.value is None and not figure.as_written):
        return NO_DATA[language]
    if _is_name(figure):
        return figure.as_written
    return format_quantity(figure.quantity, language, precision=figure.precision, scale=scale)


def phrase(
    figure: Figure, language: str, *, noun: str = "", case: str = "nomn", scale: str | None = None
) -> str:
    """Write the number with what it counts: the given noun, the passport's, or the measure's symbol."""
    written = number(figure, language, scale=scale)
    counted = noun or figure.noun.of(language)
    if written == NO_DATA[language]:
        return written
    if not counted:
        symbol = figure.unit.of(language)
        return f"{written}{NBSP}{symbol}" if symbol else written
    return f"{written}{NBSP}{_after_number(figure, counted, language, case, is_scaled=scale is not None)}"


def mark(figure: Figure) -> str:
    """Return the sign that sends the reader to the annex: for a disputed and for a partial value."""
    return MARKS.get(figure.state, "")


def verb_before(figure: Figure, verb: str, noun: str) -> str:
    """Return a Russian short participle as it agrees with the figure; the neuter where no number is exact."""
    if figure.value is None or figure.qualifier is not Qualifier.EXACT:
        return predicate(MANY, verb, noun)
    return predicate(figure.value, verb, noun)


def _is_name(figure: Figure) -> bool:
    """Tell whether the number is a name, as the version «2.0» is: it counts nothing and has no unit."""
    return bool(figure.as_written) and figure.qualifier is Qualifier.EXACT and not figure.unit.ru


def _after_number(figure: Figure, noun: str, language: str, case: str, *, is_scaled: bool) -> str:
    if language != "ru":
        return noun
    if figure.value is None or is_scaled:
        return agree(MANY, noun)
    if figure.qualifier is Qualifier.AT_LEAST:
        return agree(figure.value, noun, case="gent")
    return agree(figure.upper if figure.upper is not None else figure.value, noun, case=case)
