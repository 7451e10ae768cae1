"""Rates: so many at so much makes a sum, and an average is the sum divided by the number."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, permutations

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import Scope, scopes
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text, matches

WILD = 5
NEAR = Decimal("0.35")
MEASURES = frozenset({"length", "area", "volume", "mass"})
COST = lexicon.cues("rates", "cost")
EACH = frozenset(lexicon.phrases("rates", "each"))


def find(text: Text) -> Iterator[Finding]:
    """Yield sums that are not number times rate, and averages that are not sum by number."""
    for scope in scopes(text):
        for figure in scope.sentence.quantities:
            if is_additive(figure) and figure.value != 1 and _is_rate(scope.sentence, figure):
                yield from _judge(text, scope, figure)


def _is_rate(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure is per one: «по 9,5 млн», «1,2 млн каждый», «в среднем 25 на школу»."""
    lead, tail = sentence.lead(figure)[-5:], sentence.tail(figure)[:6]
    if matches(lead, lexicon.cues("roles", "rate")) or _one_beside(sentence, figure) is not None:
        return True
    is_each = any(word.has_lemma(EACH) for word in tail[:4]) or any(word.lemma == "каждый" for word in lead)
    is_each = is_each or any(word.lemma == "каждый" for word in sentence.words[:1])
    if lead and lead[-1].text.lower() == "по":
        return figure.dimension.startswith("money") or is_each
    if any(word.text.lower() == "за" for word in tail[:2]) and _measure(sentence, figure):
        return True
    return is_each and (_is_per(tail) or tail[:1] == tuple(word for word in tail[:1] if word.has_lemma(EACH)))


def _one_beside(sentence: Sentence, figure: Figure) -> Figure | None:
    """Return the «1» that a rate is per: «3,9 млн на один дом», «стоимость 1 км – 12,5 млн»."""
    at = sentence.quantities.index(figure)
    after, before = sentence.quantities[at + 1 : at + 2], sentence.quantities[max(0, at - 1) : at]
    for one in after:
        between = sentence.text[figure.stop - sentence.start : one.start - sentence.start].strip().lower()
        if one.value == 1 and between in {"на", "за", "в расчёте на", "в расчете на", "на каждый"}:
            return one
    for one in before:
        lead = sentence.lead(one)[-4:]
        if one.value == 1 and matches(lead, COST) and not figure.dimension.startswith("count"):
            return one
    return None


