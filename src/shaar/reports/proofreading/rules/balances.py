"""What came in less what went out is what is left; what there was with what was added is what is now."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import is_by
from shaar.reports.proofreading.digits import is_meant
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_same_kind, tolerance
from shaar.reports.proofreading.text import Sentence, Text, position

WILD = Decimal("1.7")
STOCK = ("begin", "more", "less", "end")
Told = list[tuple[Figure, str]]
DATE = r"\bна\s+(?:\d{1,2}[.\s]+(?:\d{2}|[а-я]+)|{word})"
FIRST_DAY = re.compile(DATE.replace("{word}", "начало"), re.IGNORECASE)
OPENING = re.compile(r"(?:с уч[её]том|при|имея|переходящ\w+|входящ\w+|начальн\w+)\s+остат", re.IGNORECASE)
LAST_DAY = re.compile(DATE.replace("{word}", "конец"), re.IGNORECASE)


def find(text: Text) -> Iterator[Finding]:
    """Yield what is left, or what there is now, where the figures beside it make something else."""
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None or len(sentence.quantities) > 8:
            continue
        yield from _stock(text, sentence)
        for figure in sentence.quantities:
            if is_additive(figure) and _role(sentence, figure, ("rest", "in", "out")) == "rest":
                yield from _left(text, index, figure)


def _role(sentence: Sentence, figure: Figure, names: Sequence[str]) -> str:
    """Return the role that the words nearest before a figure give it, else those right after it."""
    lead = sentence.lead(figure)[-8:]
    if "rest" in names and position(lead, lexicon.cues("balance", "surplus")) is not None:
        return "rest"
    comma = sentence.start + sentence.text[: figure.start - sentence.start].rfind(",")
    tail = sentence.tail(figure)
    stop = sentence.text.find(",", figure.stop - sentence.start)
    near = [word for word in tail[:5] if stop < 0 or word.start < sentence.start + stop]
    after = next((name for name in names if position(near, lexicon.cues("balance", name)) is not None), "")
    return _led([word for word in lead if word.start > comma], names) or after or _led(lead, names)


def _led(lead: Sequence[Word], names: Sequence[str]) -> str:
    """Return the role whose words stand nearest to the figure after them."""
    best, where = "", -1
    for name in names:
        at = position(lead, lexicon.cues("balance", name))
        at = None if at is None else at + 2 * (name == "rest")
        if at is not None and at > where:
            best, where = name, at
    return best


def _left(text: Text, index: int, figure: Figure) -> Iterator[Finding]:
    """Judge what is left by the only figure that came in and the only one that went out."""
    sentence = text.sentences[index]
    is_surplus = position(sentence.lead(figure), lexicon.cues("balance", "surplus")) is not None
    near = _near(text, index, 3 if is_surplus else 2)
    found = [
        (each, one) for each in near for one in each.quantities if one is not figure and _is_like(one, figure)
    ]
    if any(_is_difference(*pair, figure) for pair in combinations([one for _, one in found], 2)):
        text.checked += 1
        return
    told = [(one, _role(each, one, ("rest", "in", "out"))) for each, one in found]
    own = [(one, name) for one, name in told if sentence.start <= one.start < sentence.end]
    chosen = own if {name for _, name in own} >= {"in", "out"} else told
    came = [one for one, name in chosen if name == "in"] or _first(chosen)
    went = [one for one, name in chosen if name == "out"]
    came, went = _some_of(sentence, found) or (came, went)
    if len(came) != 1 or len(went) != 1 or sum(bool(name) for _, name in chosen) > 3:
        return
    right = abs(came[0].base - went[0].base)
    text.checked += 1
    after = [one for one in sentence.quantities if one.start >= figure.start and _is_like(one, figure)]
    if any(sum(one.base for one in after[:size]) == right for size in (2, 3)):
        return
    if is_meant(figure.base, right, WILD):
        yield _finding(text, figure, right, [came[0], went[0]], f"{came[0].written} − {went[0].written}")


def _some_of(
    sentence: Sentence, found: Sequence[tuple[Sentence, Figure]]
) -> tuple[list[Figure], list[Figure]] | None:
    """Return whole and part that a sentence tells by «из»: «45 троллейбусов из 60; осталось поставить 15»."""
    own = [one for each, one in found if each is sentence]
    for part, whole in pairwise(own):
        between = sentence.text[part.stop - sentence.start : whole.start - sentence.start]
        if between.strip() == "из":
            return [whole], [part]
    return None


def _first(chosen: Told) -> list[Figure]:
    """Return the first of two figures where only the second went out: «84 объекта, завершён 61»."""
    names = [name for _, name in chosen]
    return [chosen[0][0]] if names == ["", "out"] else []


def _near(text: Text, index: int, back: int) -> list[Sentence]:
    """Return a sentence with those of its passage before it and, for a surplus, after it."""
    passage = text.sentences[index].passage
    ahead = index + (3 if back > 2 else 1)
    return [each for each in text.sentences[max(0, index - back) : ahead] if each.passage == passage]


def _is_like(one: Figure, figure: Figure) -> bool:
    if not is_additive(one) or not is_same_kind(one, figure):
        return False
    is_named = bool(one.phrase.head_word and figure.phrase.head_word)
    return one.dimension != "count" or one.sort == figure.sort or not is_named


def _is_difference(one: Figure, other: Figure, figure: Figure) -> bool:
    return abs(abs(one.base - other.base) - figure.base) <= tolerance([one, other, figure])


def _stock(text: Text, sentence: Sentence) -> Iterator[Finding]:
    """Judge «было 98, открыто 4, стало 102»: a beginning, changes and an end in one sentence."""
    found = [one for one in sentence.quantities if is_additive(one)]
    if not 3 <= len(found) <= 6 or not all(_is_like(one, found[0]) for one in found):
        return
    told: Told = [(one, _role(sentence, one, STOCK)) for one in found]
    names = _dated(sentence, told)
    is_whole = names[0] == "begin" and names[-1] == "end" and set(names[1:-1]) <= {"more", "less"}
    if not is_whole or any(is_by(sentence, one) for one in found):
        return
    text.checked += 1
    signs = [-1 if name == "less" else 1 for name in names[:-1]]
    right = sum((one.base * sign for one, sign in zip(found, signs, strict=False)), Decimal(0))
    gap = abs(right - found[-1].base)
    if gap <= tolerance(found) or gap * 2 > found[-1].base or _is_told_elsewhere(text, sentence, gap):
        return
    shown = "".join(
        f" {'−' if sign < 0 else '+'} {one.written}" for one, sign in zip(found, signs, strict=False)
    ).removeprefix(" + ")
    yield _finding(text, found[-1], right, found[:-1], shown)


def _dated(sentence: Sentence, told: Told) -> list[str]:
    """Return the roles of a stock, of which dates name the first and the last: «на 1 января – 41,2»."""
    names = [name for _, name in told]
    if OPENING.match(sentence.text) is not None:
        names[0] = "begin"
    for at, dates, name in ((0, FIRST_DAY, "begin"), (-1, LAST_DAY, "end")):
        figure = told[at][0]
        stops = [one.stop for one in sentence.quantities if one.stop <= figure.start]
        before = sentence.text[
            max(stops, default=sentence.start) - sentence.start : figure.start - sentence.start
        ]
        if dates.search(before):
            names[at] = name
    return names


def _is_told_elsewhere(text: Text, sentence: Sentence, gap: Decimal) -> bool:
    """Tell whether another sentence of the passage names what a balance lacks."""
    others = [each for each in text.of_passage(sentence.passage) if each is not sentence]
    return any(one.base == gap for each in others for one in each.quantities if is_additive(one))


def _finding(text: Text, figure: Figure, right: Decimal, others: Sequence[Figure], shown: str) -> Finding:
    factor = Decimal(10) ** figure.scale * (figure.unit.factor if figure.unit else 1)
    words = sentences("balance", sum=shown, stated=figure.written, right=right / factor)
    spots = (text.spot_of(figure), *(text.spot_of(one) for one in others))
    facts = {"stated": plain(figure.base / factor), "right": plain(right / factor)}
    return Finding("difference", Severity.ERROR, spots, words, facts)
