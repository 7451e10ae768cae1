"""How figures hang together: totals with their parts, and what a comparison may be made of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from weakref import WeakKeyDictionary

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.text import Sentence, Text, begins, matches

ADDITIVE = ("count", "money", "length", "area", "volume", "mass", "litre", "energy", "heat", "power")
PREPOSITIONS = frozenset(
    ["на", "в", "во", "по", "для", "с", "со", "из", "к", "ко", "от", "при", "у", "за", "через", "между"]
)
GROUPS: WeakKeyDictionary[Text, tuple["Group", ...]] = WeakKeyDictionary()
FAR, CLOSE = 6, 3
MEAN = lexicon.cues("rates", "average")
SOFT = lexicon.lemmas("soft")
SCALES = (Decimal(1000), Decimal("0.001"))
OPENING = re.compile(r"[:(]|\s[-–—]\s(?=\d)")


@dataclass(frozen=True, slots=True)
class Listed:
    """A figure of a list, with the sentence in which it stands and the number of its item."""

    figure: Figure
    sentence: Sentence
    item: int


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that may be a total and its parts; `trigger` says what in the text makes them so."""

    totals: tuple[Listed, ...]
    zone: tuple[Listed, ...]
    trigger: str
    words: tuple[Word, ...]


def is_additive(figure: Figure) -> bool:
    """Tell whether sums of such figures mean something."""
    return figure.is_exact and _is_summed(figure.dimension)


@cache
def _is_summed(dimension: str) -> bool:
    return dimension.split(".", maxsplit=1)[0] in ADDITIVE


def is_same_kind(one: Figure, other: Figure) -> bool:
    """Tell whether two figures are of one dimension."""
    return one.dimension == other.dimension


