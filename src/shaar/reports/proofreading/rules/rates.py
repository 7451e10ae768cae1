"""So much for one: «18 млн сомов на километр», «на одного жителя – 16 кв. м», «каждая обошлась в 4,5 млн».

A rate is found by its words; amount and number may stand on either side of it or in a sentence beside. Where
any amount and number of the neighbourhood give the rate, it is right.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import is_base, is_difference
from shaar.reports.proofreading.digits import is_meant, is_slip
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity, Spot
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_inner, is_same_kind
from shaar.reports.proofreading.rules.products import sums_of_two
from shaar.reports.proofreading.text import Sentence, Text, matches

DAYS = {"день", "сутки"}
EACH = frozenset(lexicon.phrases("rates", "each"))
WHATEVER = frozenset(lexicon.phrases("rates", "whatever"))
PREPOSITIONS = frozenset(lexicon.phrases("rates", "prepositions"))
MEAN = lexicon.cues("rates", "mean")
PER_HEAD = lexicon.cues("rates", "per_head")
AVERAGE, COSTS = lexicon.cues("rates", "average"), lexicon.cues("rates", "costs")
FOR_ONE = re.compile(rf"\s+(?:{'|'.join(lexicon.phrases('rates', 'prepositions'))})\s+(?:каждый\s+|один\s+)?")
SHORT = frozenset(short for shorter in lexicon.periods().values() for short in shorter)
FAR, STEM = 8, 6
WILD, CLOSE, ROUGH, NEAR = Decimal("1.8"), Decimal("1.15"), Decimal("0.006"), 12
EXACT, SHIFTS = Decimal("0.001"), tuple(Decimal(10) ** power for power in (-3, -2, -1, 1, 2, 3))
INHABITANTS = frozenset({"человек", "житель", "население", "гражданин", "горожанин"})
SPANS = {"месяц": "time.month", "неделя": "time.week", "день": "time.day", "сутки": "time.day"}
PHYSICAL = frozenset({"length", "area", "volume", "mass"})


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure that is for one of something: of a noun, of a unit, or of whatever is counted."""

    figure: Figure
    noun: str
    unit: str
    times: int = 1


def find(text: Text) -> Iterator[Finding]:
    """Yield rates that are not the quotient of the amount and the number near them."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        counted = frozenset(one.noun for each in _near(text, index) for one in each.quantities if one.noun)
        for figure in sentence.quantities:
            if is_additive(figure) and (rate := _rate(sentence, figure, counted)) is not None:
                yield from _judge(text, index, rate)
            if is_additive(figure) and matches(sentence.lead(figure)[-3:], MEAN):
                yield from _mean(text, sentence, figure)


def _rate(sentence: Sentence, figure: Figure, counted: frozenset[str]) -> Rate | None:
    """Return what a figure is so much of, by the words after it, else by those before it."""
    tail = [word for word in sentence.tail(figure) if word.start >= figure.stop][:5]
    lead, one = _lead(sentence, figure), _one_after(sentence, figure)
    is_average = matches(lead, AVERAGE) or bool(lead and lead[-1].text.lower() == "по")
    word = _of(tail, is_average=is_average) or _of_counted(sentence, figure, tail, counted)
    unit = _unit_after(sentence, figure)
    if unit:
        return Rate(figure, "", unit)
    if one is not None and _is_on(sentence, figure, one):
        return _for_one(figure, one)
    if word is not None:
        return _named(figure, word)
    return _led(sentence, figure, lead, is_average=is_average)


def _for_one(figure: Figure, one: Figure) -> Rate | None:
    """Return the rate for a «1» of a unit or of a noun: «на 1 км», «на одного жителя»."""
    if one.unit is not None and one.dimension in PHYSICAL:
        return Rate(figure, "", one.unit.code)
    noun = "" if one.noun in WHATEVER else one.noun
    return Rate(figure, noun, "") if one.dimension == "count" else None


def _lead(sentence: Sentence, figure: Figure) -> list[Word]:
    """Return the words before a figure; «одного» does not end them."""
    stops = [one.stop for one in sentence.quantities if one.stop <= figure.start and not _is_one(one)]
    return list(sentence.between(max(stops, default=sentence.start), figure.start))[-NEAR:]


def _is_one(figure: Figure) -> bool:
    return figure.is_word and figure.value == 1


def _one_after(sentence: Sentence, figure: Figure) -> Figure | None:
    at = sentence.quantities.index(figure)
    return next((one for one in sentence.quantities[at + 1 : at + 2] if one.value == 1), None)


def _is_on(sentence: Sentence, figure: Figure, one: Figure) -> bool:
    between = sentence.text[figure.stop - sentence.start : one.start - sentence.start].strip().lower()
    return between in PREPOSITIONS or between in {"в расчёте на", "в расчете на"}


def _of(tail: Sequence[Word], *, is_average: bool) -> Word | None:
    """Return the noun after «на», «за», «в» right after a figure: «на одну школу», «за километр»."""
    if tail and tail[0].has_lemma(EACH) and tail[0].lemma == "каждый":
        return tail[0]
    if not tail or tail[0].text.lower() not in PREPOSITIONS or matches(tail[:2], MEAN):
        return None
    rest = list(tail[1:])
    is_each = bool(rest) and rest[0].has_lemma(EACH)
    if is_each and len(rest) > 1 and rest[1].is_a("NOUN"):
        rest = rest[1:]
    if not rest or not (is_each or is_average or _is_single(rest[0])):
        return None
    return rest[0] if rest[0].is_a("NOUN") or is_each else None


@cache
def _measures() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return how units of two words or with signs are written: «за квадратный метр», «за кв. м»."""
    signs = [pair for found in lexicon.unit_signs().values() for pair in found]
    phrases = [pair for found in lexicon.unit_words().values() for pair in found]
    written = [(re.escape(sign), unit) for sign, unit in signs if len(sign) > 1]
    written += [
        (r"\s".join(rf"{word[:6]}\w*" for word in phrase), unit)
        for phrase, unit in phrases
        if len(phrase) > 1
    ]
    written = [(shape, unit) for shape, unit in written if unit.dimension in PHYSICAL]
    return tuple((re.compile(rf"{shape}(?!\w)", re.IGNORECASE), unit.code) for shape, unit in written)


