"""What a fact must be like to be recorded; every refusal names the fact by its position."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shaar.city import api as city
from shaar.kernel.errors import Place, Refusal
from shaar.kernel.periods import PeriodKind
from shaar.ledger.registry import is_declared
from shaar.ledger.views import Fact

MESSAGES = {
    "unknown_fact_type": gettext_lazy("There is no type of facts “%(found)s”."),
    "unknown_unit": gettext_lazy("There is no unit “%(found)s”."),
    "unknown_territory": gettext_lazy("There is no territory “%(found)s”."),
    "missing_unit": gettext_lazy("The fact names no unit that answers for it."),
    "missing_territory": gettext_lazy("The fact names no territory where it happened."),
    "missing_origin": gettext_lazy("The fact names no actor or no record that it came from."),
    "naive_time": gettext_lazy("The time %(found)s has no time zone."),
    "not_finite": gettext_lazy("The quantity %(found)s is not a finite decimal number."),
    "malformed_dimensions": gettext_lazy("The dimensions must be short texts by short names, not %(found)s."),
    "malformed_fact": gettext_lazy("The fact cannot be written: %(found)s."),
    "batch_too_large": gettext_lazy("More facts at once than the ledger takes: %(found)s."),
}
LONGEST_DIMENSION = 200
Moment: TypeAlias = tuple[datetime, PeriodKind]


@dataclass
class New:
    """What facts have that was not met before, each with the position of its first fact."""

    moments: dict[Moment, int] = field(default_factory=dict)
    series: dict[tuple[object, ...], tuple[int, Fact]] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    territories: dict[str, int] = field(default_factory=dict)
    unit_ids: dict[str, int] = field(default_factory=dict)
    territory_ids: dict[str, int] = field(default_factory=dict)

    def check(self) -> None:
        """Find the ids of units and territories; Refusal for the first fact with something unheard of."""
        if problems := list(self._problems()):
            raise min(problems, key=_line)

    def _problems(self) -> Iterator[Refusal]:
        for (moment, _covers), position in self.moments.items():
            if moment.tzinfo is None or moment.utcoffset() is None:
                yield refuse("naive_time", position, field="happened_at", found=moment)
        yield from _refused(lambda pair: check_type(pair[1], pair[0]), self.series.values())
        yield from self._unknown("unit", self.units, self.unit_ids, city.unit_ids)
        yield from self._unknown("territory", self.territories, self.territory_ids, city.territory_ids)

    def _unknown(
        self,
        kind: str,
        codes: Mapping[str, int],
        ids: dict[str, int],
        ask: Callable[[Iterable[str]], Mapping[str, int]],
    ) -> Iterator[Refusal]:
        if not codes:
            return
        if "" in codes:
            yield refuse(f"missing_{kind}", codes[""], field=kind)
        try:
            ids.update(ask(code for code in codes if code))
        except Refusal:
            # Rare and final, so it may take a question for each code.
            for code, position in codes.items():
                try:
                    ask([code] if code else [])
                except Refusal:
                    yield refuse(f"unknown_{kind}", position, field=kind, found=code)


def _line(refusal: Refusal) -> int:
    return (refusal.place.line if refusal.place else None) or 0


def _refused(check: Callable[[Any], None], things: Iterable[Any]) -> Iterator[Refusal]:
    for thing in things:
        try:
            check(thing)
        except Refusal as refusal:
            yield refusal


def refuse(code: str, position: int, *, field: str, found: object = "") -> Refusal:
    """Return the refusal of the fact at a position, counted from 1."""
    message = str(MESSAGES[code]) % {"found": str(found)[:200]}
    told = _("Fact %(position)d: %(message)s") % {"position": position, "message": message}
    return Refusal(code, told, place=Place(line=position, field=field))


def check_type(fact: Fact, position: int) -> None:
    """Refuse a type that no module declared, and dimensions that are not small texts."""
    if not is_declared(fact.type):
        raise refuse("unknown_fact_type", position, field="type", found=fact.type)
    parts: list[Any] = [fact.measure]
    for pair in fact.dimensions.items():
        parts.extend(pair)
    if any(not isinstance(part, str) or len(part) > LONGEST_DIMENSION or _unwritable(part) for part in parts):
        raise refuse("malformed_dimensions", position, field="dimensions", found=ascii(dict(fact.dimensions)))


def check_texts(fact: Fact, position: int) -> None:
    """Refuse texts that PostgreSQL cannot keep: those with the character NUL or a half of a character."""
    subject = fact.subject
    texts: dict[str, Iterable[str]] = {
        "actor": [fact.actor],
        "as_written": [fact.as_written],
        "subject": [subject.module, subject.kind, subject.id, subject.title, subject.url],
        "evidence": [
            text for one in fact.evidence for text in (one.kind, one.ref, one.place, one.title, one.sha256)
        ],
        "approval": [text for pair in fact.approval.items() for text in pair],
    }
    for name, values in texts.items():
        if found := next(filter(None, map(_unwritable, values)), ""):
            raise refuse("malformed_fact", position, field=name, found=found)


def _unwritable(text: str) -> str:
    """Return what in a text PostgreSQL cannot keep, as a person can read it; nothing if all is well."""
    if "\0" in text:
        return "NUL (U+0000)"
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"U+{ord(text[error.start]):04X}"
    return ""


def checked_number(number: object, position: int, *, field: str) -> str:
    """Return a finite Decimal as text; Refusal for anything else."""
    if not isinstance(number, Decimal) or not number.is_finite():
        raise refuse("not_finite", position, field=field, found=number)
    return str(number)
