"""Totals after their parts, and wholes divided without a colon: «всего 10», «из 25 … остальные 6»."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.relations import (
    Group,
    Listed,
    groups,
    is_additive,
    is_equal_sum,
    is_inner,
    is_prepositional,
    is_same_kind,
    run_before,
)
from shaar.reports.proofreading.rules.parts import MEASURES, finding, is_settled, other_unit
from shaar.reports.proofreading.text import Sentence, Text, begins, matches

NEAR = 5


def find(text: Text) -> Iterator[Finding]:
    """Yield totals that the figures before them do not sum to, and wholes that their shares do not fill."""
    divided = {_key(one.figure) for group in groups(text) for one in group.totals if _is_near(group, one)}
    for index, sentence in enumerate(text.sentences):
        if text.passages[sentence.passage].cell is not None:
            continue
        last = text.sentences[index - 1] if index else None
        for figure in sentence.quantities:
            if not is_additive(figure):
                continue
            if _is_total(sentence, figure):
                yield from _closing(text, sentence, last, figure)
            elif _key(figure) not in divided:
                yield from _whole(text, sentence, last, figure)
        yield from _besides(text, sentence, last)


def _key(figure: Figure) -> tuple[int, int]:
    return figure.passage, figure.start


def _is_near(group: Group, total: Listed) -> bool:
    """Tell whether a group divides a figure of its own sentence or the list after it."""
    is_own = total.sentence is group.zone[0].sentence or group.trigger == "bullets"
    return is_own and sum(is_same_kind(one.figure, total.figure) for one in group.zone) > 1


def _is_total(sentence: Sentence, figure: Figure) -> bool:
    lead = sentence.lead(figure)[-NEAR:]
    last = [each for each in sentence.quantities if each.stop <= figure.start]
    if last and [word.text.lower() for word in lead] in (["на"], ["и"]) and last[-1].end < figure.start:
        return _is_total(sentence, last[-1])
    return matches(lead, lexicon.cues("parts", "total")) and not matches(
        lead, lexicon.cues("parts", "certain")
    )


def _closing(text: Text, sentence: Sentence, last: Sentence | None, total: Figure) -> Iterator[Finding]:
    """Judge a total by the figures before it: in its sentence, in the list or in the sentence before."""
    own = [each for each in sentence.quantities if each.start < total.start]
    choices = [choice for choice in _before(text, sentence, last, total) if len(choice) >= 2]
    after = _fellows(sentence, [each for each in sentence.quantities if each.start > total.start], total)
    endings = [choice[start:] for choice in choices for start in range(len(choice) - 1)]
    if any(is_equal_sum(total, choice) for choice in [*endings, after] if len(choice) > 1):
        text.checked += 1
        return
    odd = _odd_unit(own, total)
    if odd is not None:
        text.checked += 1
        yield other_unit(text, odd, total)
        return
    parts = choices[0] if choices else _nearly(sentence, total)
    if not parts or (len(after) >= 2 and not own):
        return
    if abs(total.base - sum(part.base for part in parts)) > total.base / 2:
        return
    text.checked += 1
    if not is_equal_sum(total, parts):
        yield finding(text, "parts", Severity.ERROR, total, parts)


def _before(text: Text, sentence: Sentence, last: Sentence | None, total: Figure) -> Iterator[list[Figure]]:
    """Yield the figures before a total that it may sum, the likeliest first."""
    own = [each for each in sentence.quantities if each.start < total.start]
    fellows = _fellows(sentence, own, total)
    yield from (_since(sentence, fellows, total), fellows)
    if not own and last is not None:
        yield [
            figure
            for number in run_before(text, sentence.passage)
            for each in text.of_passage(number)[:1]
            for figure in _fellows(each, each.quantities, total)[:1]
        ]
        yield _fellows(last, last.quantities, total)
        yield _named(last, total) if _is_bare(sentence, total) else []
    if not total.phrase.head_word and total.dimension == "count":
        yield [one for one in own if is_same_kind(one, total) and _is_labelled(sentence, one)]


def _odd_unit(own: Sequence[Figure], total: Figure) -> Figure | None:
    """Return the part whose number fits a total and whose unit does not: «4,9 га и 2,3 км»."""
    found = [each for each in own if is_additive(each) and each.dimension in MEASURES]
    for start in range(len(found) - 1):
        parts = found[start:]
        odd = [each for each in parts if each.dimension != total.dimension]
        numbers = sum((each.value or Decimal(0) for each in parts), Decimal(0))
        if len(odd) == 1 and total.dimension in MEASURES and numbers == total.value:
            return odd[0]
    return None


def _is_bare(sentence: Sentence, total: Figure) -> bool:
    """Tell whether nothing but the word for a total stands before it: «Всего – 163»."""
    cue = lexicon.cues("parts", "total")
    soft = lexicon.lemmas("soft")
    return all(
        not word.keys.isdisjoint(cue) or not word.keys.isdisjoint(soft) for word in sentence.lead(total)
    )


def _named(sentence: Sentence, total: Figure) -> list[Figure]:
    """Return all figures of a sentence that count something, whatever it is."""
    found = [each for each in sentence.quantities if is_additive(each) and is_same_kind(each, total)]
    return [each for each in found if not (each.phrase.head_word and is_prepositional(sentence, each))]


def _nearly(sentence: Sentence, total: Figure) -> list[Figure]:
    """Return unlike figures before a total in its sentence where they all but make it."""
    before = [each for each in sentence.quantities if each.start < total.start]
    found = [each for each in before if is_additive(each) and is_same_kind(each, total)]
    if any(is_equal_sum(total, found[start:]) for start in range(len(found) - 1)):
        return []
    amount = sum(each.base for each in found)
    is_near = abs(total.base - amount) * 5 <= total.base
    return found if len(found) > 1 and is_near and all(each.base < total.base for each in found) else []


def _since(sentence: Sentence, parts: list[Figure], total: Figure) -> list[Figure]:
    """Return the parts after the last colon or semicolon before a total."""
    before = sentence.text[: total.start - sentence.start]
    start = sentence.start + max(before.rfind(";"), before.rfind(":"))
    return [part for part in parts if part.start > start]


def _fellows(sentence: Sentence, figures: Sequence[Figure], total: Figure) -> list[Figure]:
    """Return the figures that may be summed to a total: of its noun, or of any where the noun is general."""
    found = [each for each in figures if is_additive(each) and is_same_kind(each, total)]
    if total.dimension != "count":
        return found
    same = [each for each in found if each.noun == total.noun]
    if len({each.is_word for each in same}) > 1:
        same = [each for each in same if not each.is_word]
    if len(same) >= 2 or total.noun not in lexicon.lemmas("general_nouns"):
        return same
    return [each for each in found if not (each.phrase.head_word and is_prepositional(sentence, each))]


def _whole(text: Text, sentence: Sentence, last: Sentence | None, whole: Figure) -> Iterator[Finding]:
    """Judge «из 25 жалоб 19 удовлетворены, остальные 6 отклонены»."""
    after = [each for each in sentence.quantities if each.start > whole.start and is_additive(each)]
    parts = [each for each in after if is_same_kind(each, whole) and _is_of(each, whole)]
    labelled = [each for each in parts if _is_labelled(sentence, each)]
    choices = [choice for choice in (parts, parts[:2], parts[-2:], labelled) if len(choice) > 1]
    if any(is_equal_sum(whole, choice) for choice in choices):
        text.checked += 1
        return
    if len(parts) > 1 and is_equal_sum(parts[-1], [whole, *parts[:-1]]):
        return
    severity = _severity(sentence, whole, parts, labelled)
    if (
        severity is None
        or _is_itself_a_part(sentence, last, [whole, *parts])
        or is_settled(text, whole, parts)
    ):
        return
    text.checked += 1
    yield finding(text, "parts", severity, whole, labelled if len(labelled) > 2 else parts)


def _is_itself_a_part(sentence: Sentence, last: Sentence | None, found: Sequence[Figure]) -> bool:
    """Tell whether the first figure and the others together are parts of one of the sentence before."""
    if last is not None and begins(sentence.words, 0, lexicon.cues("parts", "certain")):
        return any(is_same_kind(one, found[0]) and one.base > found[0].base for one in last.quantities)
    return last is not None and any(
        is_additive(one) and is_same_kind(one, found[0]) and is_equal_sum(one, found)
        for one in last.quantities
    )


def _severity(
    sentence: Sentence, whole: Figure, parts: list[Figure], labelled: list[Figure]
) -> Severity | None:
    """Return how sure it is that figures without a word for it divide the first one of their sentence."""
    if len(parts) < 2 or sentence.quantities[0] is not whole or _is_labelled(sentence, whole):
        return None
    chosen = labelled if len(labelled) > 2 else parts
    gap = whole.base - sum(part.base for part in chosen)
    is_from = sentence.text[: whole.start - sentence.start].rstrip().lower().endswith("из")
    if matches(sentence.words, lexicon.cues("parts", "exhaustive")) and (
        is_from or whole.dimension == "count"
    ):
        return Severity.ERROR if abs(gap) <= whole.base / 2 else None
    if len(labelled) > 2 and abs(gap) <= whole.base / 4:
        return Severity.ERROR
    return _likely(sentence, whole, parts, is_from=is_from)


def _likely(sentence: Sentence, whole: Figure, parts: list[Figure], *, is_from: bool) -> Severity | None:
    """Return a warning where parts all but make a whole and nothing says that they must."""
    gap = whole.base - sum(part.base for part in parts)
    if abs(gap) * 7 > whole.base:
        return None
    are_inner = all(is_inner(sentence, part) for part in parts) and not is_inner(sentence, whole)
    are_deeds = all(_is_deed(sentence, part) or _is_labelled(sentence, part) for part in parts)
    is_measured = whole.dimension != "count" and is_from
    is_counted = whole.dimension == "count" and are_deeds
    return Severity.WARNING if are_inner or is_measured or is_counted else None


def _is_labelled(sentence: Sentence, figure: Figure) -> bool:
    before = sentence.text[: figure.start - sentence.start].rstrip()
    lead = sentence.lead(figure)
    is_name = not any(word.forms[0].pos in {"PRTS", "VERB", "PRED", "INFN", "COMP"} for word in lead)
    return is_name and before.endswith(("–", "—", " -"))


def _is_deed(sentence: Sentence, figure: Figure) -> bool:
    return any(word.forms[0].pos in {"PRTS", "VERB", "ADJS"} for word in sentence.lead(figure)[-3:])


def _is_of(part: Figure, whole: Figure) -> bool:
    return part.dimension != "count" or part.noun == whole.noun or not part.phrase.head_word


def _besides(text: Text, sentence: Sentence, last: Sentence | None) -> Iterator[Finding]:
    """Judge «975 лифтов, в том числе 663 муниципальных. Кроме них, 312 …»."""
    if last is None or not matches(sentence.words[:2], lexicon.cues("parts", "besides")):
        return
    before = [each for each in last.quantities if is_additive(each)]
    own = [each for each in sentence.quantities if is_additive(each)][:1]
    if len(before) != 2 or not own or not all(is_same_kind(each, own[0]) for each in before):
        return
    whole, part = before
    if (own[0].noun != whole.noun and own[0].phrase.head_word) or whole.base <= part.base:
        return
    if not matches(last.words, lexicon.cues("parts", "certain")):
        return
    text.checked += 1
    if not is_equal_sum(whole, [part, own[0]]):
        yield finding(text, "parts", Severity.ERROR, whole, [part, own[0]])
