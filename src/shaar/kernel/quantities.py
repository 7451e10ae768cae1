"""Quantities as people state them: exact, «более 80», «45–50», or written so that nobody can tell."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shaar.kernel.errors import Place, Refusal

SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
NUMBER = re.compile(r"(?P<sign>[-−+]?)(?P<whole>\d{1,3}(?: \d{3})+|\d+)(?:[.,](?P<fraction>\d+))?")
ENDING = r"(?:-?(?:ти|х|й|ми|тан|тен|дан|ден|тон|төн|дон|дөн))?"
SCALES = {
    "тысяч": 3, "тысячи": 3, "тысяча": 3, "тыс": 3, "тыс.": 3, "миң": 3,
    "млн": 6, "млн.": 6, "миллион": 6, "миллиона": 6, "миллионов": 6,
    "млрд": 9, "млрд.": 9, "миллиард": 9, "миллиарда": 9, "миллиардов": 9,
}  # fmt: skip
LONGEST = 120


class Qualifier(StrEnum):
    """How a stated quantity relates to the true one."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    APPROXIMATE = "approximate"
    RANGE = "range"
    DISPUTED = "disputed"


LEADS: dict[Qualifier, tuple[str, ...]] = {
    Qualifier.AT_LEAST: ("более", "больше", "свыше", "не менее", "не меньше", "кеминде", ">", "≥"),
    Qualifier.APPROXIMATE: ("около", "примерно", "порядка", "приблизительно", "болжол менен", "~", "≈"),
}
TRAILS: dict[Qualifier, tuple[str, ...]] = {Qualifier.AT_LEAST: ("ашык", "ашуун", "көп")}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity with its qualifier: `value` is the lower bound of a range, `upper` its upper bound.

    A disputed quantity has no value; `as_written` keeps what the source wrote.
    """

    value: Decimal | None
    upper: Decimal | None = None
    qualifier: Qualifier = Qualifier.EXACT
    as_written: str = ""

    def __post_init__(self) -> None:
        if (self.qualifier is Qualifier.RANGE) != (self.upper is not None):
            raise ValueError("a range, and nothing else, has an upper bound")
        if self.value is None and self.qualifier is not Qualifier.DISPUTED:
            raise ValueError("only a disputed quantity may have no value")
        if self.value is not None and self.upper is not None and self.upper < self.value:
            raise ValueError("a range ends before it starts")

    @property
    def is_exact(self) -> bool:
        """Tell whether the quantity is a plain number."""
        return self.qualifier is Qualifier.EXACT


class MalformedNumber(Refusal):
    """Digits that do not make one number, with the numbers that may have been meant."""

    def __init__(self, text: str, found: tuple[Decimal, ...], *, place: Place | None = None) -> None:
        message = str(_("“%(text)s” is not a well-formed number. Possible readings: %(readings)s."))
        listed = "; ".join(str(reading).replace(".", ",") for reading in found) or "—"
        super().__init__("malformed_number", message % {"text": text, "readings": listed}, place=place)
        self.readings = found


def parse_quantity(text: str, *, place: Place | None = None) -> Quantity:
    """Read a quantity as a clerk types it: «1 506», «150,6», «более 80», «45–50», «4 тыс.».

    Raises Refusal `not_a_number` for a text without digits and MalformedNumber for «1 1684».
    """
    written = SPACES.sub(" ", text).strip()
    if not any(char.isdigit() for char in written) or len(written) > LONGEST:
        message = str(_("A number is expected here, not “%(text)s”."))
        raise Refusal("not_a_number", message % {"text": written[:LONGEST]}, place=place)
    qualifier, body = _split_qualifier(written.lower())
    if found := _range(body):
        return Quantity(found[0], found[1], Qualifier.RANGE, written)
    value = _number(body)
    if value is None:
        raise MalformedNumber(written, readings(body), place=place)
    return Quantity(value, None, qualifier, "" if qualifier is Qualifier.EXACT else written)


def readings(text: str) -> tuple[Decimal, ...]:
    """Return the numbers that a malformed group of digits may stand for, the likeliest first.

    «1 1684» may be 11684 (a stray space), 1684 (a stray digit) or 1168.4 (a lost decimal sign).
    """
    groups = [group for group in SPACES.sub(" ", text).strip().split(" ") if group.isdecimal()]
    if not groups:
        return ()
    found = [Decimal("".join(groups))]
    if len(groups) > 1:
        found.append(Decimal(groups[-1]))
    if len(groups) > 1 and len(groups[0]) <= 3 < len(groups[-1]):
        *heads, last = groups
        found.append(Decimal(f"{''.join(heads)}{last[:3]}.{last[3:]}"))
    return tuple(dict.fromkeys(found))


def _split_qualifier(text: str) -> tuple[Qualifier, str]:
    for qualifier, words in LEADS.items():
        for word in words:
            if text.startswith(word):
                return qualifier, text.removeprefix(word).strip()
    for qualifier, words in TRAILS.items():
        for word in words:
            if text.endswith(word):
                return qualifier, text.removesuffix(word).strip()
    return Qualifier.EXACT, text


def _range(text: str) -> tuple[Decimal, Decimal] | None:
    parts = re.fullmatch(r"(?:от )?(\d[\d ]*(?:[.,]\d+)?)\s*(?:-|–|—|\.\.|до)\s*(\d[\d ]*(?:[.,]\d+)?)", text)
    if parts is None:
        return None
    low, high = _number(parts[1].strip()), _number(parts[2].strip())
    if low is None or high is None or low > high:
        return None
    return low, high


def _number(text: str) -> Decimal | None:
    match = re.fullmatch(rf"({NUMBER.pattern}){ENDING}(?: (?P<scale>[а-яңөү.]+))?", text)
    if match is None or (match["scale"] and match["scale"] not in SCALES):
        return None
    sign = "-" if match["sign"] in {"-", "−"} else ""
    fraction = f".{match['fraction']}" if match["fraction"] else ""
    number = Decimal(f"{sign}{match['whole'].replace(' ', '')}{fraction}")
    if match["scale"]:
        return Decimal(format(number.scaleb(SCALES[match["scale"]]), "f"))
    return number
