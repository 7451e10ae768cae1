"""What a percent or a difference compares: its kind by the words around it, and the pairs it may be about."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.relations import is_additive, is_same_kind
from shaar.reports.proofreading.text import Sentence, Text, matches

Pair = tuple[Figure, Figure]
LEAST_EXECUTED = 40
AGAIN = re.compile(
    r"[^\d,;:()]{0,30},?\s*\(?(?:или|то есть|т\. ?е\.|что составило|что составляет)\s+(?:на\s+)?"
)
EXECUTION, BY, DOWN, RATIO, SHARE = "execution", "by", "down", "ratio", "share"


@dataclass(frozen=True, slots=True)
class Scope:
    """A sentence with the one before it, in which the members of a comparison are looked for."""

    sentence: Sentence
    before: Sentence | None

    @property
    def is_alone(self) -> bool:
        """Tell whether there is no sentence before it in its passage."""
        return self.before is None


def scopes(text: Text) -> Iterator[Scope]:
    """Yield every sentence outside tables with the sentence before it in the same passage."""
    last: Sentence | None = None
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is None:
            yield Scope(sentence, last if last is not None and last.passage == sentence.passage else None)
        last = sentence


def cued(words: Sequence[Word], name: str) -> bool:
    """Tell whether words hold a cue of a role."""
    return matches(words, lexicon.cues("roles", name))


def _clause(sentence: Sentence, figure: Figure) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    lead, tail = sentence.lead(figure)[-9:], sentence.tail(figure)[:7]
    if not lead:
        lead = _lead_over(sentence, figure)
    stop = _next_comma(sentence, figure.end)
    return lead, tuple(word for word in tail if word.start < stop)


def _lead_over(sentence: Sentence, figure: Figure) -> tuple[Word, ...]:
    """Return the words before the bracket that stands right before a figure: «плана (285,0 млн) – 74,5 %»."""
    before = [each for each in sentence.quantities if each.stop <= figure.start]
    between = (
        sentence.text[before[-1].stop - sentence.start : figure.start - sentence.start] if before else ""
    )
    return sentence.lead(before[-1])[-9:] if ")" in between else ()


def _next_comma(sentence: Sentence, start: int) -> int:
    body = sentence.text[start - sentence.start :]
    found = [body.find(mark) for mark in (",", ";", ")", "(") if mark in body]
    return start + min(found) if found else sentence.end


def is_by(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether «на» stands before a figure: «на 45 %»."""
    lead = sentence.between(max(sentence.start, figure.start - 14), figure.start)
    last = [word.text.lower() for word in lead[-2:]]
    return bool(last) and (last[-1] == "на" or (last[0] == "на" and last[-1] in {"целых", "почти", "сумму"}))


OWN = re.compile(rf"\s*(?:{'|'.join(lexicon.phrases('percents', 'own'))})\b(?!\s*[(–—-])", re.IGNORECASE)
LABEL = re.compile(r"\s*[–—-]\s+(?!\d)[^\d(:]*(?:$|[;.])")
LINKS = re.compile(
    rf"\s*(?:,?\s*(?:{'|'.join(lexicon.phrases('percents', 'links'))})\s|[:(–—;-])", re.IGNORECASE
)


