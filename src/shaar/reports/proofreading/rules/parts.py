"""Parts sum to their total: «из них», «в том числе», lists after a colon, bullets, brackets."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import (
    Group,
    Listed,
    groups,
    is_additive,
    is_equal_sum,
    is_incomplete,
    is_inner,
    is_prepositional,
    is_same_kind,
    is_scaled_sum,
    tolerance,
)
from shaar.reports.proofreading.text import Text, matches

# How much of a total may be missing before a list is taken for a mere selection.
STRONG = {
    "colon": Decimal("0.5"),
    "bullets": Decimal("0.5"),
    "bracket": Decimal("0.5"),
    "dash": Decimal("0.4"),
}
UNDER = lexicon.cues("parts", "under")
MEASURES = frozenset({"length", "area", "volume", "mass"})
WEAK, MOST_MOVES, MOST_SUMMED = Decimal("0.35"), 5, 9
REST = re.compile(rf"(?<!\w)(?:{'|'.join(lexicon.phrases('parts', 'left'))})\w*", re.IGNORECASE)
ALONE = re.compile(r"[^\d,;.:]{0,40}\bи\s+[^\W\d]{3,}")  # one more thing, without a number


def find(text: Text) -> Iterator[Finding]:
    """Yield totals that their parts do not sum to."""
    for group in groups(text):
        yield from judge(text, group)


def judge(text: Text, group: Group) -> Iterator[Finding]:
    """Yield what is wrong with one group, if anything."""
    candidates = [(total, parts) for total in group.totals for parts in hypotheses(total, group)]
    if any(is_equal_sum(total.figure, parts) for total, parts in candidates if len(parts) > 1):
        text.checked += 1
        return
    odd = _in_another_unit(group)
    if odd is not None:
        text.checked += 1
        yield other_unit(text, odd, group.zone[0].figure)
        return
    total = _total(group)
    if total is None:
        return
    parts = core(total, group)
    if len(parts) == 1 and group.trigger.endswith("words") and parts[0].base > total.figure.base:
        text.checked += 1
        yield finding(text, "part_exceeds", Severity.ERROR, total.figure, parts)
    if len(parts) < 2 or is_incomplete(group.words, trigger=group.trigger):
        return
    severity = _severity(total.figure, parts, group)
    if severity is None and is_scaled_sum(total.figure, parts):
        severity = Severity.ERROR
    if (
        severity is not None
        and not _is_unclear(group, total, parts)
        and not is_settled(text, total.figure, parts)
    ):
        text.checked += 1
        yield finding(text, "parts", severity, total.figure, parts)


def _in_another_unit(group: Group) -> Figure | None:
    """Return the total that parts of another unit make up: «41,6 га, из них 29,3 и 12,3 км»."""
    parts = [one.figure for one in group.zone if is_additive(one.figure)]
    dimensions = {part.dimension for part in parts}
    if len(parts) < 2 or len(dimensions) != 1 or not dimensions <= MEASURES:
        return None
    amount = sum((part.value or Decimal(0) for part in parts), Decimal(0))
    wrong = [one.figure for one in group.totals if one.figure.dimension in MEASURES - dimensions]
    return next((one for one in wrong if one.value == amount), None)


def other_unit(text: Text, odd: Figure, right: Figure) -> Finding:
    """Return the finding that a figure has another unit than those it is summed with."""
    spot = text.spot_of(odd)
    facts = {"expected": right.dimension, "found": odd.dimension}
    words = sentences(f"unit_{right.dimension}", written=spot.quote)
    return Finding("unit", Severity.ERROR, (spot, text.spot_of(right)), words, facts)


def is_settled(text: Text, total: Figure, parts: Sequence[Figure]) -> bool:
    """Tell whether figures agree otherwise: «118 из 140, остальные 22», «… и музей», a stock that moves."""
    room = tolerance([total, *parts])
    if (
        _is_of_some(text, total, parts)
        or _is_rest_told(text, total, parts, room)
        or _are_shares(text, total, parts)
    ):
        return True
    sentence = text.sentence_of(total)
    first, *rest = (part.base for part in parts)
    if abs(abs(first - sum(rest)) - total.base) <= room:
        return True
    if parts[-1].start > total.start and len(parts) <= MOST_MOVES and _moves(total, parts, room):
        return True
    gap = total.base - sum(part.base for part in parts)
    tail = sentence.text[max(0, parts[-1].stop - sentence.start) :]
    return gap == 1 and parts[-1].dimension == "count" and ALONE.match(tail) is not None


def _is_of_some(text: Text, total: Figure, parts: Sequence[Figure]) -> bool:
    """Tell whether some figures of the sentence, also those in brackets, make up the total."""
    sentence = text.sentence_of(parts[-1])
    found = [one for one in sentence.quantities if is_same_kind(one, total) and one is not total]
    return any(
        is_equal_sum(total, some) and any(is_inner(sentence, one) for one in some)
        for size in range(2, min(len(found), MOST_MOVES))
        for some in combinations(found[:MOST_SUMMED], size)
    )


def _are_shares(text: Text, total: Figure, parts: Sequence[Figure]) -> bool:
    """Tell whether every part has a percent of its own that fits: «1 663 (87,0 %), … 448 (23,4 %)»."""
    for part in parts:
        after = [one for one in text.sentence_of(part).quantities if one.start >= part.stop][:1]
        if not after or after[0].dimension != "percent" or total.base <= 0:
            return False
        if abs(part.base / total.base * 100 - after[0].base) > after[0].step / 2:
            return False
    return True


def _is_rest_told(text: Text, total: Figure, parts: Sequence[Figure], room: Decimal) -> bool:
    """Tell whether words after the parts tell of the rest, without a number or with the right one."""
    gap = total.base - sum(part.base for part in parts)
    last = max(parts, key=lambda part: (part.passage, part.start))
    for sentence in text.of_passage(last.passage):
        body = sentence.text[max(0, last.stop - sentence.start) :]
        found = REST.search(body) if sentence.end > last.stop and gap > 0 else None
        if found is None:
            continue
        start = max(sentence.start, last.stop) + found.end()
        told = [one for one in sentence.quantities if one.start >= start and is_additive(one)][:1]
        return not told or abs(told[0].base - gap) <= room + told[0].base_step / 2
    return False


def _moves(total: Figure, parts: Sequence[Figure], room: Decimal) -> bool:
    """Tell whether what is added to a stock and taken from it makes the last figure."""
    *moves, end = (part.base for part in parts)
    for signs in product((1, -1), repeat=len(moves)):
        moved = total.base + sum(sign * move for sign, move in zip(signs, moves, strict=True))
        if len(set(signs)) > 1 and abs(moved - end) <= room:
            return True
    return False


def _total(group: Group) -> Listed | None:
    """Return the figure that is divided: the last one of the parts' kind, of their noun if there is one."""
    kinds = [one.figure for one in group.zone if is_additive(one.figure)]
    if not kinds:
        return None
    fitting = [
        one
        for one in group.totals
        if not _is_fraction(one.figure) and any(is_same_kind(one.figure, kind) for kind in kinds)
    ]
    if group.trigger == "bullets":
        largest = max(one.base for one in kinds)
        fitting = [one for one in fitting if one.figure.base >= largest] or fitting
    nouns = {figure.noun for figure in kinds}
    named = [one for one in fitting if one.figure.noun in nouns and one.figure.noun]
    free = [one for one in fitting if not is_prepositional(one.sentence, one.figure)]
    return next(iter([*reversed(named), *reversed(free), *reversed(fitting)]), None)