def is_prepositional(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a preposition stands right before a figure: «на 402 улицах»."""
    lead = sentence.between(max(sentence.start, figure.start - 40), figure.start)
    if not lead or sentence.text[lead[-1].end - sentence.start : figure.start - sentence.start].strip():
        return False
    return lead[-1].text.lower() in PREPOSITIONS


def tolerance(figures: Iterable[Figure]) -> Decimal:
    """Return by how much a sum may differ because its members are rounded."""
    steps = [figure.base_step for figure in figures]
    return sum(steps, Decimal(0)) / 2 if steps else Decimal(0)


def is_equal_sum(total: Figure, parts: Sequence[Figure]) -> bool:
    """Tell whether the parts sum to the total as far as the written precision can tell."""
    return abs(total.base - sum(part.base for part in parts)) <= tolerance([total, *parts])


def is_scaled_sum(total: Figure, parts: Sequence[Figure]) -> bool:
    """Tell whether a wrong scale («млрд» for «млн») alone keeps parts from their total."""
    amount = sum((part.base for part in parts), Decimal(0))
    room = tolerance([total, *parts])
    for factor in SCALES:
        is_total = total.scale and abs(total.base * factor - amount) <= room + total.base_step * factor
        if is_total or any(
            part.scale and abs(amount - part.base + part.base * factor - total.base) <= room for part in parts
        ):
            return True
    return False


def groups(text: Text) -> tuple[Group, ...]:
    """Return every place where a text seems to divide a total, in reading order."""
    if text not in GROUPS:
        GROUPS[text] = tuple(_groups(text))
    return GROUPS[text]


def _groups(text: Text) -> Iterator[Group]:
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        yield from _inside(text, index, sentence)
        yield from _bullets(text, index, sentence)


def _listed(sentence: Sentence, start: int, end: int, *, item: int = 0) -> tuple[Listed, ...]:
    figures = (figure for figure in sentence.quantities if start <= figure.start < end)
    return tuple(Listed(figure, sentence, item + number) for number, figure in enumerate(figures))


def _inside(text: Text, index: int, sentence: Sentence) -> Iterator[Group]:
    last_end = -1
    for start, end, trigger in _triggers(sentence):
        if start < last_end and trigger != "bracket":
            continue
        zone = _segmented(sentence, start, end)
        before = _listed(sentence, sentence.start, start)
        totals = tuple(one for one in before if is_additive(one.figure))
        if trigger == "dash":
            totals = tuple(one for one in totals if not _is_parted(sentence, one.figure.end, start))
            zone = () if not totals else zone
        if not totals and _is_early(sentence, start) and _goes_on(sentence, trigger):
            totals = _before(text, index)
        if zone and totals:
            yield Group(totals, zone, trigger, sentence.between(start, end))
            last_end = start + 3 if trigger == "bracket" else end


def _is_parted(sentence: Sentence, start: int, end: int) -> bool:
    """Tell whether a mark of punctuation or another figure stands between a figure and a dash."""
    between = sentence.text[start - sentence.start : end - sentence.start]
    return any(mark in between for mark in ",;:(") or any(char.isdigit() for char in between)


def _is_early(sentence: Sentence, start: int) -> bool:
    return len(sentence.between(sentence.start, start)) <= 3


def _goes_on(sentence: Sentence, trigger: str) -> bool:
    """Tell whether parts divide what the sentence before says: «из них …», «По видам: …»."""
    return trigger.endswith("words") or (
        trigger == "colon" and [word.text.lower() for word in sentence.words[:1]] == ["по"]
    )


def _before(text: Text, index: int) -> tuple[Listed, ...]:
    """Return the figures of the sentence before, if it is near enough to be continued."""
    if index == 0:
        return ()
    last, own = text.sentences[index - 1], text.sentences[index]
    between = text.passages[last.passage + 1 : own.passage]
    if any(passage.text.strip() for passage in between) or text.passages[last.passage].cell is not None:
        return ()
    found = [one for one in _listed(last, last.start, last.end) if is_additive(one.figure)]
    return tuple([one for one in found if not matches(last.lead(one.figure)[-3:], MEAN)] or found)


def _triggers(sentence: Sentence) -> list[tuple[int, int, str]]:
    """Return where parts may begin and end in a sentence, and what says so."""
    body, found = sentence.text, []
    certain = lexicon.cues("parts", "certain")
    for at, word in enumerate(sentence.words):
        if begins(sentence.words, at, certain) and not _is_interrupted(sentence, at):
            closed = _closing(body, word.start - sentence.start)
            found.append((word.start, sentence.start + closed, "words"))
    for match in OPENING.finditer(body):
        start = sentence.start + match.end()
        if match[0] == "(":
            found.append((start, sentence.start + _closing(body, match.end()), "bracket"))
        elif match[0] != ":" or not re.match(r"\d", body[match.end() :]):
            found.append((start, sentence.end, "colon" if match[0] == ":" else "dash"))
    return _merged(sorted(found))


def _is_interrupted(sentence: Sentence, at: int) -> bool:
    """Tell whether a number parts the first two words of a cue: «каждому из 26, всего»."""
    first, *rest = sentence.words[at : at + 2]
    body = sentence.text[first.end - sentence.start : rest[0].start - sentence.start] if rest else ""
    return any(char.isdigit() for char in body)


def _merged(found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Join a colon or bracket with the words right after it: «: из них»."""
    kept: list[tuple[int, int, str]] = []
    for start, end, trigger in found:
        if kept and trigger == "words" and start - kept[-1][0] <= 2:
            kept[-1] = (start, min(end, kept[-1][1]), "colon words")
            continue
        if kept and kept[-1][2].endswith("words") and trigger == "words" and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], start, kept[-1][2])
        kept.append((start, end, trigger))
    return kept


def _closing(body: str, start: int) -> int:
    """Return where the bracket that is open at an offset closes, or the end of the text."""
    depth = 0
    for offset in range(start, len(body)):
        depth += (body[offset] == "(") - (body[offset] == ")")
        if depth < 0:
            return offset
    return len(body)


def _segmented(sentence: Sentence, start: int, end: int) -> tuple[Listed, ...]:
    """Return the figures of a zone outside inner brackets; semicolons part its items."""
    body, item = sentence.text, 0
    found: list[Listed] = []
    inner: list[Listed] = []
    last = start
    for figure in sentence.quantities:
        if not start <= figure.start < end:
            continue
        item += body[last - sentence.start : figure.start - sentence.start].count(";")
        before = body[start - sentence.start : figure.start - sentence.start]
        (found if before.count("(") <= before.count(")") else inner).append(Listed(figure, sentence, item))
        last = figure.end
    return tuple(found) if any(is_additive(one.figure) for one in found) else tuple(found + inner)


