"""So much each, so much in all: «пособие 5 000 сомов получили 1 240 семей на сумму 6,2 млн сомов»."""

from collections.abc import Iterator
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.digits import core, is_power_of_ten, is_slipped
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text, matches

SUM = lexicon.cues("rates", "sum")
PAID = lexicon.cues("rates", "paid")
LEAST, MOST, ROUGH, FAR = Decimal(2), Decimal("1.5"), Decimal("0.006"), 3
MONTHS, TENFOLD = 12, 10


def find(text: Text) -> Iterator[Finding]:
    """Yield sums that are not the number of payments times the payment which the same sentence tells."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        for amount in sentence.quantities:
            if amount.dimension.startswith("money") and is_additive(amount) and _is_sum(sentence, amount):
                yield from _judge(text, index, amount)


def _is_sum(sentence: Sentence, amount: Figure) -> bool:
    return matches(sentence.lead(amount)[-4:], SUM)


def _judge(text: Text, index: int, amount: Figure) -> Iterator[Finding]:
    """Judge a sum by the only payment and the only number of those who were paid."""
    sentence = text.sentences[index]
    found = [one for one in sentence.quantities if is_additive(one) and one is not amount]
    payments = [one for one in found if is_same_kind(one, amount) and one.base < amount.base]
    numbers = [one for one in found if one.dimension == "count" and one.noun and one.base > LEAST]
    if len(payments) != 1 or len(numbers) != 1 or not _is_paid(sentence, payments[0]):
        return
    payment, number = payments[0], numbers[0]
    right = payment.base * number.base
    text.checked += 1
    step = number.base_step * payment.base / 2 if number.scale else Decimal(0)
    if abs(right - amount.base) <= max(right * ROUGH, step + amount.base_step):
        return
    if not _is_of_months(amount.base, right) and _is_meant(amount.base, right, amount):
        yield _finding(text, amount, payment, number, right)


def _is_paid(sentence: Sentence, payment: Figure) -> bool:
    """Tell whether the words right before a figure make it what each was paid: «в размере», «выплату»."""
    return matches(sentence.lead(payment)[-FAR:], PAID)


def _is_meant(stated: Decimal, right: Decimal, amount: Figure) -> bool:
    ratio = max(stated, right) / min(stated, right)
    if ratio <= MOST:
        return True
    rounded = round(right / Decimal(10) ** amount.scale, max(0, -int(_exponent(amount))))
    written = stated / Decimal(10) ** amount.scale
    shift = stated / right
    is_shifted = any(is_power_of_ten(power) and abs(shift / power - 1) <= ROUGH for power in _powers())
    return is_shifted or is_slipped(core(rounded), core(written))


def _is_of_months(stated: Decimal, right: Decimal) -> bool:
    """Tell whether a sum may be of several months of what is paid each month."""
    times = stated / right
    return 2 <= round(times) <= MONTHS and abs(times / round(times) - 1) <= ROUGH and round(times) != TENFOLD


def _exponent(amount: Figure) -> int:
    return int((amount.step / Decimal(10) ** amount.scale).normalize().as_tuple().exponent)


def _powers() -> Iterator[Decimal]:
    yield from (Decimal(10) ** power for power in (-3, -2, -1, 1, 2, 3))


def _finding(text: Text, amount: Figure, payment: Figure, number: Figure, right: Decimal) -> Finding:
    factor = Decimal(10) ** amount.scale * amount.factor
    shown = round(right / factor, max(1, -_exponent(amount)))
    values = {"number": number.written, "rate": payment.written, "stated": amount.written}
    facts = {"stated": str(amount.base / factor), "right": str(shown)}
    spots = (text.spot_of(amount), text.spot_of(number), text.spot_of(payment))
    return Finding("product", Severity.ERROR, spots, sentences("product", right=shown, **values), facts)