def _is_fraction(figure: Figure) -> bool:
    """Tell whether a number without a unit cannot count anything: «в возрасте от 1,5 до 7 лет»."""
    return figure.dimension == "count" and figure.base != figure.base.to_integral_value()


def _is_unclear(group: Group, total: Listed, parts: Sequence[Figure]) -> bool:
    """Tell whether parts exceed one of several like figures of the sentence before."""
    rivals = [one for one in group.totals if one.figure.sort == total.figure.sort and one is not total]
    is_before = total.sentence is not group.zone[0].sentence and group.trigger.endswith("words")
    return is_before and bool(rivals) and sum(part.base for part in parts) > total.figure.base


def hypotheses(total: Listed, group: Group) -> Iterator[tuple[Figure, ...]]:
    """Yield the sets of figures that may be the parts of a total."""
    zone = [one for one in group.zone if is_additive(one.figure) and is_same_kind(one.figure, total.figure)]
    yield tuple(one.figure for one in zone)
    yield tuple(one.figure for one in zone if not _is_coverage(total, one))
    yield core(total, group)
    yield from (tuple(one.figure for one in zone[:length]) for length in _endings(zone))
    yield tuple(one.figure for one in zone if one.figure.noun == total.figure.noun)
    for pick in (0, -1):
        items: dict[int, list[Figure]] = {}
        for one in zone:
            items.setdefault(one.item, []).append(one.figure)
        yield tuple(figures[pick] for figures in items.values())


def _endings(zone: Sequence[Listed]) -> Iterator[int]:
    """Yield how many figures stand before «а также» or a semicolon, where a list may end."""
    for length in range(2, len(zone)):
        last, following = zone[length - 1], zone[length]
        if last.sentence is not following.sentence:
            continue
        between = last.sentence.text[
            last.figure.end - last.sentence.start : following.figure.start - last.sentence.start
        ]
        if ";" in between or "а также" in between:
            yield length


