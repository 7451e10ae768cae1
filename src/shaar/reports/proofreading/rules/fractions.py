"""Fractions in words agree with part and whole: «половина (240 из 480)», «каждый второй из 4 800»."""

from collections.abc import Iterator
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import Word
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_same_kind
from shaar.reports.proofreading.rules.anchored import is_from
from shaar.reports.proofreading.text import Sentence, Text, begins

FRACTIONS = tuple(
    (lexicon.cue([phrase]), phrase.count(" "), worth) for phrase, worth in lexicon.fractions("of").items()
)
FIRST = frozenset(phrase.split()[0] for phrase in lexicon.fractions("of"))
ROOM, WILD, NEAR = Decimal("0.1"), Decimal("1.7"), 70


def find(text: Text) -> Iterator[Finding]:
    """Yield parts that are not the fraction of their whole that words tell."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is None and (told := _told(sentence)) is not None:
            yield from _judge(text, sentence, *told)


def _told(sentence: Sentence) -> tuple[Word, Decimal, int] | None:
    """Return the only fraction of a sentence that is not said to be rough, and where its words end."""
    if not any(word.has_lemma(FIRST) for word in sentence.words):
        return None
    found = [
        (word, worth, sentence.words[at + length].end)
        for cue, length, worth in FRACTIONS
        for at, word in enumerate(sentence.words)
        if begins(sentence.words, at, cue)
    ]
    found.sort(key=lambda one: (one[0].start, -one[2]))
    before = sentence.text[: found[0][0].start - sentence.start].lower().rstrip() if found else ""
    inner = [one for one in found[1:] if one[0].start >= found[0][2]]
    is_clear = found and not inner and not before.endswith(lexicon.phrases("fractions", "loose"))
    return found[0] if is_clear else None


def _judge(text: Text, sentence: Sentence, word: Word, worth: Decimal, end: int) -> Iterator[Finding]:
    own = [one for one in sentence.quantities if is_additive(one) and not word.start <= one.start < end]
    wholes = [one for one in own if is_from(sentence, one)] or _larger(own, word)
    if len(wholes) != 1 or len(own) != 2 or not _is_beside(word.start, end, own):
        return
    whole = wholes[0]
    part = next(one for one in own if one is not whole)
    if not is_same_kind(part, whole) or not whole.base:
        return
    text.checked += 1
    share = part.base / whole.base
    if abs(share - worth) <= worth * ROOM / 2 or not worth / WILD <= share <= worth * WILD:
        return
    spot = text.spot(sentence.passage, word.start, end)
    values = {"stated": spot.quote, "first": part.written, "second": whole.written}
    right = round(share * 100, 1)
    spots = (text.spot_of(part), spot, text.spot_of(whole))
    words = sentences("fraction", right=right, **values)
    yield Finding("percent", Severity.ERROR, spots, words, {"stated": plain(worth), "right": str(right)})


def _larger(own: list[Figure], word: Word) -> list[Figure]:
    """Return the larger of two of a sort after which «каждый» tells the fraction."""
    is_told = (
        word.lemma == "каждый" and len(own) == 2 and own[0].sort == own[1].sort and word.start > own[1].start
    )
    return [max(own, key=lambda one: one.base)] if is_told else []


def _is_beside(start: int, end: int, own: list[Figure]) -> bool:
    return all(abs(one.start - end) < NEAR or abs(start - one.stop) < NEAR for one in own)
