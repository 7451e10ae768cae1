"""A figure told again with a slip of the pen, in whatever words; and «эти 60 автобусов» after another number.

Two figures of one kind whose digits differ by a slip, and whose sentences share what they speak of, are one
thing told twice, unless time, place, plan or growth set them apart.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import cued, is_difference
from shaar.reports.proofreading.digits import core, digits_of, is_slipped
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import is_additive, is_equal_sum
from shaar.reports.proofreading.rules.repeated import Statement, are_apart, statement
from shaar.reports.proofreading.text import Sentence, Text

SHORT, LONG, STEM, BACK = 3, 4, 5, 8
ROUND = frozenset({"1", "2", "5", "15", "25"})
POINTING = frozenset(lexicon.phrases("restated", "pointing"))
NAMING = ("NOUN", "ADJF", "PRTF", "PRTS", "VERB")
Told = tuple[Figure, Sentence]


def find(text: Text) -> Iterator[Finding]:
    """Yield figures that differ by a slip of digits from one told before of the same thing."""
    told = [(one, sentence) for sentence in text.sentences for one in _stated(text, sentence)]
    often: dict[tuple[str, Decimal], int] = {}
    for one, _ in told:
        often[one.dimension, one.base] = often.get((one.dimension, one.base), 0) + 1
    yield from _scales(text)
    buckets: dict[tuple[str, ...], list[Told]] = {}
    for one, sentence in told:
        seen: set[int] = set()
        for key in _keys(one):
            for other, each in buckets.setdefault(key, [])[-BACK:]:
                if id(other) not in seen and _is_slip(text, (other, each), (one, sentence), often):
                    seen.add(id(other))
                    text.checked += 1
                    is_sure = sorted(digits_of(one)) == sorted(digits_of(other))
                    yield _finding(text, other, one, is_sure=is_sure)
            buckets[key].append((one, sentence))


def _scales(text: Text) -> Iterator[Finding]:
    """Yield money told again with the same digits and another scale: «9,0 млн … субсидия 9,0 тыс.»."""
    by_digits: dict[tuple[str, str], list[Told]] = {}
    for sentence in text.sentences:
        for one in sentence.quantities if text.passages[sentence.passage].cell is None else ():
            is_told = is_additive(one) and one.scale and one.unit is not None and len(digits_of(one)) > 1
            if is_told and core(one.base) not in ROUND:
                by_digits.setdefault((one.dimension, digits_of(one)), []).append((one, sentence))
    for found in by_digits.values():
        (first, before), *rest = found
        for other, here in rest:
            shared = _about(before, first) & _about(here, other)
            if first.scale != other.scale and before is not here and shared:
                text.checked += 1
                yield _finding(text, first, other, is_sure=len(digits_of(other)) > 2)


def _stated(text: Text, sentence: Sentence) -> Iterator[Figure]:
    if text.passages[sentence.passage].cell is not None:
        return
    for one in sentence.quantities:
        if (
            is_additive(one)
            and not one.is_word
            and len(digits_of(one)) >= SHORT
            and not is_difference(sentence, one)
        ):
            yield one


def _keys(one: Figure) -> Iterator[tuple[str, ...]]:
    """Yield what two figures have in common that differ by a slip: their digits in order, or all but one."""
    digits, kind = digits_of(one), (one.dimension, str(one.scale))
    yield (*kind, "".join(sorted(digits)), "")
    for at in range(len(digits)):
        yield (*kind, f"{digits[:at]}*{digits[at + 1 :]}", "")


def _is_slip(text: Text, first: Told, second: Told, often: dict[tuple[str, Decimal], int]) -> bool:
    (one, before), (other, here) = first, second
    digits = digits_of(one)
    if one.base == other.base or before is here or not is_slipped(digits, digits_of(other)):
        return False
    if min(often[each.dimension, each.base] for each in (one, other)) > 1:
        return False
    is_swap = sorted(digits) == sorted(digits_of(other))
    if (len(digits) < LONG and not is_swap) or not _is_one_sort(one, other):
        return False
    needed = (2 if len(digits) < LONG else 1) if is_swap else (3 if len(digits) == LONG else 2)
    shared = _about(before, one) & _about(here, other)
    return len(shared) >= needed and not _are_apart(text, statement(text, one), statement(text, other))


def _is_one_sort(one: Figure, other: Figure) -> bool:
    is_named = bool(one.phrase.head_word and other.phrase.head_word)
    return one.dimension != "count" or one.sort == other.sort or not is_named


def _about(sentence: Sentence, figure: Figure) -> frozenset[str]:
    """Return the beginnings of the words that say what a figure is about."""
    soft = lexicon.lemmas("soft") - {"протяженность", "площадь", "длина", "город"}
    near = (
        *sentence.lead(figure)[-8:],
        *(() if figure.unit else sentence.between(figure.end, figure.stop)),
        *sentence.tail(figure)[:5],
    )
    named = (word for word in near if word.pos in NAMING and word.lemma not in soft and len(word.text) > 3)
    return frozenset(word.lemma[:STEM] for word in named)


def _are_apart(text: Text, one: Statement, other: Statement) -> bool:
    """Tell whether time, place, plan or growth set two statements apart."""
    if are_apart(one, other):
        return True
    years = one.years ^ other.years
    if years and years != {_latest(text)}:
        return True
    return any(
        cued(each.sentence.words, name) for each in (one, other) for name in ("growth", "decline", "before")
    )


def _latest(text: Text) -> int:
    return max((year for sentence in text.sentences for year in sentence.years), default=0)


def pointed(text: Text) -> Iterator[Finding]:
    """Yield «эти 80 автобусов» after 60 of them."""
    often = Counter(one.base for one in text.figures if is_additive(one))
    for index, sentence in enumerate(text.sentences):
        for figure in sentence.quantities:
            if text.passages[sentence.passage].cell is None and _is_pointing(sentence, figure):
                yield from _judge(text, index, sentence, figure, often)


def _is_pointing(sentence: Sentence, figure: Figure) -> bool:
    if not is_additive(figure) or not (figure.noun or figure.unit):
        return False
    lead = sentence.lead(figure)[-1:]
    if not lead or sentence.text[lead[0].end - sentence.start : figure.start - sentence.start].strip():
        return False
    is_past = any(form.pos == "PRTF" and form.lemma in lexicon.deeds() for form in lead[0].forms)
    return is_past or (lead[0].has_lemma(POINTING) and lead[0].text.lower() not in {"всего", "всё", "это"})


def _judge(
    text: Text, index: int, sentence: Sentence, figure: Figure, often: Counter[Decimal]
) -> Iterator[Finding]:
    noun = figure.phrase.head or figure.noun
    lead = sentence.lead(figure)[-1]
    near = [
        one
        for each in text.sentences[max(0, index - BACK) : index]
        for one in each.quantities
        if is_additive(one) and noun and (one.phrase.head or one.noun) == noun and _is_same_deed(each, lead)
    ]
    if not near or often[figure.base] > 1 or _is_sum(figure, near):
        return
    values = {one.base for one in near}
    last = near[-1]
    is_only = len(values) == 1 and last.base <= figure.base * 2 and figure.base <= last.base * 2
    alike = [
        one for one in near if is_slipped(digits_of(one), digits_of(figure)) or one.value == figure.value
    ]
    text.checked += 1
    if alike or is_only:
        yield _finding(text, (alike or near)[-1], figure, is_sure=bool(alike))


def _is_same_deed(sentence: Sentence, word: Word) -> bool:
    """Tell whether a sentence tells of the deed that a participle names; other words point at anything."""
    deed = lexicon.deeds().get(word.lemma)
    return deed is None or any(lexicon.deeds().get(each.lemma) == deed for each in sentence.words)


def _is_sum(figure: Figure, near: Sequence[Figure]) -> bool:
    return any(
        is_equal_sum(figure, near[at : at + size]) for size in (2, 3, 4) for at in range(len(near) - size + 1)
    )


def _finding(text: Text, one: Figure, other: Figure, *, is_sure: bool) -> Finding:
    first, second = text.spot_of(one), text.spot_of(other)
    code = "repeated" if is_sure else "alike"
    words = sentences(code, first=first.quote, second=second.quote, line=second.line)
    return Finding("repeated", Severity.ERROR if is_sure else Severity.WARNING, (first, second), words)
