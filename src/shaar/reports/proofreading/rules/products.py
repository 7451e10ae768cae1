"""Rates: so many at so much makes a sum, and an average is the sum divided by the number."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import Scope, scopes
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text, matches

EACH = frozenset({"каждый", "один"})


def find(text: Text) -> Iterator[Finding]:
    """Yield sums that are not number times rate, and averages that are not sum by number."""
    for scope in scopes(text):
        for figure in scope.sentence.quantities:
            if is_additive(figure) and _is_rate(scope.sentence, figure):
                yield from _judge(text, scope, figure)


def _is_rate(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure is per one: «по 9,5 млн», «1,2 млн каждый», «в среднем 25 на школу»."""
    lead, tail = sentence.lead(figure)[-5:], sentence.tail(figure)[:6]
    if matches(lead, lexicon.cues("roles", "rate")):
        return True
    is_each = any(word.has_lemma(EACH) for word in tail[:4]) or any(word.lemma == "каждый" for word in lead)
    is_each = is_each or sentence.words[0].lemma == "каждый"
    if lead and lead[-1].text.lower() == "по":
        return figure.dimension.startswith("money") or is_each
    return is_each and (_is_per(tail) or tail[:1] == tuple(word for word in tail[:1] if word.has_lemma(EACH)))


def _is_per(tail: tuple[Word, ...]) -> bool:
    return len(tail) > 1 and any(word.text.lower() in {"на", "за", "в"} for word in tail[:3])


def _judge(text: Text, scope: Scope, rate: Figure) -> Iterator[Finding]:
    own = [each for each in scope.sentence.quantities if _may_join(each, rate)]
    earlier = (
        [] if scope.before is None else [each for each in scope.before.quantities if _may_join(each, rate)]
    )
    if any(_is_product(rate, number, amount) for number, amount in permutations([*own, *earlier], 2)):
        text.checked += 1
        return
    pair = (
        _misscaled([*own, *earlier], rate)
        or _clear(own, rate)
        or (_clear([*own, *earlier], rate) if len(own) < 2 else None)
    )
    if pair is None:
        return
    text.checked += 1
    number, amount = pair
    factor = Decimal(10) ** amount.scale * (amount.unit.factor if amount.unit else 1)
    right = _quantity(number) * rate.base / factor
    values = {"number": number.written, "rate": rate.written, "stated": amount.written}
    spots = (text.spot_of(amount), text.spot_of(number), text.spot_of(rate))
    facts = {"stated": str(amount.base / factor), "right": str(right)}
    yield Finding("product", Severity.ERROR, spots, sentences("product", right=right, **values), facts)


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
    if rate.dimension != "count" and is_same_kind(numbers[0], rate):
        return None
    return numbers[0], amounts[0]