def is_standalone(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a percent has a subject of its own: «18 % из них моложе 30 лет», «48 % – мужчины»."""
    after = sentence.text[figure.end - sentence.start :].lstrip(" %\u00a0")
    return OWN.match(after) is not None or LABEL.match(after) is not None


def is_linked(sentence: Sentence, figure: Figure, following: Sequence[Figure]) -> bool:
    """Tell whether figures after a percent belong to it, rather than to a statement of their own."""
    if any(one.start < figure.start or one.start >= sentence.end for one in following):
        return True
    first = min(following, key=lambda one: one.start)
    after = sentence.text[figure.end - sentence.start : first.start - sentence.start].lstrip(" %\u00a0")
    mark = re.search(r"[,:;(–—]|\s-\s", after)
    if mark is None:
        return True
    return LINKS.match(after[mark.start() :]) is not None or len(after[mark.end() :].split()) <= 2


def is_opposed(sentence: Sentence, figure: Figure, other: Sentence, whole: Figure) -> bool:
    """Tell whether a percent is of something else than a whole: «40 % расходов» of an income."""
    name = _lemmas((*sentence.between(figure.end, figure.stop), *sentence.tail(figure)[:4]))
    about = _lemmas((*other.lead(whole)[-6:], *other.between(whole.start, whole.stop)))
    return any(
        one in name and rest in about and one not in about
        for pair in lexicon.opposites()
        for one, rest in (pair, pair[::-1])
    )


def _lemmas(found: Sequence[Word]) -> frozenset[str]:
    return frozenset(word.lemma for word in found)


def percent_kind(sentence: Sentence, figure: Figure) -> str:
    """Return what a percent says, by the words around it, or nothing."""
    if is_first_end(sentence, figure):
        return ""
    lead, tail = _clause(sentence, figure)
    around = (*lead[-6:], *tail[:4])
    is_told = cued(lead[-3:], "growth") or cued(lead[-3:], "decline")
    is_beyond = is_by(sentence, figure) and _is_over(around)
    if cued(around, "execution") and not is_beyond and not is_told:
        return EXECUTION
    if _is_of_plan(sentence, figure):
        return EXECUTION
    told = _after_difference(sentence, figure)
    for name, kind in (("decline", DOWN), ("growth", BY), ("excess", BY), ("shortfall", DOWN)):
        told = told or (kind if cued(around, name) else "")
    return told or _plain_kind(sentence, figure, around)


def is_first_end(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a percent is what another grew or fell from: «поднялась с 66,2 до 73,8 %»."""
    lead = sentence.lead(figure)
    after = sentence.text[figure.end - sentence.start :].lstrip(" %\u00a0")
    return bool(lead) and lead[-1].text.lower() in {"с", "со"} and after.startswith("до ")


def _is_over(words: Sequence[Word]) -> bool:
    return any(cued(words, name) for name in ("excess", "shortfall", "growth", "decline"))


def _is_of_plan(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a percent says again how a figure stands to its plan: «при плане 3 052, или на 104 %»."""
    before = [each for each in sentence.quantities if each.stop <= figure.start][-2:]
    if len(before) < 2 or not is_same_kind(*before) or figure.base < LEAST_EXECUTED:
        return False
    between = sentence.text[before[1].stop - sentence.start : figure.start - sentence.start]
    is_again = AGAIN.fullmatch(between) is not None
    return (
        is_again
        and not _is_over(sentence.tail(figure)[:3])
        and any(_is_plan(sentence, one) for one in before)
    )


def _is_plan(sentence: Sentence, figure: Figure) -> bool:
    return cued(sentence.lead(figure)[-5:], "plan") or cued(sentence.tail(figure)[:2], "plan")


def _plain_kind(sentence: Sentence, figure: Figure, around: Sequence[Word]) -> str:
    if cued(around, "before") or any(word.text.lower() == "к" for word in around):
        return RATIO
    before = sentence.text[: figure.start - sentence.start].rstrip()
    after = sentence.text[figure.stop - sentence.start :].lstrip(" ,")
    if before.endswith(("(", "или", "что составляет", "то есть")) or after.startswith(
        ("от ", "из ", "то есть ")
    ):
        return SHARE
    if is_by(sentence, figure) or "раз" in {word.lemma for word in around}:
        return _told_kind(sentence)
    return SHARE if cued(around, "share") or _follows_whole(sentence, figure) else ""


def _follows_whole(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a percent stands after a part «из» its whole: «1 640 человек из 2 050 – 80 %»."""
    before = [each for each in sentence.quantities if each.stop <= figure.start]
    if len(before) < 2 or not any(is_same_kind(one, before[-1]) for one in before[-3:-1]):
        return False
    lead = sentence.lead(before[-1])
    return bool(lead) and lead[-1].text.lower() == "из"


def _after_difference(sentence: Sentence, figure: Figure) -> str:
    """Return what «или 17 %» says right after a difference: «сокращение на 800 человек, или 17 %»."""
    before = [each for each in sentence.quantities if each.stop <= figure.start]
    if not before or not is_difference(sentence, before[-1]):
        return ""
    between = sentence.text[before[-1].stop - sentence.start : figure.start - sentence.start].strip(" ,(–—-")
    return (
        _told_kind(sentence)
        if between.lower() in {"", "или", "то есть", "на", "или на", "то есть на"}
        else ""
    )


def _told_kind(sentence: Sentence) -> str:
    """Return growth or decline where the sentence says only one of them."""
    told = [kind for kind, name in ((DOWN, "decline"), (BY, "growth")) if cued(sentence.words, name)]
    return told[0] if len(told) == 1 else ""


def expected(kind: str, pair: Pair) -> Iterator[tuple[Decimal, Decimal]]:
    """Yield lower and upper bounds of the percents that a pair gives, as far as its members are rounded."""
    first, second = pair
    if kind in {EXECUTION, RATIO, SHARE}:
        yield _bounds(first, second, Decimal(0), Decimal(1))
    if kind in {BY, RATIO}:
        yield _bounds(first, second, Decimal(-100), Decimal(1))
    if kind == BY:
        yield _bounds(first, second, Decimal(0), Decimal(1))
    if kind == DOWN:
        yield _bounds(first, second, Decimal(100), Decimal(-1))
        yield _bounds(first, second, Decimal(0), Decimal(1))


def _bounds(first: Figure, second: Figure, shift: Decimal, sign: Decimal) -> tuple[Decimal, Decimal]:
    low = (first.base - first.base_step / 2) / (second.base + second.base_step / 2) * 100
    denominator = second.base - second.base_step / 2
    high = (first.base + first.base_step / 2) / (denominator if denominator > 0 else second.base) * 100
    ends = sorted((shift + sign * low, shift + sign * high))
    return ends[0], ends[1]


def fits(stated: Figure, bounds: tuple[Decimal, Decimal], *, slack: Decimal = Decimal("0.5")) -> bool:
    """Tell whether a stated percent lies within bounds to the precision in which it is written."""
    value, room = stated.base, stated.step * slack
    return bounds[0] - room <= value <= bounds[1] + room


def window(scope: Scope, figure: Figure) -> tuple[Figure, ...]:
    """Return the figures that a percent most likely compares: those since the percent before, else nearby."""
    sentence = scope.sentence
    percents = [each for each in sentence.quantities if each.dimension == figure.dimension]
    at = percents.index(figure)
    start = percents[at - 1].end if at else sentence.start
    end = percents[at + 1].start if at + 1 < len(percents) else sentence.end
    own = [each for each in sentence.quantities if is_additive(each) and each is not figure]
    own = [each for each in own if not (each.is_word and each.value == 1)]
    if at and _is_bracketed(sentence, percents[at - 1]):
        start = percents[at - 2].end if at > 1 else sentence.start
    before = [each for each in own if start <= each.start < figure.start]
    if any(pairs(before)) or not own:
        return tuple(before)
    after = [each for each in own if figure.end <= each.start < end]
    if len(before) + len(after) >= 2 or len(percents) > 1:
        return (*before, *after)
    return tuple(own)


def _is_bracketed(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure stands alone in brackets: it ends nothing that the sentence says."""
    before = sentence.text[: figure.start - sentence.start]
    after = sentence.text[figure.stop - sentence.start :].lstrip(" %\u00a0.")
    return before.endswith("(") and after.startswith(")")


def pairs(figures: Sequence[Figure]) -> Iterator[Pair]:
    """Yield ordered pairs of figures of one kind, the second not nothing."""
    for first in figures:
        for second in figures:
            if first is not second and is_same_kind(first, second) and second.base > 0:
                yield first, second


def all_near(scope: Scope, figure: Figure) -> tuple[Figure, ...]:
    """Return every figure of the sentence and of the one before it that may be compared."""
    found = [each for each in scope.sentence.quantities if is_additive(each) and each is not figure]
    found = [each for each in found if not (each.is_word and each.value == 1)]
    if scope.before is not None:
        found += [each for each in scope.before.quantities if is_additive(each)]
    return tuple(found)


def is_difference(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure is itself a difference: «сверх плана», «на 12 больше», «отклонение»."""
    key = (figure.start, figure.dimension)
    if key not in sentence.differences:
        sentence.differences[key] = _is_difference(sentence, figure)
    return sentence.differences[key]


def _is_difference(sentence: Sentence, figure: Figure) -> bool:
    lead, tail = _clause(sentence, figure)
    if lead and lead[-1].text.lower() == "у":
        return False
    if _is_named_base(sentence, figure) or _is_base_of_next(sentence, figure):
        return False
    close = (*lead[-5:], *tail[:3])
    if cued(close, "balance"):
        return {"доход", "расход"} <= {word.lemma for word in sentence.words} or len(sentence.quantities) == 1
    if any(cued(close, name) for name in ("excess", "shortfall", "gap")):
        return not cued(lead[-2:], "plan") or any(
            cued(lead[-4:], name) for name in ("excess", "gap", "shortfall")
        )
    wide = (*lead[-6:], *tail[:4])
    if is_by(sentence, figure) and _is_between(sentence, figure):
        return bool(_told_kind(sentence))
    return is_by(sentence, figure) and (cued(wide, "growth") or cued(wide, "decline"))


def _is_named_base(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure in brackets is what one before it is compared with: «на 3 больше плана (9)»."""
    before = [each for each in sentence.quantities if each.stop <= figure.start][-1:]
    if not before or not is_by(sentence, before[0]) or not is_same_kind(before[0], figure):
        return False
    between = sentence.text[before[0].stop - sentence.start : figure.start - sentence.start].rstrip()
    return between.endswith("(") and not any(mark in between for mark in ",;:")


def _is_base_of_next(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether the step follows a figure alone in brackets: «превысил отметку (450 см) на 62 см»."""
    following = [each for each in sentence.quantities if each.start >= figure.stop][:1]
    return _is_bracketed(sentence, figure) and bool(following) and is_by(sentence, following[0])


def _is_between(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure stands right after two of its kind: «с 310 до 341 – на 31»."""
    before = [each for each in sentence.quantities if each.stop <= figure.start]
    if len(before) != 2 or not all(is_same_kind(each, figure) for each in before):
        return False
    return len(sentence.lead(figure)) <= 3


def is_cut(sentence: Sentence, figure: Figure, other: Figure) -> bool:
    """Tell whether another statement begins between a figure and one after it: «…, а стоимость – 18 млн»."""
    between = sentence.text[figure.stop - sentence.start : max(0, other.start - sentence.start)]
    return other.start > figure.start and any(mark in between for mark in (", а ", ", но ", ";"))


def ordered(sentence: Sentence, figures: Sequence[Figure]) -> Pair | None:
    """Return (what was reached, what it is measured against) where the words tell them apart."""
    against = [each for each in figures if is_base(sentence, each)]
    others = [each for each in figures if each not in against]
    if len(against) == 1 and len(others) == 1:
        return others[0], against[0]
    return None


def _since_semicolon(sentence: Sentence, figure: Figure) -> tuple[Word, ...]:
    start = sentence.start + sentence.text[: figure.start - sentence.start].rfind(";") + 1
    return tuple(word for word in sentence.lead(figure) if word.start >= start)


def is_base(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure is what another is measured against: a plan or an earlier year."""
    if not (sentence.start <= figure.start < sentence.end):
        return False
    lead, tail = _since_semicolon(sentence, figure), sentence.tail(figure)
    close = (*lead[-7:], *_clause(sentence, figure)[1][:4])
    if cued(close, "before") or cued(lead[-6:], "plan") or cued(tail[:2], "plan"):
        return True
    return bool(lead) and lead[-1].text.lower() in {"с", "со", "из", "от", "против"}
