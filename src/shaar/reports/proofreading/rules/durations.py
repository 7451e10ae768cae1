"""Durations agree with their dates: «за пять лет, с 2019 по 2023 год», «открыта в 1954 году … 70 лет»."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shaar.reports.proofreading import lexicon
from shaar.reports.proofreading.findings import Finding, Severity
from shaar.reports.proofreading.language import months
from shaar.reports.proofreading.messages import plain, sentences
from shaar.reports.proofreading.text import Sentence, Text

YEAR = r"((?:19|20)\d\d)"
SPAN = re.compile(
    rf"(?:\bс\s+{YEAR}(?:\s+г\w*\.?)?\s+по\s+{YEAR}|\b{YEAR}\s?[-–—]\s?{YEAR})(?!\d)", re.IGNORECASE
)
IN_YEAR = re.compile(rf"\b(?:в|во)\s+{YEAR}\s+году", re.IGNORECASE)
MONTH = "|".join(sorted((name for name in months() if len(name) > 2), key=len, reverse=True))
DAYS = re.compile(rf"\bс\s+(\d{{1,2}})(?:\s+({MONTH}))?\s+по\s+(\d{{1,2}})\s+({MONTH})\b", re.IGNORECASE)
DATED = re.compile(
    rf"(?:\bс|\bначат\w*|\bначал\w*|\bстартовал\w*)\s+(\d{{1,2}})\s+({MONTH})(?:\s+{YEAR})?(?:\s+г\w*\.?)?"
    rf"\s*,?\s+(?:по|и\s+(?:заверш|законч|оконч|сдан|введен|введён)\w*)\s+(\d{{1,2}})\s+({MONTH})\s+{YEAR}",
    re.IGNORECASE,
)
ADJECTIVE = re.compile(
    rf"\b({'|'.join(lexicon.year_adjectives())})летн\w+\s+(?:\w+\s+){{0,2}}$", re.IGNORECASE
)
JUBILEE = re.compile(r"\b(\d{1,3})-лети\w+")
WORD = re.compile(r"[^\W\d_]+")
BETWEEN = frozenset(lexicon.phrases("duration", "between"))
NEAR = 40


@dataclass(frozen=True, slots=True)
class Duration:
    """A number of years, months or days, with the dates it may be the distance of."""

    start: int
    end: int
    value: Decimal
    unit: str


def find(text: Text) -> Iterator[Finding]:
    """Yield durations that are not the distance of the dates beside them."""
    for sentence in text.sentences:
        if text.passages[sentence.passage].cell is not None or not any(map(str.isdigit, sentence.text)):
            continue
        yield from _spans(text, sentence)
        yield from _anniversaries(text, sentence)


def _spans(text: Text, sentence: Sentence) -> Iterator[Finding]:
    found = list(_durations(sentence))
    for match in SPAN.finditer(sentence.text):
        first, last = (int(year) for year in match.groups() if year)
        near = [one for one in found if one.unit == "year" and _is_beside(sentence.text, one, match)]
        yield from _judge(text, sentence, match, near, {last - first, last - first + 1}, last - first + 1)
    for match in DATED.finditer(sentence.text):
        for unit, right, allowed in _of_dates(match):
            near = [one for one in found if one.unit == unit and _is_beside(sentence.text, one, match)]
            yield from _judge(text, sentence, match, near, allowed, right)
    if DATED.search(sentence.text):
        return
    for match in DAYS.finditer(sentence.text):
        for unit, right, allowed in _of_days(match):
            near = [one for one in found if one.unit == unit and _is_beside(sentence.text, one, match)]
            yield from _judge(text, sentence, match, near, allowed, right)


def _of_dates(match: re.Match[str]) -> Iterator[tuple[str, int, set[int]]]:
    """Yield unit, number and what else may be written for two days with their years."""
    last_year = int(match[6])
    days, numbers = (int(match[1]), int(match[4])), (months()[match[2].lower()], months()[match[5].lower()])
    try:
        first = date(int(match[3] or last_year), numbers[0], days[0])
        last = date(last_year, numbers[1], days[1])
    except ValueError:
        return
    if last <= first:
        return
    gap = (last - first).days
    yield "day", gap + 1, {gap, gap + 1}
    following = last + timedelta(days=1)
    exact = (following.year - first.year) * 12 + following.month - first.month
    whole = exact if following.day >= first.day else exact - 1
    is_exact = following.day == first.day
    yield "month", whole, {whole} if is_exact else {whole, whole + 1}
    years = whole // 12
    yield "year", years, {years} if is_exact and whole % 12 == 0 else {years, years + 1}


def _of_days(match: re.Match[str]) -> Iterator[tuple[str, int, set[int]]]:
    """Yield unit, number and what else may be written for dates of one year."""
    first, last = months()[(match[2] or match[4]).lower()], months()[match[4].lower()]
    if last < first:
        return
    whole = last - first + 1
    yield "month", whole, {whole, whole - 1}
    if first == last:
        days = int(match[3]) - int(match[1])
        yield "day", days + 1, {days, days + 1}


def _durations(sentence: Sentence) -> Iterator[Duration]:
    for figure in sentence.quantities:
        unit = figure.dimension.partition(".")[2]
        if figure.is_exact and figure.value is not None and unit in {"year", "month", "day"}:
            yield Duration(figure.start - sentence.start, figure.stop - sentence.start, figure.value, unit)


def _is_beside(body: str, one: Duration, match: re.Match[str]) -> bool:
    """Tell whether only words of time stand between a duration and dates."""
    low, high = (one.end, match.start()) if one.end <= match.start() else (match.end(), one.start)
    between = body[low:high]
    if low > high or len(between) > NEAR or any(sign in between for sign in ";:.") or _is_other(body, one):
        return False
    return all(word.lower() in BETWEEN for word in WORD.findall(between))


def _is_other(body: str, one: Duration) -> bool:
    before = body[max(0, one.start - 16) : one.start].lower()
    return any(stem in before for stem in lexicon.phrases("duration", "others"))


def _judge(
    text: Text,
    sentence: Sentence,
    match: re.Match[str],
    near: list[Duration],
    allowed: set[int],
    right: int,
) -> Iterator[Finding]:
    for one in near:
        text.checked += 1
        if one.value not in {Decimal(number) for number in allowed}:
            yield _finding(text, sentence, one, match[0], Decimal(right))
    told = ADJECTIVE.search(sentence.text[: match.start()])
    if told and match.re is SPAN:
        text.checked += 1
        value = lexicon.year_adjectives()[told[1].lower()]
        if value not in allowed:
            one = Duration(told.start(), told.start() + len(told[0].split()[0]), Decimal(value), "year")
            yield _finding(text, sentence, one, match[0], Decimal(right))


def _anniversaries(text: Text, sentence: Sentence) -> Iterator[Finding]:
    """Judge what was founded in one year and came of age, or began and ended, in another."""
    body, years = sentence.text.lower(), list(IN_YEAR.finditer(sentence.text))
    if len(years) != 2:
        return
    first, last = sorted(int(match[1]) for match in years)
    ages = [one for one in (*_durations(sentence), *_jubilees(sentence.text)) if one.unit == "year"]
    is_born = _told(body, "founded") and _told(body, "anniversary")
    is_done = _told(body, "begun") and _told(body, "ended")
    if len(ages) != 1 or not (is_born or is_done) or first == last:
        return
    text.checked += 1
    allowed = {last - first} if is_born else {last - first, last - first + 1}
    if ages[0].value not in {Decimal(number) for number in allowed}:
        yield _finding(text, sentence, ages[0], f"{first} – {last}", Decimal(last - first))


def _told(body: str, name: str) -> bool:
    return any(stem in body for stem in lexicon.phrases("duration", name))


def _jubilees(body: str) -> Iterator[Duration]:
    for match in JUBILEE.finditer(body):
        yield Duration(match.start(), match.end(), Decimal(match[1]), "year")


def _finding(text: Text, sentence: Sentence, one: Duration, span: str, right: Decimal) -> Finding:
    spot = text.spot(sentence.passage, sentence.start + one.start, sentence.start + one.end)
    words = sentences("duration", stated=spot.quote, span=span.strip(), right=right)
    return Finding("duration", Severity.ERROR, (spot,), words, {"right": plain(right)})