def _unit_after(sentence: Sentence, figure: Figure) -> str:
    """Return the unit that a figure is for one of, where it is written by a sign or by two words."""
    after = FOR_ONE.match(sentence.text, figure.stop - sentence.start)
    if after is None:
        return ""
    return next((code for shape, code in _measures() if shape.match(sentence.text, after.end())), "")


def _of_counted(
    sentence: Sentence, figure: Figure, tail: Sequence[Word], counted: frozenset[str]
) -> Word | None:
    """Return the noun that is counted nearby and ends a clause after «на»: «1 968 млн, 61,5 млн на дом»."""
    if len(tail) < 2 or tail[0].text.lower() not in {"на", "в"} or _noun(tail[1]) not in counted:
        return None
    after = sentence.text[tail[1].end - sentence.start :].lstrip()
    lead = sentence.lead(figure)[-1:]
    is_by = figure.dimension == "count" and bool(lead) and lead[0].text.lower() == "по"
    is_money = figure.dimension.startswith("money") and tail[0].text.lower() == "на"
    return (
        tail[1]
        if (is_money or is_by) and _is_singular(tail[1]) and after[:1] in {"", ".", ",", ";", ")"}
        else None
    )


def _is_single(word: Word) -> bool:
    """Tell whether a noun is one of its kind after a preposition: «на километр», «в сутки»."""
    if not word.keys.isdisjoint(SHORT) or _unit_of(word):
        return word.lemma != "год" or word.text.lower() == "год"
    return any(
        form.pos == "NOUN" and form.number == "sing" and form.lemma == "человек" for form in word.forms
    )


def _named(figure: Figure, word: Word) -> Rate:
    unit = _unit_of(word)
    noun = "" if word.lemma in WHATEVER else _noun(word)
    return Rate(figure, "" if unit else noun, unit)


def _noun(word: Word) -> str:
    return next((form.lemma for form in word.forms if form.pos == "NOUN"), "")


def _unit_of(word: Word) -> str:
    for key in word.keys:
        for phrase, unit in lexicon.unit_words().get(key, ()):
            if len(phrase) == 1 and unit.dimension in PHYSICAL:
                return unit.code
    return ""


def _led(sentence: Sentence, figure: Figure, lead: Sequence[Word], *, is_average: bool) -> Rate | None:
    """Return what words before a figure say it is for: «на одного жителя приходится», «каждая обошлась в»."""
    period = _period(lead) if is_average else None
    if period is not None:
        return _named(figure, period)
    for at, word in enumerate(lead[:-1]):
        if word.has_lemma(EACH) and lead[at + 1].is_a("NOUN") and (is_average or matches(lead, COSTS)):
            return _named(figure, lead[at + 1])
    if figure.dimension == "area" and any(word.lemma == "обеспеченность" for word in lead):
        return Rate(figure, "человек", "")
    if matches(lead, PER_HEAD):
        return Rate(figure, "человек", "")
    return _of_each(sentence, figure) or _costing(figure, lead) or _led_by_one(sentence, figure, lead)


