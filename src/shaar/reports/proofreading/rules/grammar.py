"""The noun after a number stands in the form that the number asks for: «222 камеры», not «222 камер»."""

import re
from collections.abc import Iterator
from decimal import Decimal

from shaar.kernel.writing import agree, predicate
from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import cued
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Form, Word, forms
from shaar.reports.proofreading.messages import sentences
from shaar.reports.proofreading.text import Sentence, Text

CHAIN = re.compile(r"(?: [^\W\d]+){0,3}, ")
GENITIVE = frozenset(lexicon.phrases("grammar", "genitive"))


def find(text: Text) -> Iterator[Finding]:
    """Yield nouns in a wrong form after a number, where the number stands in the nominative or accusative."""
    for sentence in text.sentences:
        for figure in sentence.quantities:
            yield from _people(text, sentence, figure)
            if (
                not figure.is_exact
                or figure.unit
                or figure.scale
                or figure.is_word
                or figure.step < 1
                or not figure.phrase.head_word
            ):
                continue
            if text.passages[figure.passage].cell is not None or not _is_direct(sentence, figure):
                continue
            text.checked += 1
            yield from _judge(text, sentence, figure)


def _people(text: Text, sentence: Sentence, figure: Figure) -> Iterator[Finding]:
    """Judge «52 человек»: two to four want «человека», others «человек»."""
    written = text.spot_of(figure).quote.rpartition(" ")[2]
    is_told = (
        figure.is_exact and not figure.scale and not figure.is_word and written in {"человек", "человека"}
    )
    if not is_told or figure.unit is None or text.passages[figure.passage].cell is not None:
        return
    right = "человека" if is_few(figure.base) else "человек"
    if right != written and _is_direct(sentence, figure):
        text.checked += 1
        spot, right = text.spot_of(figure), f"{figure.written} {right}"
        messages = sentences("grammar", written=spot.quote, right=right)
        yield Finding("grammar", Severity.WARNING, (spot,), messages, {"right": right})


def is_few(value: Decimal) -> bool:
    """Tell whether a number ends in two to four as Russian counts."""
    return 2 <= value % 10 <= 4 and not 12 <= value % 100 <= 14


def _judge(text: Text, sentence: Sentence, figure: Figure) -> Iterator[Finding]:
    spot = text.spot_of(figure)
    right = _right(figure, sentence)
    if f"{figure.written} {right}".lower() == spot.quote.lower():
        return
    if right:
        right = f"{figure.written} {right}"
    else:
        verb = next(iter(sentence.lead(figure)[-1:]), None)
        agreed = _agreed(verb, figure) if verb is not None else ""
        if verb is None or not agreed:
            return
        spot = text.spot(figure.passage, verb.start, spot.end)
        right = f"{agreed} {text.spot_of(figure).quote}"
    messages = sentences("grammar", written=spot.quote, right=right)
    yield Finding("grammar", Severity.WARNING, (spot,), messages, {"right": right})


def _agreed(verb: Word, figure: Figure) -> str:
    """Return the participle as the number asks for it, or nothing where it is right."""
    form, value = verb.forms[0], int(figure.value or 0)
    if any(each.case == "datv" for each in forms(figure.phrase.head_word)):
        return ""
    is_one = value % 10 == 1 and value % 100 != 11
    if form.pos != "PRTS" or is_one or form.number != "sing" or form.gender == "neut":
        return ""
    return predicate(value, verb.text, figure.phrase.head)


def _is_direct(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether the phrase is the subject or object of a verb right before it, or follows «из них»."""
    lead = sentence.lead(figure)
    if _is_chained(sentence, figure):
        return True
    if not lead or figure.value is None or figure.value != figure.value.to_integral_value():
        return False
    last = lead[-1]
    between = sentence.text[last.end - sentence.start : figure.start - sentence.start].strip()
    if between:
        return between in {"–", "—"} and not cued(lead, "plan")
    said = " ".join(word.text.lower() for word in lead)
    if said == "и" or said.endswith("в том числе"):
        before = [one for one in sentence.quantities if one.stop <= lead[0].start][-1:]
        is_near = bool(before) and (said != "и" or last.start - before[0].stop == 1)
        return is_near and _is_direct(sentence, before[0])
    if said.endswith("из них"):
        return True
    is_verb = any(form.pos in {"PRTS", "VERB"} and form.score > 0.3 for form in last.forms)
    return is_verb and last.forms[0].pos != "NOUN" and last.lemma not in GENITIVE


def _is_chained(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether only a comma parts a figure from another whose noun is subject or object."""
    last = [one for one in sentence.quantities if one.stop <= figure.start][-1:]
    if not last or not last[0].phrase.head_word or not figure.is_exact:
        return False
    between = sentence.text[last[0].stop - sentence.start : figure.start - sentence.start]
    return CHAIN.fullmatch(between) is not None and _is_direct(sentence, last[0])


def _right(figure: Figure, sentence: Sentence) -> str:
    """Return the phrase as it should be, or nothing where it is right or cannot be judged."""
    nouns = [form for form in forms(figure.phrase.head_word) if form.pos == "NOUN"]
    if not nouns or figure.value is None:
        return ""
    is_one = figure.value % 10 == 1 and figure.value % 100 != 11
    verb = next((word.forms[0] for word in sentence.lead(figure)[-1:]), nouns[0])
    if is_one and verb.pos == "PRTS" and verb.number == "sing" and verb.gender in {"masc", "femn"}:
        nouns = [form for form in nouns if form.gender == verb.gender or form.number == "plur"]
    if is_one and verb.pos == "PRTS":
        nouns = [form for form in nouns if form.case == "nomn"] or nouns[:1]
    if any(_is_right(form, is_one=is_one, is_some=is_few(figure.value)) for form in nouns):
        return ""
    return nouns[0].lemma if is_one and nouns else agree(figure.value, figure.phrase.head)


def _is_right(form: Form, *, is_one: bool, is_some: bool) -> bool:
    if form.case in {"datv", "ablt", "loct"} and form.number == ("sing" if is_one else "plur"):
        return True
    if is_one:
        return form.number == "sing" and form.case in {"nomn", "accs"}
    if is_some:
        return (form.number == "sing" and form.case == "gent") or form.case == "gen2"
    return (form.number == "plur" and form.case in {"gent", "gen2"}) or form.number == ""
