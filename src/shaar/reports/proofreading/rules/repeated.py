"""The same thing said twice with different values, and statements alike enough to be taken for one."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import is_difference
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.relations import groups, is_additive, is_prepositional
from shaar.reports.proofreading.text import Sentence, Text, matches, period, places, role, years_of

AHEAD = lexicon.cues("conclusions", "ahead")
EARLIER = lexicon.cues("conclusions", "earlier")
MEASURES = frozenset({"length", "area", "volume", "mass"})
CONTENT = ("NOUN", "ADJF", "PRTF", "PRTS", "VERB", "INFN", "GRND")


@dataclass(frozen=True)
class Statement:
    """A figure with what it says: the deed, the thing and where."""

    figure: Figure
    sentence: Sentence
    thing: frozenset[str]
    topic: frozenset[str]
    deeds: frozenset[str]
    governor: frozenset[str]
    places: frozenset[str]
    years: frozenset[int]
    period: str
    role: str

    @cached_property
    def is_elsewhen(self) -> bool:
        """Tell whether it speaks of an earlier year or of what is still to be done."""
        return matches(self.sentence.words, AHEAD) or matches(self.sentence.lead(self.figure), EARLIER)

    @cached_property
    def is_since(self) -> bool:
        """Tell whether it names a year and tells of growth: «в 2017 году – 40 500, увеличение на 19 %»."""
        is_grown = matches(self.sentence.words, lexicon.cues("roles", "growth"))
        return bool(self.years) and is_grown

    @property
    def family(self) -> tuple[str, str, frozenset[str]]:
        """Return what two statements about the same thing have in common at least."""
        if self.figure.dimension == "count":
            return "count", self.figure.noun, frozenset()
        return self.figure.dimension, "", self.governor


def find(text: Text) -> Iterator[Finding]:
    """Yield pairs of statements about the same thing whose figures differ."""
    inside = {_key(one.figure) for group in groups(text) for one in group.zone}
    found = [statement(text, figure) for figure in text.figures if _is_candidate(text, figure, inside)]
    families: dict[tuple[str, str, frozenset[str]], list[Statement]] = {}
    for each in found:
        families.setdefault(each.family, []).append(each)
    for family in families.values():
        for index, one in enumerate(family):
            for other in family[index + 1 :]:
                yield from _compare(text, one, other)


def _key(figure: Figure) -> tuple[int, int]:
    return figure.passage, figure.start


def _is_candidate(text: Text, figure: Figure, inside: set[tuple[int, int]]) -> bool:
    if not is_additive(figure) or text.passages[figure.passage].cell is not None or _key(figure) in inside:
        return False
    sentence = text.sentence_of(figure)
    if figure.dimension == "count" and (not figure.noun or is_prepositional(sentence, figure)):
        return False
    return not is_difference(sentence, figure)


def statement(text: Text, figure: Figure) -> Statement:
    """Return a figure with what its sentence says of it."""
    sentence = text.sentence_of(figure)
    around = _clause(sentence, figure)
    kept = {word.forms[0].lemma for word in around if word.forms[0].pos in CONTENT} - lexicon.lemmas("soft")
    deeds = frozenset(lexicon.deeds()[lemma] for lemma in kept if lemma in lexicon.deeds())
    topic = frozenset(lemma for lemma in kept if lemma not in lexicon.deeds())
    thing = frozenset({figure.noun, *figure.phrase.attributes, *figure.phrase.modifiers}) - {""}
    where, years = places(sentence), years_of(sentence, figure)
    when = period(sentence, years)
    governor = _governor(sentence, figure)
    return Statement(
        figure, sentence, thing, topic, deeds, governor, where, years, when, role(sentence, figure)
    )


def _clause(sentence: Sentence, figure: Figure) -> tuple[Word, ...]:
    quantities = sentence.quantities
    at = quantities.index(figure)
    start = quantities[at - 1].stop if at else sentence.start
    end = quantities[at + 1].start if at + 1 < len(quantities) else sentence.end
    stop = sentence.text.find(",", figure.stop - sentence.start)
    if stop >= 0:
        end = min(end, sentence.start + stop)
    found = sentence.between(start, end)
    return tuple(word for word in found if figure.unit is None or not figure.end <= word.start < figure.stop)


def _governor(sentence: Sentence, figure: Figure) -> frozenset[str]:
    """Return the noun that a measure is of, with its attributes: «новый провод протяжённостью 5 км»."""
    lead = list(sentence.lead(figure)[-12:])
    while lead and not _may_govern(lead[-1]):
        lead.pop()
    found = {lead[-1].forms[0].lemma} if lead else set()
    for word in reversed(lead[:-1]):
        if word.forms[0].pos not in {"ADJF", "PRTF"}:
            break
        found.add(word.forms[0].lemma)
    return frozenset(found)


def _may_govern(word: Word) -> bool:
    form = word.forms[0]
    return form.pos == "NOUN" and form.lemma not in lexicon.lemmas("soft") and not word.text.isupper()


def _compare(text: Text, one: Statement, other: Statement) -> Iterator[Finding]:
    if one.figure.base == other.figure.base or one.sentence is other.sentence or are_apart(one, other):
        return
    judge = _of_counts if one.figure.dimension == "count" else _of_measures
    severity = judge(one, other)
    if severity is None:
        return
    text.checked += 1
    code = "repeated" if severity is Severity.ERROR else "alike"
    first, second = text.spot_of(one.figure), text.spot_of(other.figure)
    yield Finding(
        "repeated",
        severity,
        (first, second),
        sentences(code, first=first.quote, second=second.quote, line=second.line),
    )


def are_apart(one: Statement, other: Statement) -> bool:
    """Tell whether two statements speak of different places, times, or of plan and fact."""
    if one.period and other.period and one.period != other.period:
        return True
    if {one.role, other.role} == {"plan", "fact"} or (one.role == "plan") != (other.role == "plan"):
        return True
    if one.places != other.places:
        return True
    if one.is_elsewhen != other.is_elsewhen:
        return True
    return any(each.is_since and not rest.years for each, rest in ((one, other), (other, one)))


def _of_counts(one: Statement, other: Statement) -> Severity | None:
    if one.figure.noun != other.figure.noun or not one.deeds & other.deeds:
        return None
    odd = (one.topic | one.thing) ^ (other.topic | other.thing)
    if not odd:
        return Severity.ERROR if _is_close(one, other) else Severity.WARNING
    return Severity.WARNING if len(odd) == 1 and _is_close(one, other) else None


def _of_measures(one: Statement, other: Statement) -> Severity | None:
    shared, odd = one.topic & other.topic, one.topic ^ other.topic
    if one.deeds & other.deeds and shared and not odd:
        return Severity.ERROR if _is_close(one, other) else Severity.WARNING
    if one.figure.dimension not in MEASURES:
        return None
    is_same_deed = bool(one.deeds & other.deeds) or not (one.deeds and other.deeds)
    if is_same_deed and one.governor == other.governor and one.governor - lexicon.lemmas("common_things"):
        return Severity.WARNING
    return None


def _is_close(one: Statement, other: Statement) -> bool:
    smaller, larger = sorted((one.figure.base, other.figure.base))
    return larger > 0 and smaller / larger >= Decimal("0.5")