def _of_each(sentence: Sentence, figure: Figure) -> Rate | None:
    """Return the rate for one of so many: «на каждый из 16 проектов пришлось 3 млн»."""
    for one in [one for one in sentence.quantities if one.stop <= figure.start][-1:]:
        before = [word.text.lower() for word in sentence.lead(one)[-2:]]
        last = sentence.lead(one)[-2:-1]
        if before[-1:] == ["из"] and last and last[0].has_lemma(EACH) and one.noun:
            return Rate(figure, one.noun, "")
    return None


def _period(lead: Sequence[Word]) -> Word | None:
    """Return the period before a figure that is for one of it: «в среднем за месяц поступало»."""
    for word, noun in pairwise(lead):
        if word.text.lower() in {"за", "в"} and not noun.keys.isdisjoint(SHORT) and _is_singular(noun):
            return noun
    return None


def _costing(figure: Figure, lead: Sequence[Word]) -> Rate | None:
    """Return the rate that words of cost tell: «каждая обошлась в», «стоимость километра»."""
    costs = [word for word in lead[-4:] if matches([word], COSTS)]
    if costs and any(word.lemma == "каждый" for word in lead):
        return Rate(figure, "", "")
    before = [word for word in lead if costs and word.start < costs[-1].start]
    unit = next((word for word in before if _unit_of(word) and _is_singular(word)), None)
    return _named(figure, unit) if unit is not None else None


def _led_by_one(sentence: Sentence, figure: Figure, lead: Sequence[Word]) -> Rate | None:
    one = next((one for one in sentence.quantities if one.value == 1 and one.stop <= figure.start), None)
    if one is not None and _is_of_cost(sentence, one):
        return _for_one(figure, one)
    is_by = bool(lead) and lead[-1].text.lower() == "по"
    tail = [word for word in sentence.tail(figure) if word.start >= figure.end][:3]
    is_mean = figure.dimension == "count" and (matches(tail, MEAN) or matches(lead[-4:], MEAN))
    is_by = is_by and (figure.dimension.startswith("money") or is_mean)
    return Rate(figure, "", "") if is_by and not figure.is_word else None


def _is_singular(word: Word) -> bool:
    return all(form.number == "sing" for form in word.forms if form.pos == "NOUN" and form.score > 0.2)


def _is_of_cost(sentence: Sentence, one: Figure) -> bool:
    return matches(sentence.lead(one)[-5:], COSTS) or matches(sentence.tail(one)[:3], COSTS)


def _judge(text: Text, index: int, rate: Rate) -> Iterator[Finding]:
    own = text.sentences[index].quantities
    near = [one for each in _near(text, index) for one in each.quantities]
    summed = [*near, *sums_of_two([one for one in near if is_additive(one)])]
    if any(_fits(rate, *pair) for pair in _pairs(rate, summed)):
        text.checked += 1
        return
    if (shifted := _shifted(rate, summed)) is not None:
        text.checked += 1
        yield _finding(text, rate, *shifted)
        return
    for found in (own, near):
        meant = [pair for pair in _pairs(rate, found) if not _is_joined(text, pair[1], found)]
        meant = [pair for pair in meant if not any(_is_aside(text, one) for one in pair)] or meant
        if not meant:
            continue
        rights = [amount.base / _number(rate, number) for amount, number in meant]
        if max(rights) > min(rights) * CLOSE:
            return
        text.checked += 1
        if all(is_meant(rate.figure.base, right, WILD) for right in rights):
            yield _finding(text, rate, *meant[0])
        return
    yield from _by_period(text, rate)
    yield from _by_name(text, index, rate)


def _told_spans(text: Text, rate: Rate) -> Sequence[tuple[Decimal, ...]]:
    """Return how many periods the sentence itself names: «за 9 месяцев … в среднем 802 в месяц»."""
    sentence = text.sentence_of(rate.figure)
    named = [one for one in sentence.quantities if one.dimension == SPANS.get(rate.noun)]
    return [(one.value,) for one in named if one.value and one.value > 1]


