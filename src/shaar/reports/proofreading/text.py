"""A text prepared for the rules: sentences, their words and figures, what stands around each figure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure, recognise
from shaar.reports.proofreading.findings import Spot, StatedFigure
from shaar.reports.proofreading.language import Word, months, sentences, words
from shaar.reports.proofreading.lexicon import Cue, Unit
from shaar.reports.proofreading.reading.passages import Passage

QUOTED = re.compile(r"[«“\"]([^»”\"]{2,120})[»”\"]")
ASIDE = re.compile(r"\([^()]*\)")
LONGEST_QUOTE = 160
THOUSAND = 3
MOST_FIGURES = 60
CAPTION = re.compile(r"(?:,|\() ?(тыс\.?|млн\.?|млрд\.?) (руб|сом|тг|тенге)[а-я]*\.?\)?:", re.IGNORECASE)
CAPTION_SCALES = {"тыс": 3, "млн": 6, "млрд": 9}
UNSHARED = ("percent", "time", "times", "score", "speed")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a passage with its words and figures; offsets are those of the passage."""

    passage: int
    start: int
    end: int
    text: str
    words: tuple[Word, ...]
    figures: tuple[Figure, ...]
    is_bullet: bool

    @cached_property
    def quantities(self) -> tuple[Figure, ...]:
        """Return the figures that say how much."""
        return tuple(figure for figure in self.figures if figure.is_quantity)

    def between(self, start: int, end: int) -> tuple[Word, ...]:
        """Return the words of a stretch."""
        return tuple(word for word in self.words if start <= word.start and word.end <= end)

    def lead(self, figure: Figure) -> tuple[Word, ...]:
        """Return the words between the quantity before a figure and the figure."""
        found = self._leads.get(figure.start)
        if found is None:
            stops = [each.stop for each in self.quantities if each.stop <= figure.start]
            found = self.between(max(stops, default=self.start), figure.start)
            self._leads[figure.start] = found
        return found

    def tail(self, figure: Figure) -> tuple[Word, ...]:
        """Return the words between a figure and the next quantity."""
        found = self._tails.get((figure.start, figure.end))
        if found is None:
            starts = [
                each.start for each in self.quantities if each.start >= figure.end and each is not figure
            ]
            found = self.between(figure.end, min(starts, default=self.end))
            self._tails[figure.start, figure.end] = found
        return found

    @cached_property
    def differences(self) -> dict[tuple[int, str], bool]:
        """Return what is known of which figures are differences; `comparing.is_difference` fills it in."""
        return {}

    @cached_property
    def _leads(self) -> dict[int, tuple[Word, ...]]:
        return {}

    @cached_property
    def _tails(self) -> dict[tuple[int, int], tuple[Word, ...]]:
        return {}

    @cached_property
    def years(self) -> frozenset[int]:
        """Return the years that the sentence names."""
        return frozenset(
            int(each.value) for each in self.figures if each.kind == "year" and each.value is not None
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """Return what the sentence puts into quotation marks."""
        return frozenset(match[1].lower() for match in QUOTED.finditer(self.text))


@dataclass(eq=False)
class Text:
    """A whole text; rules count what they checked in `checked`."""

    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    checked: int = 0

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Return every figure in reading order."""
        return tuple(figure for sentence in self.sentences for figure in sentence.figures)

    def spot(self, passage: int, start: int, end: int) -> Spot:
        """Return a place for a finding, quoting what stands there."""
        source = self.passages[passage]
        line, page = source.place(start)
        cell = source.cell
        quote = source.text[start:end]
        if len(quote) > LONGEST_QUOTE:
            quote = quote[: LONGEST_QUOTE - 1] + "…"
        place = (cell.table, cell.row, cell.column) if cell else (None, None, None)
        return Spot(passage, start, end, line, quote, page, *place)

    def spot_of(self, figure: Figure) -> Spot:
        """Return the place of a figure with its unit or what it counts."""
        return self.spot(figure.passage, figure.start, max(figure.end, figure.stop))

    @cached_property
    def _by_passage(self) -> dict[int, list[Sentence]]:
        found: dict[int, list[Sentence]] = {}
        for sentence in self.sentences:
            found.setdefault(sentence.passage, []).append(sentence)
        return found

    def of_passage(self, number: int) -> list[Sentence]:
        """Return the sentences of a passage."""
        return self._by_passage.get(number, [])

    def sentence_of(self, figure: Figure) -> Sentence:
        """Return the sentence in which a figure stands."""
        return next(
            sentence
            for sentence in self.of_passage(figure.passage)
            if sentence.start <= figure.start < sentence.end
        )


def text_of(passages: tuple[Passage, ...]) -> Text:
    """Prepare the passages of a text for the rules."""
    found = [sentence for number, passage in enumerate(passages) for sentence in _sentences(number, passage)]
    return Text(passages, tuple(_with_heading(passages, found)))


def _with_heading(passages: tuple[Passage, ...], found: Sequence[Sentence]) -> Iterable[Sentence]:
    """Give the bare numbers of a list the unit in the line above it: «28 250,7 млн рублей, из них:»."""
    head: Figure | None = None
    for sentence in found:
        if passages[sentence.passage].cell is None and sentence.text.rstrip().endswith(":"):
            told = [one for one in sentence.quantities if one.unit is not None and one.dimension != "count"]
            head = told[-1] if told else None
        elif not sentence.is_bullet:
            head = None
        is_item = head is not None and sentence.is_bullet
        yield _with_unit_of(head, sentence) if head is not None and is_item else sentence


def _with_unit_of(head: Figure, sentence: Sentence) -> Sentence:
    bare = next((one for one in sentence.quantities if _is_bare(one)), None)
    if (
        bare is None
        or head.unit is None
        or any(one.dimension == head.dimension for one in sentence.quantities)
    ):
        return sentence
    given = _in_unit(bare, head.unit, head.scale)
    return replace(sentence, figures=tuple(given if one is bare else one for one in sentence.figures))


def _is_bare(figure: Figure) -> bool:
    return not figure.unit and not figure.phrase.head_word and not figure.is_word


def _sentences(number: int, passage: Passage) -> Iterable[Sentence]:
    text = passage.text
    figures = recognise(number, passage)
    seen = words(text)
    starts = [word.start for word in seen]
    for start, end in _bounds(passage, figures):
        own = tuple(figure for figure in figures if start <= figure.start < end)
        inside = seen[bisect_left(starts, start) : bisect_left(starts, end)]
        yield _with_nouns(Sentence(number, start, end, text[start:end], inside, own, passage.is_bullet))


def _bounds(passage: Passage, figures: tuple[Figure, ...]) -> Sequence[tuple[int, int]]:
    """Return where sentences begin and end; none ends inside a figure."""
    if passage.cell is not None or not passage.text.strip():
        return [(0, len(passage.text))] if passage.text.strip() else []
    found: list[tuple[int, int]] = []
    for start, end in sentences(passage.text):
        is_cut = any(figure.start < start <= figure.stop for figure in figures)
        if found and is_cut:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [bounds for one in found for bounds in _shortened(one, figures)]


def _shortened(bounds: tuple[int, int], figures: tuple[Figure, ...]) -> Sequence[tuple[int, int]]:
    """Cut a sentence with very many figures, which is a list of numbers rather than a sentence."""
    starts = [figure.start for figure in figures if bounds[0] <= figure.start < bounds[1]]
    cuts = [bounds[0], *starts[MOST_FIGURES::MOST_FIGURES], bounds[1]]
    return list(pairwise(cuts))


def _with_nouns(sentence: Sentence) -> Sentence:
    """Give figures what the text leaves out: «184 медали (46 золотых …», «15 млн при плане 14 млн сомов»."""
    figures = _with_caption(sentence, _with_percents(sentence))
    figures = _with_neighbours(sentence, _with_ends(sentence, figures))
    sentence = replace(sentence, figures=_with_units(sentence, _with_money(figures)))
    quantities = [figure for figure in sentence.figures if figure.is_quantity and not figure.unit]
    named = [figure for figure in sentence.figures if figure.is_quantity and figure.noun]
    nameless = [figure for figure in quantities if not figure.phrase.head]
    if not nameless:
        return sentence
    figures = tuple(_named(one, named, sentence) if one in nameless else one for one in sentence.figures)
    return replace(sentence, figures=figures)


def _with_percents(sentence: Sentence) -> tuple[Figure, ...]:
    """Give bare numbers after the word for it the percent: «процент исполнения – 104,4»."""
    found = list(sentence.figures)
    percent = lexicon.unit("percent")
    for at, one in enumerate(found):
        if one.is_quantity and _is_bare(one) and not one.scale:
            lead = sentence.lead(one)[-3:]
            if lead and lead[0].lemma == "процент" and lead[0].text.lower() == "процент":
                found[at] = replace(one, unit=percent)
    return tuple(found)


def _with_caption(sentence: Sentence, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Give bare numbers after a colon the unit named before it: «выручка, млн рублей: I – 148,3»."""
    caption = CAPTION.search(sentence.text)
    if caption is None:
        return figures
    unit = next(
        (one for sign, one in lexicon.unit_signs().get(caption[2][0], ()) if caption[2].startswith(sign)),
        None,
    )
    if unit is None:
        return figures
    start, scale = sentence.start + caption.end(), CAPTION_SCALES[caption[1].rstrip(".").lower()]
    return tuple(
        _in_unit(one, unit, scale)
        if one.start >= start and one.is_quantity and _is_bare(one) and not one.scale
        else one
        for one in figures
    )


def _with_neighbours(sentence: Sentence, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Give bare numbers of a list the unit on both sides of them: «20,2 млн: 17,9, 1,8 и 0,5 млн»."""
    found = list(figures)
    for at, one in enumerate(figures):
        full = [
            (each, index) for index, each in enumerate(figures) if each.is_quantity and not _is_bare(each)
        ]
        before = [each for each, index in full if index < at][-1:]
        after = [each for each, index in full if index > at][:1]
        if not (one.is_quantity and _is_bare(one) and not one.scale and before and after):
            continue
        unit, scale = before[0].unit, before[0].scale
        between = sentence.text[before[0].stop - sentence.start : after[0].start - sentence.start]
        is_listed = ":" in between and ";" not in between and "(" not in between
        if (
            unit is not None
            and not unit.counts
            and (unit, scale) == (after[0].unit, after[0].scale)
            and is_listed
        ):
            found[at] = _in_unit(one, unit, scale)
    return tuple(found)


def _with_ends(sentence: Sentence, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Give the first end of a change the unit and scale of the second: «с 24,3 до 22,9 %»."""
    found = list(figures)
    for at, (one, other) in enumerate(pairwise(figures)):
        body = sentence.text[one.end - sentence.start : other.start - sentence.start]
        before = sentence.text[: one.start - sentence.start].lower().rstrip()
        is_pair = one.is_quantity and other.is_quantity and body.strip() == "до"
        if is_pair and _is_bare(one) and not one.scale and before.endswith((" с", " со", "(с")):
            given = one if other.unit is None else _in_unit(one, other.unit, other.scale)
            is_scaled = other.unit is None and other.scale and one.value is not None
            found[at] = _scaled(one, other.scale) if is_scaled else given
    return tuple(found)


def _scaled(figure: Figure, scale: int) -> Figure:
    factor = 10**scale
    value = None if figure.value is None else figure.value * factor
    return replace(figure, scale=scale, value=value, step=figure.step * factor)


def _with_money(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Give scaled figures without a unit or noun the currency of the sentence."""
    units = {figure.unit for figure in figures if figure.unit and figure.unit.dimension.startswith("money")}
    if len(units) != 1:
        return figures
    (unit,) = units
    return tuple(
        replace(one, unit=unit) if one.scale >= THOUSAND and not one.unit and not one.phrase.head else one
        for one in figures
    )


def _is_of_others(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether a subordinate clause counts something else: «предприятия, которых в городе 4 200»."""
    before = sentence.text[: figure.start - sentence.start].rpartition(",")[2]
    return "котор" in before.lower()


def _with_units(sentence: Sentence, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Give bare numbers the only unit of a sentence in which nothing is counted: «с 800 до 896 млн сомов»."""
    quantities = [
        figure for figure in figures if figure.is_quantity and not figure.dimension.startswith(UNSHARED)
    ]
    bare = [one for one in quantities if not _is_of_others(sentence, one)]
    bare = [one for one in bare if not one.unit and not one.phrase.head and not one.phrase.attributes]
    bare = [one for one in bare if not sentence.text[one.end - sentence.start :].startswith(" по ")]
    full = [one for one in quantities if one not in bare]
    kinds = {(one.unit, one.scale) for one in full}
    if len(kinds) != 1 or not bare:
        return figures
    ((unit, scale),) = kinds
    if unit is None or unit.counts:
        return figures
    return tuple(_in_unit(one, unit, scale) if one in bare else one for one in figures)


def _in_unit(figure: Figure, unit: Unit, scale: int) -> Figure:
    if figure.scale or figure.value is None:
        return replace(figure, unit=unit)
    factor = 10**scale
    upper = None if figure.upper is None else figure.upper * factor
    step = figure.step * factor
    return replace(figure, unit=unit, scale=scale, value=figure.value * factor, upper=upper, step=step)


def _named(figure: Figure, named: list[Figure], sentence: Sentence) -> Figure:
    before = [each for each in named if each.end <= figure.start]
    noun = _noun_before(figure, sentence)
    source = before[-1] if before else next(iter(named), None)
    if noun and (source is None or noun != source.noun):
        return replace(figure, phrase=replace(figure.phrase, head=noun))
    if source is not None:
        return replace(figure, phrase=replace(figure.phrase, head=source.noun))
    return figure


def _noun_before(figure: Figure, sentence: Sentence) -> str:
    """Return the noun right before a figure or the dash before it: «машиномест 2 575», «школы – 5»."""
    lead = sentence.lead(figure)
    if not lead:
        return ""
    last = lead[-1]
    between = sentence.text[last.end - sentence.start : figure.start - sentence.start].strip()
    noun = next((form for form in last.forms if form.pos == "NOUN"), None)
    if noun is None or last.lemma in lexicon.lemmas("soft") or between not in {"", "-", "–", "—", ":"}:
        return ""
    if any(not last.keys.isdisjoint(lexicon.cues("roles", name)) for name in ("gap", "excess", "shortfall")):
        return ""
    is_label = between and not any(word.forms[0].pos in {"VERB", "PRTS", "PREP"} for word in lead)
    return noun.lemma if is_label or (noun.number == "plur" and noun.case == "gent") else ""


def matches(found: Sequence[Word], cue: Cue) -> bool:
    """Tell whether the words hold one of the lemma sequences of a cue."""
    return position(found, cue) is not None


def position(found: Sequence[Word], cue: Cue) -> int | None:
    """Return the index of the first word of the last lemma sequence of a cue among the words."""
    for index in range(len(found) - 1, -1, -1):
        if begins(found, index, cue):
            return index
    return None


def begins(found: Sequence[Word], index: int, cue: Cue) -> bool:
    """Tell whether a lemma sequence of a cue begins at a word."""
    for key in found[index].keys:
        if key in cue and any(_continues(found, index + 1, rest) for rest in cue[key]):
            return True
    return False


def _continues(found: Sequence[Word], start: int, rest: tuple[str, ...]) -> bool:
    if not rest:
        return True
    if start + len(rest) > len(found):
        return False
    return all(lemma in found[start + offset].keys for offset, lemma in enumerate(rest))


def places(sentence: Sentence) -> frozenset[str]:
    """Return the names of districts and streets of a sentence, and what it quotes."""
    found = set(sentence.names)
    for index, word in enumerate(sentence.words):
        if word.has_lemma(lexicon.lemmas("places")):
            near = [*sentence.words[max(0, index - 1) : index], *sentence.words[index + 1 : index + 2]]
            found |= {each.lemma for each in near if each.text[:1].isupper() and each.start > sentence.start}
    return frozenset(found)


def years_of(sentence: Sentence, figure: Figure) -> frozenset[int]:
    """Return the years of a sentence without those of remarks in brackets: «12,9 км (в 2021 году – 10,3)»."""
    at = figure.start - sentence.start
    asides = [one for one in ASIDE.finditer(sentence.text) if not one.start() <= at < one.end()]
    inner = {year for one in asides for year in sentence.years if str(year) in one[0]}
    return sentence.years - inner


def period(sentence: Sentence, years: frozenset[int] | None = None) -> str:
    """Return the years and months that a sentence names, or other years with its months."""
    found = [str(year) for year in sorted(sentence.years if years is None else years)]
    named = sorted({months()[word.text.lower()] for word in sentence.words if word.text.lower() in months()})
    return ", ".join([*found, *(f"{number:02d}" for number in named)])


def role(sentence: Sentence, figure: Figure) -> str:
    """Return plan, fact or nothing, by the words before a figure and right after it."""
    lead, tail = sentence.lead(figure), sentence.tail(figure)
    best, where = "", -1
    for name in ("fact", "plan"):
        at = position(lead, lexicon.cues("roles", name))
        if at is not None and at > where:
            best, where = name, at
    if not best and matches(tail[:2], lexicon.cues("roles", "plan")):
        return "plan"
    return best


def stated(text: Text, figure: Figure) -> StatedFigure:
    """Return a figure as the door shows it."""
    sentence = text.sentence_of(figure)
    scale = figure.scale if figure.unit and figure.unit.dimension.startswith("money") else 0
    divisor = 10**scale
    return StatedFigure(
        text.spot_of(figure),
        figure.written,
        figure.kind,
        None if figure.value is None else figure.value / divisor,
        None if figure.upper is None else figure.upper / divisor,
        figure.qualifier,
        figure.unit.code if figure.unit else "",
        scale,
        figure.noun,
        figure.phrase.attributes,
        tuple(sorted(places(sentence))),
        period(sentence),
        role(sentence, figure),
        figure.readings,
    )
