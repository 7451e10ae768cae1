"""Percents told beside their part: «1 240 домов, или 40 %», «40 % домов (1 240)».

The part is found by what links it to the percent; the whole by «из», by brackets, by the name after the
percent, or as the only larger figure of its kind. Any whole near them that fits makes the percent right.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import (
    BY,
    DOWN,
    RATIO,
    SHARE,
    Pair,
    cued,
    expected,
    fits,
    is_by,
    is_difference,
    is_first_end,
    is_linked,
    is_opposed,
    is_standalone,
    percent_kind,
)
from shaar.reports.proofreading.digits import is_meant
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import groups, is_additive, is_same_kind
from shaar.reports.proofreading.rules.divided import stems
from shaar.reports.proofreading.rules.respective import fits_row
from shaar.reports.proofreading.text import Sentence, Text, matches

WORDS = "|".join(map(re.escape, sorted(lexicon.phrases("anchors", "words"), key=len, reverse=True)))
TOTAL = frozenset({"весь", "общий", "всего", "итого"})
ALL = frozenset(lemma[:6] for lemma in lexicon.phrases("anchors", "all"))
LEFT = re.compile(rf"\s*[,;(]?\s*[–—-]?\s*(?:(?:{WORDS})\s*)*[–—-]?\s*", re.IGNORECASE)
RIGHT = re.compile(
    r"[^\d.;:,()–—]{0,60}(?:\(|\s[–—-]\s|,?\s*(?:или|то есть|это)\s)\s*(?:это\s+)?", re.IGNORECASE
)
FROM = re.compile(
    r"(?:^|\s|\()(?:из|от|среди|из общего числа|от общего числа|из всех)\s+(?:\w+(?:ых|их)\s+)?$",
    re.IGNORECASE,
)
WIDE, BACK, AHEAD, WILD, UNSURE = 64, 8, 2, Decimal(5), Decimal("1.8")
LISTED, MANY = Decimal("2.6"), 1000
PEOPLE = ("жител", "населени", "горожан")
ALMOST = Decimal("1.01")


def find(text: Text) -> Iterator[Finding]:
    """Yield percents that the part beside them is of no whole near them, where the whole meant is clear."""
    totals = _totals(text)
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        for figure in sentence.quantities:
            if not _is_share(sentence, figure):
                continue
            part = _part(sentence, figure)
            whole = (
                None
                if part is None
                else _named(text, index, figure, part) or _whole(text, index, figure, part)
            )
            pair = _pair(text, index, figure) if whole is None else None
            if pair is not None and not _is_of_passage(text, index, figure):
                yield from _judge(text, index, figure, pair[0], totals, (pair[1], WILD))
            elif part is not None and whole is not None:
                yield from _judge(text, index, figure, part, totals, whole)


def _totals(text: Text) -> tuple[Figure, ...]:
    """Return every figure that has parts: it may be a whole for a percent far below."""
    return tuple(one.figure for group in groups(text) for one in group.totals)


def _is_share(sentence: Sentence, figure: Figure) -> bool:
    if figure.dimension != "percent" or not figure.is_exact or not 0 < figure.base <= 100:
        return False
    if is_standalone(sentence, figure) or is_first_end(sentence, figure):
        return False
    return not is_by(sentence, figure) and percent_kind(sentence, figure) not in {BY, DOWN, RATIO}


def _part(sentence: Sentence, figure: Figure) -> Figure | None:
    """Return the figure that words or marks link to a percent: right before it, else right after it."""
    at = sentence.quantities.index(figure)
    for one in sentence.quantities[max(0, at - 1) : at]:
        between = _between(sentence, one.stop, figure.start)
        if (
            _may_be(sentence, one)
            and not _is_other(figure, one)
            and between.strip(" ,")
            and LEFT.fullmatch(between)
        ):
            return one
        if _may_be(sentence, one) and _is_led(sentence, one, figure):
            return one
    for one in sentence.quantities[at + 1 : at + 2]:
        if _may_be(sentence, one) and RIGHT.fullmatch(_between(sentence, figure.end + 1, one.start)):
            return one
    return None


def _is_other(figure: Figure, part: Figure) -> bool:
    """Tell whether a percent counts something else than the figure before it: «в 74 садах – 68 % групп»."""
    heads = bool(figure.phrase.head_word and part.phrase.head_word)
    return heads and part.dimension == "count" and part.sort != figure.phrase.head


def _pair(text: Text, index: int, figure: Figure) -> Pair | None:
    """Return part and whole that a sentence with one percent tells, or the sentence after it."""
    sentence = text.sentences[index]
    if sum(one.dimension == "percent" for one in sentence.quantities) != 1 or not _is_told(sentence, figure):
        return None
    own = [one for one in sentence.quantities if is_additive(one) and not is_difference(sentence, one)]
    if own:
        return _told(sentence, own)
    last = [each for each in text.sentences[max(0, index - 2) : index] if each.passage == sentence.passage]
    if len(sentence.quantities) == 1 and all(len(each.quantities) <= 2 for each in last):
        pair = _told(sentence, [one for each in last for one in each.quantities if is_additive(one)])
        if pair is not None:
            return pair
    after = text.sentences[index + 1 : index + 2]
    if not after or after[0].passage != sentence.passage:
        return None
    found = [one for one in after[0].quantities if is_additive(one)]
    has_whole = any(is_from(after[0], one) for one in found)
    if not has_whole or len(found) != len(after[0].quantities):
        return None
    is_one_matter = stems(sentence.words) & stems(after[0].words) or cued(sentence.words, "named_share")
    return _told(after[0], found) if is_one_matter or not _is_of_fullness(sentence, figure) else None


def _is_of_fullness(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a percent has a subject of its own kind: «Раскрываемость – 58,7 %»."""
    return cued(sentence.lead(figure)[:2], "fullness")


