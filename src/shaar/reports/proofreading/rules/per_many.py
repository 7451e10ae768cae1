"""So many for ten thousand: «обеспеченность врачами – 20 на 10 тыс. населения» agrees with both numbers."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive
from shaar.reports.proofreading.text import Sentence, Text

POWERS = frozenset(Decimal(number) for number in (100, 1000, 10_000, 100_000))
ON = re.compile(r"[^\d.;]{0,30}\bна\s+", re.IGNORECASE)
LIMIT = Decimal("1.5")


def find(text: Text) -> Iterator[Finding]:
    """Yield rates for so many people that no count near them gives, where one comes close."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is not None:
            continue
        found = sentence.quantities
        for rate, many in pairwise(found):
            if _is_rate(sentence, rate, many):
                yield from _judge(text, sentence, rate, many)


def _is_rate(sentence: Sentence, rate: Figure, many: Figure) -> bool:
    between = sentence.text[rate.stop - sentence.start : many.start - sentence.start]
    return many.base in POWERS and rate.is_exact and 0 < rate.base < many.base and bool(ON.fullmatch(between))


def _judge(text: Text, sentence: Sentence, rate: Figure, many: Figure) -> Iterator[Finding]:
    near = [one for each in text.of_passage(sentence.passage) for one in each.quantities]
    counts = [
        one for one in near if is_additive(one) and one.dimension == "count" and one not in {rate, many}
    ]
    people = [one for one in counts if _are_people(one) and one.base > many.base]
    if len(people) != 1:
        return
    text.checked += 1
    right = {one: one.base / people[0].base * many.base for one in counts if one.base < people[0].base}
    if any(_fits(rate, one, people[0], value) for one, value in right.items()):
        return
    used = [one for one in counts if _is_used(near, one, people[0], many)]
    close = [one for one in right if one not in used and _is_close(rate.base, right[one])]
    if len(close) == 1:
        yield _finding(text, rate, close[0], people[0], right[close[0]])


def _are_people(one: Figure) -> bool:
    return one.noun in lexicon.lemmas("people") and one.noun not in {"врач", "медик"}


def _fits(rate: Figure, one: Figure, people: Figure, value: Decimal) -> bool:
    blur = value * (one.base_step / one.base + people.base_step / people.base) / 2 if one.base else Decimal(0)
    return abs(rate.base - value) <= rate.step / 2 + blur


def _is_used(near: Sequence[Figure], one: Figure, people: Figure, many: Figure) -> bool:
    """Tell whether another rate is already told of a count."""
    value = one.base / people.base * many.base
    return any(
        other is not one and _fits(other, one, people, value) for other in near if other.base < many.base
    )


def _is_close(stated: Decimal, right: Decimal) -> bool:
    return right > 0 and max(stated, right) <= min(stated, right) * LIMIT


def _finding(text: Text, rate: Figure, one: Figure, people: Figure, right: Decimal) -> Finding:
    shown = round(right, max(1, -int(rate.step.as_tuple().exponent)))
    values = {"amount": one.written, "number": people.written, "stated": rate.written}
    spots = (text.spot_of(rate), text.spot_of(one), text.spot_of(people))
    facts = {"stated": plain(rate.base), "right": plain(shown)}
    return Finding("product", Severity.ERROR, spots, sentences("rate", right=shown, **values), facts)
