"""Numbers that do not say how much: years, dates, acts, schools, phases, versions, telephones, codes."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.language import Word, forms, months
from shaar.reports.proofreading.nouns import START, NounPhrase
from shaar.reports.proofreading.numerals import YEAR, Numeral

QUANTITY = "quantity"
SHAPES = {
    "date": "date",
    "chain": "section",
    "years": "year",
    "attribute": "attribute",
    "phone": "phone",
    "list": "list",
    "ordinal": "ordinal",
}
OF_YEAR = re.compile(r"[ -]?(?:г\.?г?\.?|год[а-яё]*|ж\.|жыл[а-яүө]*|[ -]х? ?годов)(?![^\W\d_])")
PHONE = re.compile(r"(?:\+?\d[\d() -]{8,}\d|\d{2,3}-\d{2}-\d{2})(?!\d)")
TIME = re.compile(r"(?:[01]?\d|2[0-3])[:][0-5]\d")
LABELLED, LISTED = re.compile(r"[а-яё] [–—-]$"), re.compile(r"[;,] ")
STREET = re.compile(
    r"(?:\bул\.|\bулиц\w*|\bпр\.|\bпр-т\w*|\bпросп\.|\bпроспект\w*|\bбульвар\w*|\bб-р\w*|\bпер\.|\bпереул\w*|"
    r"\bнаб\.|\bнабережн\w*|\bшоссе|\bтракт\w*)\s+(?:[А-ЯЁ][\w.-]*\s?){1,4}(?:,(?:\s*д\.)?)?$",
)
AFTER_HOUSE = re.compile(r"[а-гА-Г]?(?:/\d+)?(?:\s*[,;.)]|\s+и\s|\s*$)")
NAMED = re.compile(r"[^\W\d_][-–]$")
BEFORE_YEAR = frozenset(
    {
        "в",
        "на",
        "за",
        "до",
        "с",
        "к",
        "от",
        "по",
        "из",
        "чем",
        "и",
        "год",
        "против",
        "уровень",
        "факт",
        "план",
    }
)


@dataclass(frozen=True, slots=True)
class Sight:
    """A number in its surroundings, with the number before it if one is near."""

    text: str
    numeral: Numeral
    end: int
    unit: str
    phrase: NounPhrase
    last: tuple[str, int]
    is_cell: bool
    has_scale: bool

    @property
    def before(self) -> str:
        """Return the text before the number, without spaces at its end."""
        return self.text[max(0, self.numeral.start - 40) : self.numeral.start].rstrip()

    @property
    def is_measured(self) -> bool:
        """Tell whether a unit or a scale follows."""
        return bool(self.unit) or self.has_scale


def identity(sight: Sight, seen: tuple[Word, ...]) -> str:
    """Return the kind of name that the number is, or `quantity`."""
    return (
        _by_shape(sight)
        or _by_year(sight, seen)
        or _by_sign(sight)
        or _by_date(sight)
        or _by_list(sight)
        or _by_word(sight, seen)
        or _by_place(sight)
        or _by_address(sight)
        or _by_noun(sight)
        or QUANTITY
    )


def _by_shape(sight: Sight) -> str:
    shape = "ordinal" if _is_of_unnamed(sight) else sight.numeral.shape
    if shape in SHAPES and not (shape == "chain" and _is_version(sight)):
        return SHAPES[shape]
    text, start = sight.text, sight.numeral.start
    if shape == "malformed" and sight.before.endswith(("№", "№№", "+", "тел.", "тел")):
        return "act"
    if TIME.match(text, start) or re.search(r"\d:$", text[:start]):
        return "time"
    return "phone" if _is_phone(text, start) else _glued(text, start, sight.numeral.end)


def _is_phone(text: str, start: int) -> bool:
    match = PHONE.match(text, start - 1 if text[start - 1 : start] in {"+", "("} else start)
    if match is None:
        return False
    return sum(char.isdigit() for char in match[0]) >= 6 and ("-" in match[0] or "+" in match[0])


def _is_of_unnamed(sight: Sight) -> bool:
    """Tell whether «9-х» counts nothing: it is the ordinal of what was named before."""
    return sight.text[sight.numeral.start : sight.numeral.end].endswith("-х") and not sight.phrase.head


def _glued(text: str, start: int, end: int) -> str:
    """Tell names that are glued to letters: COVID-19, Бишкек-2026, 24/7, QR2."""
    if NAMED.search(text[:start]) or text[start - 1 : start].isalpha() or text[start - 1 : start] == "_":
        return "name"
    is_quoted = text[:start].endswith(("«", "„", "“")) and text[end : end + 1] in {"»", "“", "”"}
    if is_quoted or re.match(r"/\d", text[end:]) or re.search(r"\d/$", text[:start]):
        return "name"
    if re.match(r"[A-Za-zА-ЯЁ]{1,4}(?![^\W\d_])", text[end:]) and not re.match(
        r"(?:га|км|м|т|л|ГБ|кВ|МВ|Гк)", text[end:]
    ):
        return "name"
    return ""


def _is_version(sight: Sight) -> bool:
    return "верс" in sight.before.lower()


def _by_year(sight: Sight, seen: tuple[Word, ...]) -> str:
    numeral = sight.numeral
    digits = sight.text[numeral.start : numeral.end]
    if not YEAR.fullmatch(digits):
        return ""
    if OF_YEAR.match(sight.text, numeral.end):
        return "year"
    if sight.is_cell and not sight.is_measured and sight.text.strip() == digits:
        return "year"
    is_listed = LABELLED.search(sight.before) and LISTED.match(sight.text, numeral.end)
    if is_listed or sight.is_measured or (sight.phrase.head and _fits(sight)):
        return ""
    last = _word_before(sight, seen)
    if last is not None and last.lemma in BEFORE_YEAR:
        return "year"
    is_named = sight.before.endswith(("-", "–", "—")) and "«" in sight.before
    is_bracketed = sight.before.endswith("(") or (
        sight.before.endswith((",", "/")) and sight.last[0] == "year"
    )
    return "year" if is_named or is_bracketed or last is None else ""


def _fits(sight: Sight) -> bool:
    """Tell whether the noun after the number is right beside it in the genitive plural."""
    return sight.phrase.head not in months() and sight.text[sight.numeral.end : sight.numeral.end + 1] == " "


def _word_before(sight: Sight, seen: tuple[Word, ...]) -> Word | None:
    index = bisect_left(seen, sight.numeral.start, key=START) - 1
    if index < 0:
        return None
    word = seen[index]
    between = sight.text[word.end : sight.numeral.start]
    return word if between.strip() in {"", ".", "№"} else None


def _by_sign(sight: Sight) -> str:
    before = sight.before
    if re.search(r"т\. ?ч\.$", before):
        return ""
    for sign in lexicon.identifiers("before_signs"):
        if before.endswith(sign) and not (sign[0].isalpha() and before[: -len(sign)][-1:].isalnum()):
            return "" if sign in {"с.", "д.", "ч.", "п."} and sight.is_measured else "act"
    return ""


def _by_date(sight: Sight) -> str:
    after = re.match(r"[ ]?([^\W\d_]+)", sight.text[sight.numeral.end :])
    value = sight.numeral.value
    if after and after[1].lower() in months() and value is not None and 1 <= value <= 31:
        return "date"
    return ""


def _by_list(sight: Sight) -> str:
    """Go on with a list of numbers of acts or schools: «№ 5, 12 и 18»."""
    kind, end = sight.last
    between = sight.text[end : sight.numeral.start].strip() if end else "?"
    if kind not in {"act", "object", "date"} or between not in {",", "и", ";", "/", "-", "–"}:
        return ""
    return "" if sight.is_measured or sight.phrase.head or sight.numeral.is_word else kind


def _by_word(sight: Sight, seen: tuple[Word, ...]) -> str:
    """Judge by the word right before: «фаза 2», «школа 40», «версия 2.0»."""
    word = _word_before(sight, seen)
    if word is None or sight.is_measured or sight.numeral.is_word:
        return ""
    kind = lexicon.identifier_kinds().get(word.lemma, "")
    if not kind or kind == "version":
        return kind
    if kind == "phone":
        return kind if (sight.numeral.value or Decimal(0)) > 99 and not sight.phrase.head else ""
    form = next((form for form in word.forms if form.pos == "NOUN"), None)
    if form is None or form.number != "sing" or (form.case == "gent" and sight.phrase.head):
        return ""
    return kind


def _by_place(sight: Sight) -> str:
    """Judge numbers that number a heading or an item: «1. Введение», «3)»."""
    start, end = sight.numeral.start, sight.numeral.end
    if sight.is_cell or sight.numeral.is_word:
        return ""
    if not sight.text[:start].strip(" -–—•·*(") and re.match(r"[.)]+(?:\s|$)|\.?\d*\.\s", sight.text[end:]):
        return "section"
    if re.search(r"[:;,.] ?$", sight.text[:start]) and re.match(r"\) [^\W\d]", sight.text[end:]):
        is_open = sight.text[:start].count("(") > sight.text[:start].count(")")
        return "" if is_open else "section"
    return ""


def _by_address(sight: Sight) -> str:
    """Judge the number of a house after a street: «по ул. Баки Урманче, 10, построен сад»."""
    if sight.is_cell or sight.is_measured or sight.numeral.is_word:
        return ""
    is_closed = AFTER_HOUSE.match(sight.text, sight.numeral.end)
    return "object" if is_closed and STREET.search(sight.before) else ""


def _by_noun(sight: Sight) -> str:
    """Judge by the noun after: «2 квартал» and «5 микрорайон» name, «5 микрорайонов» count."""
    value = sight.numeral.value
    if value is None or sight.numeral.is_word or sight.phrase.head not in lexicon.identifiers("after_lemmas"):
        return ""
    if sight.numeral.upper is not None:
        return ""
    noun = [form for form in forms(sight.phrase.head_word) if form.pos == "NOUN"]
    needs_plural = not 1 <= value % 10 <= 4 or 11 <= value % 100 <= 14
    if all(form.number == "sing" for form in noun) and needs_plural:
        return "ordinal"
    if sight.phrase.head in {"квартал", "полугодие"} and re.match(
        r"\s\d{4}| года", sight.text[sight.phrase.end :]
    ):
        return "ordinal"
    if any(form.case in {"nomn", "loct", "datv", "ablt"} and form.number == "sing" for form in noun):
        return "" if value % 10 == 1 and value > 20 else "ordinal"
    return ""