def core(total: Listed, group: Group) -> tuple[Figure, ...]:
    """Return the figures that are surely meant as parts of a total."""
    zone = [one for one in group.zone if is_additive(one.figure) and is_same_kind(one.figure, total.figure)]
    zone = [one for one in zone if not _is_coverage(total, one) and not _is_plan(one)]
    zone = [one for one in zone if not _is_end(one)]
    if total.figure.dimension != "count":
        return _first_of_items(zone) if group.trigger == "bullets" else tuple(one.figure for one in zone)
    same = [one for one in zone if one.figure.sort == total.figure.sort or not one.figure.phrase.head_word]
    if len(same) >= 2 and len(same) >= len(zone) - 1:
        return _first_of_items(same) if group.trigger == "bullets" else tuple(one.figure for one in same)
    if not _is_kind_of(total, group) or (group.trigger == "bullets" and _tells(zone)):
        return ()
    return _first_of_items(zone) if group.trigger == "bullets" else tuple(one.figure for one in zone)


def _first_of_items(zone: Sequence[Listed]) -> tuple[Figure, ...]:
    items: dict[int, Figure] = {}
    for one in zone:
        items.setdefault(one.item, one.figure)
    return tuple(items.values())


def _tells(zone: Sequence[Listed]) -> bool:
    """Tell whether items of a list are deeds of their own rather than names with numbers."""
    return any(word.forms[0].pos in {"VERB", "PRTS"} for one in zone for word in one.sentence.words)


def _is_coverage(total: Listed, part: Listed) -> bool:
    """Tell whether a figure says where or for whom: «на 402 улицах»."""
    if part.figure.dimension != "count" or part.figure.sort == total.figure.sort:
        return False
    return bool(part.figure.phrase.head_word) and is_prepositional(part.sentence, part.figure)


def _is_end(part: Listed) -> bool:
    """Tell whether a figure is one end of a change: «уменьшилось на 455 (с 1 702 до 1 247)»."""
    lead = part.sentence.lead(part.figure)
    return bool(lead) and lead[-1].text.lower() in {"с", "со", "до"}


def _is_plan(part: Listed) -> bool:
    lead = part.sentence.lead(part.figure)
    is_rest = matches(lead[:2], lexicon.cues("balance", "rest"))
    return is_rest or (matches(lead[-3:], lexicon.cues("roles", "plan")) and matches(lead[-4:], UNDER))


def _is_kind_of(total: Listed, group: Group) -> bool:
    """Tell whether parts under other names may be meant: the total's noun is general, or words say so."""
    return total.figure.noun in lexicon.lemmas("general_nouns") or group.trigger.endswith("words")


def _severity(total: Figure, parts: Sequence[Figure], group: Group) -> Severity | None:
    gap = total.base - sum(part.base for part in parts)
    attributes = {lemma for part in parts for lemma in (*part.phrase.attributes, part.noun)}
    is_overlapping = bool(attributes & lexicon.lemmas("overlapping"))
    if -gap > total.base:
        return None
    if gap < 0:
        return Severity.WARNING if is_overlapping else Severity.ERROR
    share = gap / total.base if total.base else Decimal(1)
    if group.trigger.endswith("words") and share > Decimal("0.1") and _are_features(group):
        return Severity.WARNING
    limit = STRONG.get(group.trigger, WEAK)
    if share > limit or (is_overlapping and share > Decimal("0.1")):
        return None
    return Severity.ERROR


def _are_features(group: Group) -> bool:
    """Tell whether parts are told by what they have, which need not divide all: «с диабетом – 9»."""
    zone = [one for one in group.zone if is_additive(one.figure)]
    leads = [one.sentence.lead(one.figure) for one in zone[1:]]
    return bool(leads) and all(lead and lead[0].text.lower() in {"с", "со", "без"} for lead in leads)


def finding(text: Text, rule: str, severity: Severity, total: Figure, parts: Sequence[Figure]) -> Finding:
    """Return the finding that parts do not make up their total."""
    unit = total.unit.factor if total.unit else Decimal(1)
    scale = Decimal(10) ** total.scale * unit
    amount, stated = sum((part.base for part in parts), Decimal(0)) / scale, total.base / scale
    gap = abs(stated - amount)
    way = "short" if amount < stated else "excess"
    shown = " + ".join(plain(part.base / scale) for part in parts)
    code = rule if rule == "part_exceeds" else f"parts_{way}"
    messages = sentences(code, total=total.written, parts=shown, sum=amount, gap=gap)
    facts = {"total": str(stated), "sum": str(amount), "difference": str(gap), "way": way}
    spots = (text.spot_of(total), *(text.spot_of(part) for part in parts))
    return Finding("parts", severity, spots, messages, facts)