def _by_name(text: Text, index: int, rate: Rate) -> Iterator[Finding]:
    for pair in _farther(text, index, rate):
        text.checked += 1
        if not _fits(rate, *pair) and is_meant(rate.figure.base, pair[0].base / _number(rate, pair[1]), WILD):
            yield _finding(text, rate, *pair)


def _shifted(rate: Rate, found: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """Return the only amount and number of which a rate is the quotient but for its noughts."""
    if rate.figure.unit is None:
        return None
    told = {one.base for one in found if one is not rate.figure and is_same_kind(one, rate.figure)}
    shifted = [
        (amount, number)
        for amount, number in _pairs(rate, found)
        if _is_shifted(rate, amount, number) and amount.base / _number(rate, number) not in told
    ]
    values = {(amount.base, _number(rate, number)) for amount, number in shifted}
    return shifted[0] if len(values) == 1 else None


def _is_shifted(rate: Rate, amount: Figure, number: Figure) -> bool:
    """Tell whether a rate is right but for its noughts: «1 084,5 млн на 21 690 – 5 тыс.»."""
    right = amount.base / _number(rate, number)
    return any(abs(right * factor - rate.figure.base) <= rate.figure.base * EXACT for factor in SHIFTS)


def _by_period(text: Text, rate: Rate) -> Iterator[Finding]:
    """Judge so many a month by those of the year above: «3 640 обращений … в среднем за месяц – 303»."""
    spans: Sequence[tuple[Decimal, ...]] = _told_spans(text, rate) or lexicon.periods()["год"].get(
        rate.noun, ()
    )
    above = text.of_passage(rate.figure.passage)
    found = [
        one for each in above for one in each.quantities if one.start < rate.figure.start and is_additive(one)
    ]
    years = [one for one in found if _is_amount(one, rate.figure) and is_same_kind(one, rate.figure)]
    years = [one for one in years if one.base > rate.figure.base * 2]
    rights = [(one, one.base / count) for one in years for span in spans for count in dict.fromkeys(span)]
    step = max(rate.figure.base_step, rate.figure.step * rate.figure.factor)
    if any(abs(right - rate.figure.base) <= max(step, right * ROUGH) for _, right in rights):
        text.checked += 1
        return
    for one, right in rights[: sum(len(dict.fromkeys(span)) for span in spans)]:
        if is_slip(rate.figure, right):
            text.checked += 1
            yield _told(text, rate, (text.spot_of(one),), right, {"amount": one.written, "number": rate.noun})
            return


def _farther(text: Text, index: int, rate: Rate) -> Iterator[tuple[Figure, Figure]]:
    """Yield the only amount that bears the name of the thing above, with the only number of such things."""
    above = text.sentences[max(0, index - FAR) : index + 1]
    found = [one for each in above for one in each.quantities if one is not rate.figure and is_additive(one)]
    numbers = [one for one in found if _is_number(rate, one)]
    name = rate.noun[:STEM]
    amounts = [
        one
        for one in found
        if is_same_kind(one, rate.figure) and one.base > rate.figure.base and _is_told_of(text, one, name)
    ]
    if name and len(amounts) == 1 and len({one.base for one in numbers}) == 1:
        yield amounts[0], numbers[0]


def _is_told_of(text: Text, one: Figure, name: str) -> bool:
    """Tell whether the words before a figure, since the last comma, name a thing: «фасады – 58,3 млн»."""
    sentence = text.sentence_of(one)
    return any(word.lemma.startswith(name) for word in sentence.lead(one)[-3:])


def _is_aside(text: Text, figure: Figure) -> bool:
    """Tell whether a figure is a plan, an earlier value, a difference, or stands in brackets."""
    sentence = text.sentence_of(figure)
    if matches(sentence.lead(figure)[-3:], lexicon.cues("parts", "rest")):
        return True
    return is_base(sentence, figure) or is_difference(sentence, figure) or is_inner(sentence, figure)


def _near(text: Text, index: int) -> Iterator[Sentence]:
    passage = text.sentences[index].passage
    for each in text.sentences[max(0, index - 2) : index + 2]:
        if each.passage == passage:
            yield each


def _pairs(rate: Rate, found: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Yield amounts with numbers that a rate may be the quotient of."""
    figure = rate.figure
    usable = [one for one in found if one is not figure and is_additive(one) and one.value != 1]
    amounts = [one for one in usable if is_same_kind(one, figure) and one.base > figure.base]
    amounts = [one for one in amounts if _is_amount(one, figure)]
    for number in usable:
        if _is_number(rate, number) and number.base > 0:
            yield from ((amount, number) for amount in amounts if amount is not number)


def _is_joined(text: Text, number: Figure, found: Sequence[Figure]) -> bool:
    """Tell whether «и» and another figure follow a number: «24 км дорог и 6 мостов»."""
    body = text.passages[number.passage].text
    near = (one for one in found if is_additive(one) and one.passage == number.passage)
    return any(one.start > number.stop and body[number.stop : one.start].strip() == "и" for one in near)


def _is_amount(one: Figure, figure: Figure) -> bool:
    is_named = bool(one.phrase.head_word and figure.phrase.head_word)
    return figure.dimension != "count" or one.sort == figure.sort or not is_named


def _is_number(rate: Rate, one: Figure) -> bool:
    if rate.unit:
        return bool(one.unit) and one.dimension == lexicon.unit(rate.unit).dimension
    if one.dimension != "count":
        return False
    if not rate.noun:
        is_other = bool(one.phrase.head_word) and one.sort != rate.figure.sort
        return bool(one.noun) and (
            is_other if rate.figure.dimension == "count" else not is_same_kind(one, rate.figure)
        )
    people = lexicon.lemmas("people")
    is_people = (rate.noun in people and one.noun == "человек") or {rate.noun, one.noun} <= INHABITANTS
    return one.noun == rate.noun or is_people or {one.noun, rate.noun} == DAYS


def _number(rate: Rate, one: Figure) -> Decimal:
    return one.base / lexicon.unit(rate.unit).factor if rate.unit else one.base


def _fits(rate: Rate, amount: Figure, number: Figure) -> bool:
    count = _number(rate, number)
    if count <= 0:
        return False
    right = amount.base / count
    room = (
        (amount.base_step / amount.base + _number_step(rate, number) / count) / 2 * right
        if amount.base
        else 0
    )
    return abs(right - rate.figure.base) <= room + max(
        rate.figure.step * _factor_of(rate.figure) / 2, right * ROUGH
    )


def _number_step(rate: Rate, number: Figure) -> Decimal:
    return number.base_step / lexicon.unit(rate.unit).factor if rate.unit else number.base_step


def _factor_of(figure: Figure) -> Decimal:
    return figure.unit.factor if figure.unit else Decimal(1)


def _mean(text: Text, sentence: Sentence, figure: Figure) -> Iterator[Finding]:
    """Judge the mean of the figures listed before it: «320, 280 и 300, в среднем 300»."""
    before = [one for one in sentence.quantities if one.start < figure.start and is_additive(one)]
    listed = [one for one in before if is_same_kind(one, figure) and _is_amount(one, figure)]
    if len(listed) < 3 or len(listed) != len(before):
        return
    text.checked += 1
    mean = sum((one.base for one in listed), Decimal(0)) / len(listed)
    if abs(mean - figure.base) <= figure.step * _factor_of(figure) / 2 or abs(mean - figure.base) * 3 > mean:
        return
    factor = Decimal(10) ** figure.scale * _factor_of(figure)
    right = round(mean / factor, max(0, -int(figure.step.as_tuple().exponent)))
    spots = (text.spot_of(figure), *(text.spot_of(one) for one in listed))
    values = {
        "amount": " + ".join(one.written for one in listed),
        "number": str(len(listed)),
        "stated": figure.written,
    }
    facts = {"stated": plain(figure.base / factor), "right": plain(right)}
    yield Finding("product", Severity.ERROR, spots, sentences("rate", right=right, **values), facts)


def _finding(text: Text, rate: Rate, amount: Figure, number: Figure) -> Finding:
    spots = (text.spot_of(amount), text.spot_of(number))
    right = amount.base / _number(rate, number)
    return _told(text, rate, spots, right, {"amount": amount.written, "number": number.written})


def _told(text: Text, rate: Rate, beside: tuple[Spot, ...], right: Decimal, said: dict[str, str]) -> Finding:
    factor = Decimal(10) ** rate.figure.scale * _factor_of(rate.figure)
    digits = max(1, -int(rate.figure.step.as_tuple().exponent))
    right = round(right / factor, digits)
    values = said | {"stated": rate.figure.written}
    spots = (text.spot_of(rate.figure), *beside)
    facts = {"stated": plain(rate.figure.base / factor), "right": plain(right)}
    return Finding("product", Severity.ERROR, spots, sentences("rate", right=right, **values), facts)
