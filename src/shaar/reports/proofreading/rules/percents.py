"""Percents agree with the figures they compare, to the precision in which they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import permutations

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.comparing import (
    BY,
    DOWN,
    EXECUTION,
    SHARE,
    Pair,
    Scope,
    all_near,
    cued,
    expected,
    fits,
    is_base,
    is_difference,
    is_linked,
    is_opposed,
    is_standalone,
    ordered,
    pairs,
    percent_kind,
    scopes,
    window,
)
from shaar.reports.proofreading.digits import is_power_of_ten
from shaar.reports.proofreading.figures import Figure
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.relations import is_additive, is_equal_sum, is_inner, is_same_kind
from shaar.reports.proofreading.rules.respective import fits_row
from shaar.reports.proofreading.text import Sentence, Text, matches

MEASURES = frozenset({"length", "area", "volume", "mass"})
WILD = Decimal(5)
ALMOST = Decimal("1.01")
NEXT = 12
FARTHEST, FULL = 12, Decimal(100)
FULLY = frozenset({"со", "с", "до", "к", "от", "из", "в"})
CLAIMS = frozenset({"percent", "percent_point", "times"})


def find(text: Text) -> Iterator[Finding]:
    """Yield percents that no pair of figures near them gives, where the pair meant is clear."""
    for scope in scopes(text):
        for figure in scope.sentence.quantities:
            if figure.dimension == "percent" and figure.is_exact:
                yield from _judge(text, scope, figure)


def _judge(text: Text, scope: Scope, figure: Figure) -> Iterator[Finding]:
    kind = percent_kind(scope.sentence, figure)
    if not kind:
        return
    near = all_near(scope, figure)
    fitting = [pair for pair in pairs(near) if any(fits(figure, bounds) for bounds in expected(kind, pair))]
    swapped = _of_the_new(near, fitting, kind)
    if swapped is not None and not any(fits(figure, bounds) for bounds in expected(SHARE, swapped)):
        text.checked += 1
        yield _finding(text, figure, swapped, list(expected(SHARE, swapped)), Severity.ERROR)
    elif fitting or _is_of_times(scope.sentence, figure, kind):
        text.checked += 1
    else:
        yield from _judge_unfitting(text, scope, figure, kind)


def _is_of_times(sentence: Sentence, figure: Figure, kind: str) -> bool:
    """Tell whether two figures that are not summed give a percent: «с 7,5 до 6,0 часа – на 20 %»."""
    found = [one for one in sentence.quantities if one.is_exact and not is_additive(one)]
    told = [one for one in found if one.dimension not in CLAIMS]
    return any(fits(figure, bounds) for pair in pairs(told) for bounds in expected(kind, pair))


def _judge_unfitting(text: Text, scope: Scope, figure: Figure, kind: str) -> Iterator[Finding]:
    """Judge a percent that no figures near it give; «охват – 100 %» speaks of all there are."""
    if kind == SHARE and figure.base == FULL and figure.step == 1:
        return
    if (
        _is_of_farther(text, scope, figure, kind)
        or _is_apart(scope, figure)
        or fits_row(scope.sentence, figure)
    ):
        return
    pair = _planned(text, scope, figure, kind)
    pair = pair or clear_pair(scope, figure, kind) or _grown(scope, figure, kind)
    meant = list(expected(kind, pair)) if pair else []
    if pair is None:
        pair, meant = _risen(scope, figure, kind)
    if pair is None:
        yield from _other_unit(text, scope, figure, kind)
    elif not _is_of_another(scope, figure, kind, pair):
        text.checked += 1
        is_right = any(fits(figure, bounds) for bounds in meant)
        if not is_right and not _is_wild(figure, meant) and not _is_respective(scope, pair):
            is_near = any(fits(figure, bounds, slack=ALMOST) for bounds in meant)
            severity = Severity.WARNING if is_near else Severity.ERROR
            yield _finding(text, figure, pair, meant, severity)


def _is_of_farther(text: Text, scope: Scope, figure: Figure, kind: str) -> bool:
    """Tell whether a figure farther up gives a percent, with one of the sentence or of those."""
    if kind not in {SHARE, EXECUTION} and figure.step >= 1:
        return False
    own = [one for one in scope.sentence.quantities if is_additive(one)]
    above = _above(text, scope.sentence, scope.sentence.passage)
    found = [(part, whole) for part in own for whole in above]
    if not matches(scope.sentence.words, lexicon.cues("parts", "certain")):
        last = [one for one in own if one.stop <= figure.start][-1:] or own[:1]
        found += [pair for pair in _together(own) if pair[0] in last]
    found += [*((part, both) for part in own for _, both in _together(above))]
    if figure.step < 1:
        found += permutations(above[-FARTHEST:], 2)
        found += [(part, whole) for part in own for whole in _above(text, scope.sentence, figure.passage - 1)]
    found += [(part, whole) for part in own for whole in _below(text, scope.sentence)]
    if figure.step < 1 and len(own) < 2:
        found += [pair for part in own for whole in text.figures for pair in ((part, whole), (whole, part))]
    return any(
        fits(figure, bounds)
        for part, whole in found
        if part is not whole and is_additive(whole) and is_same_kind(part, whole) and whole.base > 0
        for bounds in expected(kind, (part, whole))
    )


def _above(text: Text, sentence: Sentence, passage: int) -> list[Figure]:
    """Return the figures of a passage that stand above a sentence."""
    if passage < 0 or text.passages[passage].cell is not None:
        return []
    above = [
        each for each in text.of_passage(passage) if passage < sentence.passage or each.end <= sentence.start
    ]
    return [one for each in above for one in each.quantities if is_additive(one)]


def _below(text: Text, sentence: Sentence) -> list[Figure]:
    """Return the figures of the sentence after: «…, или 38,4 % бюджета. Весь бюджет – 6 458 млн»."""
    after = [each for each in text.of_passage(sentence.passage) if each.start >= sentence.end][:1]
    return [one for each in after for one in each.quantities if is_additive(one)]


def _together(found: Sequence[Figure]) -> Iterator[Pair]:
    """Yield figures with what they and those beside them make: «4 029, из посёлков – 221 (5,2 %)»."""
    for size in (2, 3):
        for at in range(len(found) - size + 1):
            some = found[at : at + size]
            if all(is_same_kind(one, some[0]) for one in some):
                amount = sum((one.base for one in some), Decimal(0))
                both = replace(some[0], value=amount / some[0].factor)
                yield from ((one, both) for one in some)


def _is_apart(scope: Scope, figure: Figure) -> bool:
    """Tell whether a percent has a sentence to itself after figures that were compared already."""
    before = scope.before
    if before is None or any(is_additive(one) for one in scope.sentence.quantities):
        return figure.base == FULL and _is_led_by(scope.sentence, figure, FULLY)
    if _is_of_earlier(scope.sentence, before):
        return True
    if cued(scope.sentence.words, "named_share"):
        return figure.base == FULL and _is_led_by(scope.sentence, figure, FULLY)
    found = [one for one in before.quantities if is_additive(one)]
    claims = [one for one in before.quantities if one.dimension in CLAIMS or is_difference(before, one)]
    sums = [
        one
        for one in found
        if len(found) > 2 and is_equal_sum(one, [each for each in found if each is not one])
    ]
    is_new = cued(scope.sentence.words[:1], "fullness") or cued(scope.sentence.words, "growth")
    return bool(claims or sums) and is_new


def _is_of_earlier(sentence: Sentence, before: Sentence) -> bool:
    """Tell whether a sentence speaks of an earlier year: «В 2023 году сбор составлял 96 %»."""
    years = sentence.years - before.years
    return bool(years) and (not before.years or max(years) < max(before.years))


def _is_led_by(sentence: Sentence, figure: Figure, found: frozenset[str]) -> bool:
    lead = sentence.lead(figure)
    return bool(lead) and lead[-1].text.lower() in found


def _planned(text: Text, scope: Scope, figure: Figure, kind: str) -> Pair | None:
    """Return the only figure of a sentence with the only plan of its kind farther up in the passage."""
    own = [one for one in scope.sentence.quantities if is_additive(one) and one.start < figure.start]
    if kind != EXECUTION or len(own) != 1:
        return None
    plans = [
        one
        for each in text.of_passage(scope.sentence.passage)
        if each.start < scope.sentence.start
        for one in each.quantities
        if is_additive(one)
        and is_same_kind(one, own[0])
        and (one.dimension != "count" or one.sort == own[0].sort)
    ]
    before = [
        one for one in plans if cued(text.sentence_of(one).lead(one), "plan") or _is_foreseen(text, one)
    ]
    return (own[0], before[0]) if len(before) == len(plans) == 1 else None


def _is_foreseen(text: Text, figure: Figure) -> bool:
    sentence = text.sentence_of(figure)
    return cued([word for word in sentence.words if word.start < figure.start], "plan")


def _is_of_another(scope: Scope, figure: Figure, kind: str, pair: Pair) -> bool:
    """Tell whether the sentence says that a percent is not about two figures, though they stand near."""
    sentence = scope.sentence
    whole = scope.before if scope.before is not None and pair[1].start < sentence.start else sentence
    if kind == SHARE and whole is not sentence and _is_of_other_things(sentence, figure, whole, pair):
        return True
    if kind == SHARE and (is_standalone(sentence, figure) or is_opposed(sentence, figure, whole, pair[1])):
        return True
    between = [
        sentence.text[figure.stop - sentence.start : max(0, one.start - sentence.start)] for one in pair
    ]
    is_cut = any(";" in each for each in between) and not any(is_base(sentence, one) for one in pair)
    return (kind in {BY, DOWN} and is_cut) or not is_linked(sentence, figure, pair)


def _is_of_other_things(sentence: Sentence, figure: Figure, other: Sentence, pair: Pair) -> bool:
    """Tell whether a percent names what it is of, and the sentence before does not: «охватил 71 % дворов»."""
    tail = [word for word in sentence.words if word.start >= figure.end][:2]
    named = [word for word in tail if word.is_a("NOUN") and word.start - figure.end < NEXT]
    known = {word.lemma for word in other.words} | {one.noun for one in pair}
    own = any(one.start >= sentence.start and one.end <= sentence.end and is_additive(one) for one in pair)
    return bool(named) and not own and all(word.lemma not in known for word in named)


def _of_the_new(near: Sequence[Figure], fitting: Sequence[Pair], kind: str) -> Pair | None:
    """Return step and old value where a percent of growth was reckoned from the new value instead."""
    if kind not in {BY, DOWN} or len(fitting) != 1:
        return None
    step, new = fitting[0]
    sign = -1 if kind == BY else 1
    for old in near:
        room = (step.base_step + new.base_step + old.base_step) / 2
        is_told = old is not new and old is not step and is_same_kind(old, new)
        if is_told and old.base > 0 and abs(new.base + sign * step.base - old.base) <= room:
            return step, old
    return None


def _other_unit(text: Text, scope: Scope, figure: Figure, kind: str) -> Iterator[Finding]:
    """Yield a figure whose number, but not its unit, fits: «3 120 км, или 12,6 % площади»."""
    last = [each for each in scope.sentence.quantities if each.stop <= figure.start][-1:]
    if kind != SHARE or not last or not is_additive(last[0]):
        return
    part = last[0]
    for whole in all_near(scope, figure):
        units = {part.dimension, whole.dimension}
        if len(units) == 2 and units <= MEASURES and _is_percent_of(figure, part, whole):
            text.checked += 1
            written = text.spot_of(part)
            facts = {"expected": whole.dimension, "found": part.dimension}
            code = f"unit_{whole.dimension}"
            yield Finding("unit", Severity.ERROR, (written,), sentences(code, written=written.quote), facts)
            return


def _is_percent_of(figure: Figure, part: Figure, whole: Figure) -> bool:
    if not part.value or not whole.value or not part.value < whole.value:
        return False
    return abs(part.value / whole.value * 100 - figure.base) <= figure.step / 2


def _is_wild(figure: Figure, meant: Sequence[tuple[Decimal, Decimal]]) -> bool:
    """Tell whether a percent is so far from what figures give that it must be about others."""
    middles = [round((low + high) / 2, 4) for low, high in meant]
    if any(middle > 0 and is_power_of_ten(figure.base / middle) for middle in middles):
        return False
    return all(low > figure.base * WILD or high * WILD < figure.base for low, high in meant)


def _is_respective(scope: Scope, pair: Pair) -> bool:
    """Tell whether two figures belong to two things said before: «соответственно 71,0 и 48,8 км»."""
    before = scope.before
    if before is None or any(each.start >= scope.sentence.start for each in pair):
        return False
    return any(word.lemma == "соответственно" for word in before.words)


def clear_pair(scope: Scope, figure: Figure, kind: str) -> Pair | None:
    """Return the two figures that a percent compares, where nothing else can be meant."""
    sentence = scope.sentence
    near = _without_asides(sentence, figure, window(scope, figure))
    if kind != SHARE or len(near) != 2:
        near = [each for each in near if not is_difference(sentence, each)]
    if (
        len(near) < 2
        and len(_percents(sentence)) > 1
        and matches(sentence.words, lexicon.cues("parts", "certain"))
    ):
        first = next((each for each in sentence.quantities if is_additive(each)), None)
        near = [first, *near] if first is not None and first not in near else near
    if len(near) < 2 and scope.before is not None:
        near = [*_mains(scope.before, near), *near]
    families: dict[tuple[str, str], list[Figure]] = {}
    for each in near:
        families.setdefault((each.dimension, each.sort if each.dimension == "count" else ""), []).append(each)
    twos = [family for family in families.values() if len(family) == 2]
    if not twos and len(near) == 2 and near[0].dimension == near[1].dimension:
        is_full = cued(sentence.lead(figure)[-2:], "fullness") or not all(each.sort for each in near)
        is_full = is_full or matches(sentence.words, lexicon.cues("parts", "certain"))
        twos = [near] if is_full or any(_is_whole(sentence, each) for each in near) else []
    if len(twos) != 1:
        return None
    return _arranged(scope, figure, twos[0], kind)


def _share(sentence: Sentence, figure: Figure, two: Sequence[Figure]) -> Pair | None:
    """Return part and whole: the whole is said first, or after «из», or both follow the percent."""
    part, whole = sorted(two, key=lambda each: each.base)
    is_first = (whole.passage, whole.start) < (part.passage, part.start)
    is_after = part.start > figure.end and whole.start > figure.end and len(_percents(sentence)) == 1
    is_last = part.start < figure.start and _is_bracketed(sentence, figure, whole)
    return (part, whole) if is_first or is_after or is_last or _is_whole(sentence, whole) else None


def _is_bracketed(sentence: Sentence, figure: Figure, whole: Figure) -> bool:
    """Tell whether a whole stands in brackets after a percent: «41 % населения (215 244 человека)»."""
    between = sentence.text[figure.stop - sentence.start : max(0, whole.start - sentence.start)].rstrip()
    named = between[:-1].strip() or figure.phrase.head_word
    return len(_percents(sentence)) == 1 and between.endswith("(") and named.isalpha()


def _grown(scope: Scope, figure: Figure, kind: str) -> Pair | None:
    """Return the difference and what it is added to: «4 210, доходы выросли на 602,6, или на 14,3 %»."""
    near = window(scope, figure)
    steps = [each for each in near if is_difference(scope.sentence, each)]
    bases = [each for each in near if is_base(scope.sentence, each) and each not in steps]
    if kind not in {BY, DOWN} or len(near) != 2 or len(steps) != 1 or len(bases) != 1:
        return None
    return (steps[0], bases[0]) if steps[0].dimension == bases[0].dimension and bases[0].base > 0 else None


def _risen(scope: Scope, figure: Figure, kind: str) -> tuple[Pair | None, list[tuple[Decimal, Decimal]]]:
    """Return a value with its step, and the percents they give: «1 030 семей, на 130 больше, или на 14 %»."""
    near = window(scope, figure)
    steps = [each for each in near if is_difference(scope.sentence, each)]
    others = [each for each in near if each not in steps]
    if (
        kind not in {BY, DOWN}
        or len(steps) != 1
        or len(others) != 1
        or steps[0].dimension != others[0].dimension
    ):
        return None, []
    step, value = steps[0], others[0]
    before = value.base - step.base if kind == BY else value.base + step.base
    if before <= 0 or is_base(scope.sentence, value):
        return None, []
    room = (step.base_step + value.base_step) / before * 100
    middle = step.base / before * 100
    return (step, value), [(middle - room, middle + room)]


def _percents(sentence: Sentence) -> list[Figure]:
    return [each for each in sentence.quantities if each.dimension == "percent"]


def _mains(before: Sentence, near: list[Figure]) -> list[Figure]:
    """Return the first figure of the sentence before that is like the one at hand, else all of them."""
    found = [each for each in before.quantities if is_additive(each) and not is_difference(before, each)]
    if not near:
        return found
    alike = [
        each
        for each in found
        if each.dimension == near[0].dimension and (each.sort == near[0].sort or not near[0].sort)
    ]
    return alike[:1]


def _without_asides(sentence: Sentence, figure: Figure, near: Sequence[Figure]) -> list[Figure]:
    """Leave out other dimensions and what stands in brackets, where enough is left."""
    last = [
        each
        for each in near
        if sentence.start <= each.start < figure.start and each.passage == figure.passage
    ]
    alike = [each for each in near if last and is_same_kind(each, last[-1])]
    near = alike if len(alike) >= 2 else near
    outside = [each for each in near if not is_inner(sentence, each)]
    return outside if len(outside) >= 2 and not is_inner(sentence, figure) else list(near)


def _is_whole(sentence: Sentence, figure: Figure) -> bool:
    """Tell whether «из» or «от» stands right before a figure."""
    before = sentence.text[: max(0, figure.start - sentence.start)].rstrip().lower()
    return before.endswith((" из", " от", " среди", "из общего числа", "от общего числа")) or before in {
        "из",
        "от",
        "среди",
    }


def _arranged(scope: Scope, figure: Figure, two: Sequence[Figure], kind: str) -> Pair | None:
    first, second = two
    if first.base <= 0 or second.base <= 0:
        return None
    told = ordered(scope.sentence, two)
    if told is not None:
        return told
    if kind == SHARE:
        return _share(scope.sentence, figure, two)
    if kind in {BY, DOWN}:
        larger, smaller = (first, second) if first.base >= second.base else (second, first)
        return (larger, smaller) if kind == BY else (smaller, larger)
    return (first, second) if kind == EXECUTION else None


def _finding(
    text: Text, figure: Figure, pair: Pair, meant: list[tuple[Decimal, Decimal]], severity: Severity
) -> Finding:
    digits = max(0, -int(figure.step.as_tuple().exponent))
    middle = min(((low + high) / 2 for low, high in meant), key=lambda value: abs(value - figure.base))
    right = round(middle, digits)
    first, second = pair
    messages = sentences(
        "percent", stated=plain(figure.base), right=right, first=first.written, second=second.written
    )
    facts = {"stated": str(figure.base), "right": str(right)}
    spots = (text.spot_of(figure), text.spot_of(first), text.spot_of(second))
    return Finding("percent", severity, spots, messages, facts)