def _is_of_passage(text: Text, index: int, figure: Figure) -> bool:
    """Tell whether two figures anywhere above in the passage give a percent that is written with a point."""
    found = [
        one
        for each in text.of_passage(figure.passage)
        for one in each.quantities
        if one.start < text.sentences[index].end and is_additive(one) and one.base > 0
    ]
    return figure.step < 1 and any(
        one is not other and is_same_kind(one, other) and _agrees(figure, one, other)
        for one in found
        for other in found
    )


def _is_told(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether words beside a percent say that it is a share: «охват составляет 60 %»."""
    lead = sentence.between(max(sentence.start, figure.start - WIDE), figure.start)
    near = (*lead, *sentence.tail(figure)[:2])
    return any(matches(near, lexicon.cues("roles", name)) for name in ("share", "fullness", "execution")) or (
        LEFT.fullmatch(_between(sentence, _last_stop(sentence, figure), figure.start)) is not None
    )


def _last_stop(sentence: Sentence, figure: Figure) -> int:
    return max((one.stop for one in sentence.quantities if one.stop <= figure.start), default=sentence.start)


def _told(sentence: Sentence, found: Sequence[Figure]) -> Pair | None:
    """Return the smaller and the larger of the only two figures of one kind."""
    if len(found) != 2 or not is_same_kind(*found):
        return None
    part, whole = sorted(found, key=lambda one: one.base)
    is_named = bool(part.phrase.head_word and whole.phrase.head_word)
    is_one = part.sort == whole.sort or not is_named or is_from(sentence, whole)
    return (part, whole) if is_one and 0 < part.base < whole.base else None


def _may_be(sentence: Sentence, one: Figure) -> bool:
    return is_additive(one) and not is_difference(sentence, one) and not is_from(sentence, one)


def _is_led(sentence: Sentence, one: Figure, figure: Figure) -> bool:
    """Tell whether only the noun's own words and a link stand between: «875 км улиц города, или 70 %»."""
    between = _between(sentence, one.stop, figure.start)
    head, comma, link = between.partition(",")
    if not comma:
        head, comma, link = between.partition("(")
    is_plain = not any(mark in head.lstrip(" –—") for mark in ";:()–—") and len(head) < 60
    is_linked = comma == "(" or bool(link.strip())
    return bool(comma) and is_plain and is_linked and LEFT.fullmatch(comma + link) is not None


def _between(sentence: Sentence, start: int, end: int) -> str:
    return sentence.text[max(0, start - sentence.start) : max(0, end - sentence.start)]


def is_from(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether «из» or «от» stands before a figure: it is a whole."""
    return FROM.search(sentence.text[: max(0, figure.start - sentence.start)]) is not None


def _judge(
    text: Text,
    index: int,
    figure: Figure,
    part: Figure,
    totals: Sequence[Figure],
    meant: tuple[Figure, Decimal],
) -> Iterator[Finding]:
    sentence = text.sentences[index]
    near = [each for each in _around(text, index) if each is not part]
    if _named(text, index, figure, part) is not None:
        near, totals = [meant[0]], ()
    if _is_of_both(figure, part, sentence) or any(
        _agrees(figure, part, whole) for whole in (*near, *totals) if is_same_kind(whole, part)
    ):
        text.checked += 1
        return
    if fits_row(sentence, figure) or any(
        _agrees(figure, one, other) for one in sentence.quantities for other in near if _are_like(one, other)
    ):
        return
    whole, limit = meant
    of = text.sentence_of(whole)
    if not is_linked(sentence, figure, [part, whole]) or is_opposed(sentence, figure, of, whole):
        return
    text.checked += 1
    share = part.base / whole.base * 100
    if is_meant(figure.base, share, limit):
        yield _finding(text, figure, (part, whole))


def _named(text: Text, index: int, figure: Figure, part: Figure) -> tuple[Figure, Decimal] | None:
    """Return the whole that a percent names, if it can hold the part."""
    near = [each for each in _around(text, index) if each is not part]
    if _is_of_people(text.sentences[index], figure):
        near = _inhabitants(text)
    whole = _named_whole(text, text.sentences[index], figure, near)
    return (whole, WILD) if whole is not None and _is_larger(whole, part) else None


def _is_of_people(sentence: Sentence, figure: Figure) -> bool:
    return any(word.lemma.startswith(PEOPLE) for word in sentence.tail(figure)[:2])


def _inhabitants(text: Text) -> list[Figure]:
    """Return the only number of inhabitants of a text, if it names one."""
    found = [
        one
        for one in text.figures
        if is_additive(one) and one.base >= MANY and one.sort == "человек" and _is_told_of_people(text, one)
    ]
    return found[:1] if len({one.base for one in found}) == 1 else []


def _is_told_of_people(text: Text, one: Figure) -> bool:
    return any(word.lemma.startswith(PEOPLE) for word in _words_of(text, one))


def _named_whole(text: Text, sentence: Sentence, figure: Figure, near: Sequence[Figure]) -> Figure | None:
    """Return the only figure near that bears the name after «от»: «33 % от объёма поднятой воды»."""
    tail = sentence.tail(figure)
    is_after = bool(tail) and tail[0].text.lower() in {"от", "из"}
    is_bare = bool(tail) and tail[0].start - figure.stop <= 1 and _is_genitive(tail[0])
    if not is_after and not is_bare:
        return None
    name = _beginnings(tail[1:6] if is_after else tail[:2]) - ALL
    bearing = [(len(name & _beginnings(_words_of(text, one))), one) for one in near]
    most = max((count for count, _ in bearing), default=0)
    best = [one for count, one in bearing if count == most]
    rest = max((count for count, one in bearing if count < most), default=0)
    return best[0] if most > rest and most >= (2 if is_after else 1) and len(best) == 1 else None


def _is_genitive(word: Word) -> bool:
    return any(form.pos in {"NOUN", "ADJF"} and form.case == "gent" for form in word.forms)


def _beginnings(found: Sequence[Word]) -> frozenset[str]:
    return frozenset(word.lemma[:6] for word in found if len(word.text) > 3)


def _words_of(text: Text, one: Figure) -> Sequence[Word]:
    """Return the words about a figure: those before it in its clause, its own, and the two after."""
    sentence = text.sentence_of(one)
    return (*sentence.lead(one)[-6:], *sentence.between(one.start, one.stop), *sentence.tail(one)[:2])


def _is_of_both(figure: Figure, part: Figure, sentence: Sentence) -> bool:
    """Tell whether a percent is of two figures together: «90,5 % (71,7 млн), остальные 7,5 млн»."""
    if matches(sentence.words, lexicon.cues("parts", "certain")):
        return False
    for each in sentence.quantities:
        both = part.base + each.base
        if each is part or not is_same_kind(each, part) or both <= 0:
            continue
        if any(abs(one.base / both * 100 - figure.base) <= figure.step / 2 for one in (part, each)):
            return True
    return False


def _are_like(one: Figure, other: Figure) -> bool:
    return one is not other and is_additive(one) and is_additive(other) and is_same_kind(one, other)


def _agrees(figure: Figure, part: Figure, whole: Figure) -> bool:
    if whole is part or whole.base <= 0 or not part.value:
        return False
    return any(fits(figure, bounds) for bounds in expected(SHARE, (part, whole)))


def _around(text: Text, index: int) -> list[Figure]:
    near = text.sentences[max(0, index - BACK) : index + AHEAD + 1]
    return [one for each in near for one in each.quantities if is_additive(one)]


def _whole(text: Text, index: int, figure: Figure, part: Figure) -> tuple[Figure, Decimal] | None:
    """Return the whole that is meant, and how wrong the percent may be before it must speak of another."""
    sentence = text.sentences[index]
    own = [one for one in sentence.quantities if one is not part and _is_larger(one, part)]
    told = [one for one in own if is_from(sentence, one) or _is_bracketed(sentence, figure, one)]
    if len(told) == 1 and (_is_near(told[0], part, figure) or _is_of_sort(told[0], part)):
        return told[0], WILD
    after = _total_after(text, index, part)
    if after is not None:
        return after, WILD
    name = stems(sentence.tail(figure)[:6]) | stems(sentence.between(figure.end, figure.stop))
    for found in (own, *_others(text, index, part)):
        likely = [one for one in found if _is_of_sort(one, part) or _bears(text, one, name - ALL)]
        if len(likely) == 1:
            return likely[0], UNSURE
        if len(likely) > 1:
            break
    whole = _divided(text, part)
    return (whole, LISTED) if whole is not None else None


def _total_after(text: Text, index: int, part: Figure) -> Figure | None:
    """Return the total that the sentence after names as such: «Весь бюджет – 6 458 млн сомов»."""
    after = [each for each in text.sentences[index + 1 : index + 2] if each.passage == part.passage]
    found = [one for each in after for one in each.quantities if _is_larger(one, part)]
    is_named = bool(after) and any(word.lemma in TOTAL for word in after[0].words[:2])
    return found[0] if is_named and len(found) == 1 else None


def _divided(text: Text, part: Figure) -> Figure | None:
    """Return the only total of the list in which a part stands."""
    found = {
        id(one.figure): one.figure
        for group in groups(text)
        if any(each.figure is part for each in group.zone)
        for one in group.totals
        if _is_larger(one.figure, part)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def _others(text: Text, index: int, part: Figure) -> Iterator[list[Figure]]:
    """Yield the larger figures of the sentences beside in the same passage: before, then after."""
    for at in (index - 1, index + 1):
        if 0 <= at < len(text.sentences) and text.sentences[at].passage == text.sentences[index].passage:
            yield [one for one in text.sentences[at].quantities if _is_larger(one, part)]


def _is_larger(one: Figure, part: Figure) -> bool:
    return is_additive(one) and is_same_kind(one, part) and one.base > part.base > 0


def _is_of_sort(one: Figure, part: Figure) -> bool:
    return one.dimension != "count" or one.sort == part.sort or not part.sort


def _is_near(one: Figure, part: Figure, figure: Figure) -> bool:
    """Tell whether nothing but a part and its percent stands near a whole."""
    first, last = min(part.start, figure.start), max(part.stop, figure.stop)
    return one.start - last < 60 and first - one.stop < 60


def _is_bracketed(sentence: Sentence, figure: Figure, one: Figure) -> bool:
    """Tell whether a figure stands in brackets after the name of a percent: «40 % домов (3 100)»."""
    between = _between(sentence, figure.end, one.start)
    return one.start > figure.end and "(" in between and not re.search(r"[\d.;:,)–—]", between)


def _bears(text: Text, one: Figure, name: frozenset[str]) -> bool:
    """Tell whether a figure bears the name that stands after the percent."""
    sentence = text.sentence_of(one)
    about = (*sentence.lead(one)[-6:], *sentence.between(one.start, one.stop))
    return bool(name & stems(about)) or matches(sentence.lead(one)[-5:], lexicon.cues("parts", "total"))


def _finding(text: Text, figure: Figure, pair: Pair) -> Finding:
    bounds = list(expected(SHARE, pair))
    digits = max(0, -int(figure.step.as_tuple().exponent))
    right = round((bounds[0][0] + bounds[0][1]) / 2, digits)
    part, whole = pair
    words = sentences(
        "percent", stated=plain(figure.base), right=right, first=part.written, second=whole.written
    )
    is_near = any(fits(figure, each, slack=ALMOST) for each in bounds)
    facts = {"stated": str(figure.base), "right": str(right)}
    spots = (text.spot_of(figure), text.spot_of(part), text.spot_of(whole))
    return Finding("percent", Severity.WARNING if is_near else Severity.ERROR, spots, words, facts)
