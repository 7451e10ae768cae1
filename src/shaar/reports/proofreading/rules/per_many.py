"""So many for ten thousand: «обеспеченность врачами – 20 на 10 тыс. населения» agrees with both numbers."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.digits import is_slip
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive
from shaar.reports.proofreading.text import Sentence, Text

POWERS = frozenset(Decimal(number) for number in (100, 1000, 10_000, 100_000))
ON = re.compile(r"[^\d.;]{0,30}\bна\s+", re.IGNORECASE)
LIMIT, MANY = Decimal("1.5"), 5
FALLS = frozenset(
    {"приходиться", "прийтись", "составить", "составлять", "обеспеченность", "ввести", "построить"}
)
INHABITANTS = frozenset({"житель", "население", "численность", "проживать", "горожанин"})


def find(text: Text) -> Iterator[Finding]:
    """Yield rates for so many people that no count near them gives, where one comes close."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is not None:
            continue
        found = sentence.quantities
        for rate, many in pairwise(found):
            if _is_rate(sentence, rate, many):
                yield from _judge(text, sentence, rate, many)
            elif _is_led(sentence, rate, many):
                yield from _judge(text, sentence, many, rate)


def _is_rate(sentence: Sentence, rate: Figure, many: Figure) -> bool:
    between = sentence.text[rate.stop - sentence.start : many.start - sentence.start]
    is_many = many.dimension == "count" and many.base in POWERS
    return is_many and rate.is_exact and 0 < rate.base < many.base and bool(ON.fullmatch(between))


def _is_led(sentence: Sentence, many: Figure, rate: Figure) -> bool:
    """Tell whether so many come before their rate: «на 1 000 жителей приходится 585 м²»."""
    lead = sentence.lead(many)[-1:]
    is_on = bool(lead) and lead[0].text.lower() == "на" and bool(many.phrase.head_word)
    return (
        is_on and many.base in POWERS and rate.is_exact and any(w.lemma in FALLS for w in sentence.lead(rate))
    )


def _people(text: Text, near: Sequence[Figure], many: Figure) -> list[Figure]:
    """Return the only number of people of the passage, else the only number of inhabitants of the text."""
    found = [one for one in near if _are_counted(one) and one.base > many.base and _are_alike(one, many)]
    if found or not _are_people(many):
        return found
    every = [
        one for one in text.figures if _are_counted(one) and one.base > many.base * MANY and _are_people(one)
    ]
    told = [one for one in every if _are_inhabitants(text, one)]
    return told[:1] if len({one.base for one in told}) == 1 else []


def _are_alike(one: Figure, many: Figure) -> bool:
    """Tell whether both count the same things, or people, whatever they are called."""
    return one.noun == many.noun if many.noun and not _are_people(many) else _are_people(one)


def _are_counted(one: Figure) -> bool:
    return is_additive(one) and one.dimension == "count"


def _are_inhabitants(text: Text, one: Figure) -> bool:
    sentence = text.sentence_of(one)
    words = (*sentence.lead(one)[-6:], *sentence.between(one.start, one.stop), *sentence.tail(one)[:2])
    return any(word.lemma in INHABITANTS for word in words)


def _judge(text: Text, sentence: Sentence, rate: Figure, many: Figure) -> Iterator[Finding]:
    near = [one for each in text.of_passage(sentence.passage) for one in each.quantities]
    counts = [
        one
        for one in near
        if is_additive(one) and one.dimension == rate.dimension and one not in {rate, many}
    ]
    people = _people(text, [one for one in near if one is not many and one is not rate], many)
    if len(people) != 1:
        return
    text.checked += 1
    is_less = rate.dimension == "count"
    right = {
        one: one.base / people[0].base * many.base
        for one in counts
        if one is not people[0] and (not is_less or one.base < people[0].base)
    }
    if any(_fits(rate, one, people[0], value) for one, value in right.items()):
        return
    used = [one for one in counts if _is_used(near, one, people[0], many)]
    close = [one for one in right if one not in used and _is_close(rate.base, right[one])]
    if len(close) > 1:
        close = [one for one in close if is_slip(rate, right[one])]
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