def _bullets(text: Text, index: int, sentence: Sentence) -> Iterator[Group]:
    """Yield the group of a sentence that ends with a colon and the list after it."""
    if not sentence.text.rstrip().endswith(":"):
        return
    zone: list[Listed] = []
    for item, passage in enumerate(run_after(text, sentence.passage)):
        for one in text.of_passage(passage)[:1]:
            zone += [Listed(figure, one, item) for figure in one.quantities if not is_inner(one, figure)]
    totals = tuple(one for one in _listed(sentence, sentence.start, sentence.end) if is_additive(one.figure))
    if not totals:
        totals = _filled(text, index, zone)
    if not totals and _is_early(sentence, sentence.end - 1):
        totals = _before(text, index)
    if not totals:
        totals = _farther(text, index, zone)
    if zone:
        yield Group(totals, tuple(zone), "bullets", sentence.words)


def _filled(text: Text, index: int, zone: Sequence[Listed]) -> tuple[Listed, ...]:
    """Return the figure of the sentences before that the items of a list make up exactly."""
    firsts = list({one.item: one.figure for one in reversed(zone) if is_additive(one.figure)}.values())
    above = [
        one
        for last in text.sentences[max(0, index - FAR) : index]
        for one in _listed(last, last.start, last.end)
    ]
    alike = [
        one
        for one in above
        if is_additive(one.figure) and all(is_same_kind(one.figure, each) for each in firsts)
    ]
    return tuple(one for one in alike if len(firsts) > 1 and is_equal_sum(one.figure, firsts))[:1]


def _farther(text: Text, index: int, zone: Sequence[Listed]) -> tuple[Listed, ...]:
    """Return the figure farther up that a list all but fills and that bears a name of the list's heading."""
    firsts = {one.item: one.figure for one in reversed(zone) if is_additive(one.figure)}
    amount = sum((figure.base for figure in firsts.values()), Decimal(0))
    name = _stems(text.sentences[index].words)
    found = []
    for last in text.sentences[max(0, index - FAR) : index]:
        for one in _listed(last, last.start, last.end):
            is_near = is_additive(one.figure) and abs(one.figure.base - amount) * 8 <= amount
            near = (*last.lead(one.figure)[-6:], *last.between(one.figure.end, one.figure.stop))
            if is_near and len(firsts) > 1 and name & _stems(near):
                found.append(one)
    return tuple(sorted(found, key=lambda one: abs(one.figure.base - amount))[:1])


def _stems(found: Sequence[Word]) -> frozenset[str]:
    return frozenset(word.lemma[:6] for word in found if len(word.lemma) > 5 and word.lemma not in SOFT)


def is_inner(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a figure stands in brackets."""
    before = sentence.text[: figure.start - sentence.start]
    return before.count("(") > before.count(")")


def run_after(text: Text, number: int) -> list[int]:
    """Return the passages that make the list after a passage: bullets, or lines that end with a semicolon."""
    found: list[int] = []
    for following in range(number + 1, len(text.passages)):
        passage = text.passages[following]
        if not passage.text.strip():
            continue
        is_open = bool(found) and text.passages[found[-1]].text.rstrip().endswith((";", ","))
        if passage.cell is not None or not (
            passage.is_bullet or is_open or passage.text.rstrip().endswith(";")
        ):
            break
        found.append(following)
        is_last = not passage.is_bullet or not _next_is_bullet(text, following)
        if is_last and passage.text.rstrip().endswith("."):
            break
    return found


def run_before(text: Text, number: int) -> list[int]:
    """Return the passages that make the list before a passage."""
    found: list[int] = []
    for before in range(number - 1, -1, -1):
        passage = text.passages[before]
        if not passage.text.strip():
            continue
        if passage.cell is not None or not (passage.is_bullet or passage.text.rstrip().endswith(";")):
            break
        found.insert(0, before)
    return found


def _next_is_bullet(text: Text, number: int) -> bool:
    return number + 1 < len(text.passages) and text.passages[number + 1].is_bullet


def is_incomplete(words: Sequence[Word], *, trigger: str) -> bool:
    """Tell whether a list says itself that it names only some: «…, например», «Крупнейшие:»."""
    is_chief = trigger == "bullets" and matches(words[-CLOSE:], lexicon.cues("parts", "chief"))
    return is_chief or matches(words, lexicon.cues("parts", "incomplete"))
