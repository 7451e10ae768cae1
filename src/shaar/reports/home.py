"""The first page: what Shaar shows, the programmes with their progress, the newest report, and a search."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from shaar.access.api import public
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.periods import Period
from shaar.programme import api as programmes
from shaar.reports.editions import EditionView, FileView, edition

FOUND = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """How a programme stands in its last reported year."""

    programme: programmes.ProgrammeView
    year: int
    executed: Decimal
    total: Decimal
    counts: tuple[tuple[programmes.NodeView, int], ...]
    findings: int


@dataclass(frozen=True, slots=True)
class Card:
    """A programme on the first page, with its newest report."""

    standing: Standing
    edition: EditionView | None
    files: tuple[FileView, ...]


_kept: dict[str, list[Standing]] = {}  # at most one entry: how all stood when this process last looked


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the first page, with what the asked words find."""
    words = request.GET.get("q", "").strip()
    standings = _standings()
    context = {
        "cards": [_card(one) for one in standings],
        "query": words,
        "measures": _measures(standings, words) if words else [],
        "indicators": _indicators(words) if words else [],
        "indicator_count": len(indicators.passports()),
        "limit": FOUND,
    }
    return render(request, "reports/home.html", context)


def _standings() -> list[Standing]:
    """Return how every programme stands; gathered anew only when something may have changed."""
    state = indicators.state()
    if state is None:
        return [_standing(view) for view in programmes.programmes()]
    stamp = f"{state} {clock.today()}"  # a finding may be about a day that has passed
    if (kept := _kept.get(stamp)) is None:
        kept = [_standing(view) for view in programmes.programmes()]
        _kept.clear()
        _kept[stamp] = kept
    return kept


def _standing(view: programmes.ProgrammeView) -> Standing:
    year = _year(view)
    summary = programmes.progress(view.code, year=year)
    codes = programmes.indicator_codes(view.code, year=year)
    found = indicators.findings(codes, Period.year(year))
    is_stated = summary.stated_all is not None and summary.stated_executed is not None
    counts = programmes.measures(view.code, year=year)
    return Standing(
        programme=view,
        year=year,
        executed=summary.stated_executed or Decimal(0)
        if is_stated
        else Decimal(summary.counts.get("executed", 0)),
        total=summary.stated_all or Decimal(0) if is_stated else Decimal(summary.itemised),
        counts=tuple((node, sum(one.direction == node.number for one in counts)) for node in view.directions),
        findings=sum(one.outcome is indicators.Outcome.FINDING for one in found),
    )


def _card(standing: Standing) -> Card:
    held = edition(standing.programme.code, standing.year)
    return Card(standing, held, _files(held))


def _year(view: programmes.ProgrammeView) -> int:
    """Return the last year of which a source counts the measures, else the programme's first."""
    return max((one.year for one in view.stated_totals), default=view.first_year)


def _files(held: EditionView | None) -> tuple[FileView, ...]:
    if held is None:
        return ()
    wanted = (get_language() or "ru")[:2]
    language = wanted if wanted in held.languages else held.languages[0]
    return tuple(one for one in held.files if one.language == language)


def _measures(standings: list[Standing], words: str) -> list[tuple[str, int, programmes.MeasureView]]:
    return [
        (standing.programme.code, standing.year, one)
        for standing in standings
        for one in programmes.measures(standing.programme.code, year=standing.year)
        if _holds(words, one.text.ru, one.text.ky, one.text.en, one.number or "")
    ]


def _indicators(words: str) -> list[indicators.Passport]:
    return [
        one
        for one in indicators.passports()
        if _holds(words, one.name.ru, one.name.ky, one.name.en, one.row or "", one.code)
    ]


def _holds(words: str, *texts: str) -> bool:
    together = " ".join(texts).casefold()
    return all(word in together for word in words.casefold().split())