def _is_each(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether words beside a rate say that it is for one: «цена одной машины», «по 9,5 млн»."""
    lead, tail = sentence.lead(figure)[-4:], sentence.tail(figure)[:5]
    is_by = bool(lead) and lead[-1].text.lower() == "по"
    return (
        is_by or _one_beside(sentence, figure) is not None or any(w.has_lemma(EACH) for w in (*lead, *tail))
    )


def _is_per(tail: tuple[Word, ...]) -> bool:
    return len(tail) > 1 and any(word.text.lower() in {"на", "за", "в"} for word in tail[:3])


def _judge(text: Text, scope: Scope, rate: Figure) -> Iterator[Finding]:
    own = [each for each in scope.sentence.quantities if _may_join(each, rate)]
    earlier = (
        [] if scope.before is None else [each for each in scope.before.quantities if _may_join(each, rate)]
    )
    summed = [*own, *earlier, *sums_of_two([*own, *earlier])]
    if any(_is_product(rate, number, amount) for number, amount in permutations(summed, 2)):
        text.checked += 1
        return
    misscaled = _misscaled([*own, *earlier], rate) if _is_each(scope.sentence, rate) else None
    if misscaled is not None:
        text.checked += 1
        yield _finding(text, rate, *misscaled)
        return
    pair = _clear(own, rate) or (_clear([*own, *earlier], rate) if len(own) < 2 else None)
    pair = pair or _per_unit(text, scope.sentence, rate)
    if pair is None:
        return
    text.checked += 1
    number, amount = pair
    if _is_of_part(scope.sentence, number, rate):
        return
    factor = Decimal(10) ** amount.scale * (amount.unit.factor if amount.unit else 1)
    right = _quantity(number) * rate.base / factor
    if right * WILD < amount.base / factor or right > WILD * amount.base / factor:
        return
    yield _finding(text, rate, number, amount)


def sums_of_two(found: Sequence[Figure]) -> Iterator[Figure]:
    """Yield what two measures side by side make together: «684,5 км улиц, 36,2 км магистралей»."""
    measured = [one for one in found if one.dimension in MEASURES and one.value != 1]
    for one, other in pairwise(measured):
        if is_same_kind(one, other) and one.unit == other.unit:
            yield replace(one, value=(one.value or Decimal(0)) + (other.value or Decimal(0)))


def _is_of_part(sentence: Sentence, number: Figure, rate: Figure) -> bool:
    """Tell whether a rate is only of some of a number: «12 автобусов, из них один по цене 9 млн»."""
    return matches(sentence.between(number.end, rate.start), lexicon.cues("parts", "certain"))


def _finding(text: Text, rate: Figure, number: Figure, amount: Figure) -> Finding:
    factor = Decimal(10) ** amount.scale * (amount.unit.factor if amount.unit else 1)
    right = _quantity(number) * rate.base / factor
    values = {"number": number.written, "rate": rate.written, "stated": amount.written}
    spots = (text.spot_of(amount), text.spot_of(number), text.spot_of(rate))
    facts = {"stated": str(amount.base / factor), "right": str(right)}
    return Finding("product", Severity.ERROR, spots, sentences("product", right=right, **values), facts)


def _per_unit(text: Text, sentence: Sentence, rate: Figure) -> tuple[Figure, Figure] | None:
    """Return number and amount of the paragraph that a rate all but divides."""
    one = _one_beside(sentence, rate)
    noun = one.noun if one is not None and one.dimension == "count" else ""
    unit = "" if noun else _measure(sentence, rate)
    last = text.of_passage(rate.passage)
    near = [each for own in last for each in own.quantities if each.start < rate.start]
    numbers = [
        each for each in near if _may_join(each, rate) and each.value != 1 and _is_number_of(each, unit, noun)
    ]
    amounts = [each for each in near if _may_join(each, rate) and is_same_kind(each, rate)]
    amounts = [each for each in amounts if each.base > rate.base]
    choices = [(number, amount) for number in numbers for amount in amounts]
    if any(_is_product(rate, *choice) for choice in choices):
        return None
    near_by = [choice for choice in choices if _distance(rate, *choice) < NEAR]
    return min(near_by, key=lambda choice: _distance(rate, *choice), default=None)


def _is_number_of(figure: Figure, unit: str, noun: str) -> bool:
    if noun:
        return figure.dimension == "count" and figure.noun == noun
    return bool(figure.unit and figure.unit.code == unit)


def _distance(rate: Figure, number: Figure, amount: Figure) -> Decimal:
    return abs(_quantity(number) * rate.base / amount.base - 1)


def _measure(sentence: Sentence, rate: Figure) -> str:
    """Return the unit that a rate is per: «за гектар», «каждый километр», «за 1 км»."""
    for word in (*sentence.tail(rate)[:4], *sentence.lead(rate)[-8:]):
        for key in word.keys:
            for phrase, unit in lexicon.unit_words().get(key, ()):
                if len(phrase) == 1 and unit.dimension in MEASURES:
                    return unit.code
    ones = [each.unit for each in sentence.quantities if _is_one_of(each)]
    return next((each.code for each in ones if each is not None), "")


def _is_one_of(figure: Figure) -> bool:
    return figure.value == 1 and figure.unit is not None and figure.dimension in MEASURES


def _misscaled(found: list[Figure], rate: Figure) -> tuple[Figure, Figure] | None:
    """Return number and amount where they would fit but for thousands: «65 по 13,5 млн – 877,5 тыс.»."""
    if not rate.dimension.startswith("money"):
        return None
    for number, amount in permutations(found, 2):
        if not is_same_kind(amount, rate) or is_same_kind(number, rate) or _quantity(number) <= 1:
            continue
        for shift in (3, -3, 6, -6):
            scaled = Decimal(10) ** shift
            if abs(_quantity(number) * rate.base - amount.base * scaled) <= amount.base_step * scaled / 2:
                return number, amount
    return None


def _may_join(figure: Figure, rate: Figure) -> bool:
    return figure is not rate and is_additive(figure) and not (figure.is_word and figure.value == 1)


def _quantity(figure: Figure) -> Decimal:
    """Return how many there are of what the rate is per: kilometres and hectares count by themselves."""
    return figure.value or Decimal(0)


def _is_product(rate: Figure, number: Figure, amount: Figure) -> bool:
    """Tell whether number times rate is the amount as far as the written precision can tell."""
    count, room = _quantity(number), number.step / 2 if number.dimension != "count" else Decimal(0)
    low = (count - room) * (rate.base - rate.step / 2)
    high = (count + room) * (rate.base + rate.step / 2)
    return low - amount.base_step / 2 <= amount.base <= high + amount.base_step / 2


def _clear(found: list[Figure], rate: Figure) -> tuple[Figure, Figure] | None:
    """Return number and amount where exactly two figures can be meant."""
    if len(found) != 2:
        return None
    amounts = [each for each in found if is_same_kind(each, rate) and each.base > rate.base]
    if rate.dimension == "count":
        amounts = [max(amounts, key=lambda each: each.base)] if amounts else []
    numbers = [each for each in found if each not in amounts]
    if len(amounts) != 1 or len(numbers) != 1 or _quantity(numbers[0]) <= 1:
        return None
    if (rate.dimension != "count" and is_same_kind(numbers[0], rate)) or numbers[0].noun == rate.noun != "":
        return None
    return numbers[0], amounts[0]
