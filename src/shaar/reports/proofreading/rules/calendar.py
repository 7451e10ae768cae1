"""So much in a day and so much in a year: «за год 219 000 вызовов, в среднем 600 в сутки»."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text, matches

NAMES = ("час", "день", "сутки", "неделя", "месяц", "квартал", "полугодие", "год")
LENGTH = {name: at for at, name in enumerate(NAMES)}
UNITS = {"hour": "час", "day": "день", "week": "неделя", "month": "месяц", "year": "год"}
Period = tuple[str, Decimal]
PREPOSITIONS = frozenset({"за", "в", "на", "каждый"})
ROUGH, WILD = Decimal("0.006"), Decimal("1.6")


def find(text: Text) -> Iterator[Finding]:
    """Yield amounts of a shorter period that do not make those of the longer one beside them."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is not None:
            continue
        told = [(one, _period(sentence, one)) for one in sentence.quantities if is_additive(one)]
        found = [(one, period) for one, period in told if period is not None]
        if len(found) == len(told) == 2 and found[0][1] != found[1][1]:
            longer, shorter = sorted(found, key=lambda each: -LENGTH[each[1][0]] * 100 - each[1][1])
            if _is_usual(sentence, shorter[0]):
                yield from _judge(text, longer, shorter)


def _is_usual(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether an amount is that of any day or month, not of one: «в месяц», «ежедневно», «в среднем»."""
    near = (*sentence.lead(figure), *sentence.tail(figure)[:6])
    if any(word.text.lower() in lexicon.period_adverbs() or word.lemma == "каждый" for word in near):
        return True
    is_mean = matches(near, lexicon.cues("rates", "mean"))
    return is_mean or any(
        word.text.lower() == "в" and following.has_lemma(frozenset(NAMES))
        for word, following in pairwise(near)
    )


def _period(sentence: Sentence, figure: Figure) -> Period | None:
    """Return the period for which an amount is told: by the words after it, else by those before it."""
    tail = [word for word in sentence.tail(figure) if word.start >= figure.end]
    stop = next((at for at, word in enumerate(tail) if _is_cut(sentence, figure.end, word)), len(tail))
    at = sentence.quantities.index(figure)
    name = _named(tail[:stop][:6])
    if name:
        return name, Decimal(1)
    after, before = sentence.quantities[at + 1 : at + 2], sentence.quantities[max(0, at - 1) : at]
    if stop == len(tail) and tail and tail[-1].text.lower() == "за" and (told := _counted(after)):
        return told
    lead = sentence.lead(figure)
    if (
        len(lead) <= 3
        and (told := _counted(before))
        and sentence.lead(before[0])[-1:]
        and (sentence.lead(before[0])[-1].text.lower() == "за")
    ):
        return told
    name = _named(lead[-9:])
    return (name, Decimal(1)) if name else None


def _counted(found: Sequence[Figure]) -> Period | None:
    """Return the period that a number of months, weeks or days makes."""
    for one in found:
        name = UNITS.get(one.dimension.partition(".")[2]) if one.dimension.startswith("time.") else None
        if name and one.is_exact and one.value:
            return name, one.value
    return None


def _is_cut(sentence: Sentence, start: int, word: Word) -> bool:
    between = sentence.text[start - sentence.start : word.start - sentence.start]
    return any(mark in between for mark in ",;:(")


def _named(found: tuple[Word, ...] | list[Word]) -> str:
    """Return the last period that words tell: «за год», «в сутки», «ежемесячно», «в каждый месяц»."""
    last = ""
    for at, word in enumerate(found):
        adverb = lexicon.period_adverbs().get(word.text.lower())
        if adverb:
            last = adverb
        before = found[at - 1].text.lower() if at else ""
        is_told = before in PREPOSITIONS or (
            at > 0 and found[at - 1].lemma in {"каждый", "весь", "отчетный", "один"}
        )
        name = next((key for key in word.keys if key in LENGTH), "")
        if name and is_told and word.text.lower() not in {"годы", "днями"}:
            last = name
    return last


def _judge(text: Text, longer: tuple[Figure, Period], shorter: tuple[Figure, Period]) -> Iterator[Finding]:
    (amount, (long, count)), (rate, (short, one)) = longer, shorter
    ranges = lexicon.periods().get(long, {}).get(short, ((Decimal(1), Decimal(1)),) if long == short else ())
    is_named = bool(amount.phrase.head_word and rate.phrase.head_word)
    if one != 1 or not is_same_kind(amount, rate) or (is_named and amount.sort != rate.sort):
        return
    if not ranges or not 0 < rate.base < amount.base:
        return
    text.checked += 1
    bounds = [(low * count, high * count) for low, high in ranges]
    if any(_fits(amount, rate, each) for each in bounds) or _is_wild(amount, rate, bounds):
        return
    spots = (text.spot_of(amount), text.spot_of(rate))
    factor = Decimal(10) ** amount.scale * (amount.unit.factor if amount.unit else 1)
    right = round(rate.base * bounds[-1][1] / factor, 1 if amount.scale else 0)
    words = sentences("calendar", first=spots[0].quote, second=spots[1].quote, right=right)
    yield Finding("product", Severity.ERROR, spots, words, {"right": str(right)})


def _fits(amount: Figure, rate: Figure, bounds: tuple[Decimal, Decimal]) -> bool:
    half = (rate.base_step or rate.step) / 2
    low, high = (rate.base - half) * bounds[0], (rate.base + half) * bounds[1]
    return low * (1 - ROUGH) - amount.base_step <= amount.base <= high * (1 + ROUGH) + amount.base_step


def _is_wild(amount: Figure, rate: Figure, bounds: Sequence[tuple[Decimal, Decimal]]) -> bool:
    low, high = bounds[0][0] * rate.base, bounds[-1][1] * rate.base
    return not low / WILD <= amount.base <= high * WILD
