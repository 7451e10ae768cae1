"""The first page: what a citizen may want to do, how the programmes stand, the newest report and news."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from shaar.access.api import public
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.periods import Period
from shaar.kernel.texts import Text
from shaar.portal.news import queries, views
from shaar.portal.pack import Words, kept_words
from shaar.programme import api as programmes
from shaar.reports import api as reports

NEWEST = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """How a programme stands in its last reported year."""

    programme: programmes.ProgrammeView
    year: int
    executed: Decimal
    total: Decimal
    counts: tuple[tuple[programmes.NodeView, int], ...]
    findings: int

    @property
    def named(self) -> int:
        """How many measures are named here; a source can count more than it names."""
        return sum(number for _node, number in self.counts)


@dataclass(frozen=True, slots=True)
class Card:
    """A programme on the first page, with its newest report."""

    standing: Standing
    edition: reports.EditionView | None
    files: tuple[reports.FileView, ...]

    @property
    def address(self) -> str:
        """Return the programme's page for its year."""
        return (
            f"{reverse('programme:programme', args=[self.standing.programme.code])}?year={self.standing.year}"
        )

    @property
    def trace(self) -> str:
        """Return where it is shown how the number of executed measures comes about."""
        return f"{self.address}#progress"

    @property
    def indicators(self) -> str:
        """Return the page of indicators for the year."""
        return f"{reverse('indicators:index')}?period={self.standing.year}"

    @property
    def findings(self) -> str:
        """Return the page of the programme's findings."""
        asked = f"programme={self.standing.programme.code}&year={self.standing.year}"
        return f"{reverse('indicators:findings')}?{asked}"

    @property
    def report(self) -> str:
        """Return the page of the year's report."""
        return reverse("reports:report", args=[self.standing.programme.code, self.standing.year])


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task of a citizen with the address where it is done."""

    url: str
    title: Text
    about: Text


_kept: dict[str, list[Standing]] = {}  # at most one entry: how all stood when this process last looked


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the first page."""
    words, standings = kept_words(), _standings()
    context = {
        "words": words,
        "tasks": _tasks(words, standings),
        "cards": [_card(one) for one in standings],
        "indicator_count": len(indicators.passports()),
        "news": views.rows(list(queries.published()[:NEWEST])),
    }
    return render(request, "portal/home.html", context)


def _tasks(words: Words, standings: list[Standing]) -> list[TaskCard]:
    return [
        TaskCard(url, one.title, one.about) for one in words.tasks if (url := _address(one.page, standings))
    ]


def _address(page: str, standings: list[Standing]) -> str:
    """Return where a task is done, an empty text while there is nothing to show there."""
    simple = {
        "indicators": "indicators:index",
        "map": "maps:map",
        "findings": "indicators:findings",
        "search": "search:search",
        "news": "portal:news",
        "contacts": "portal:contacts",
    }
    if page in simple:
        return reverse(simple[page])
    if not standings:
        return ""
    code, year = standings[0].programme.code, standings[0].year
    match page:
        case "report":
            return reverse("reports:report", kwargs={"programme": code, "year": year})
        case "measures":
            return f"{reverse('programme:measures', args=[code])}?year={year}"
        case _:
            return f"{reverse('programme:programme', args=[code])}?year={year}"


def _standings() -> list[Standing]:
    """Return how every programme stands; gathered anew only when something may have changed."""
    state = indicators.state()
    if state is None:
        return [_standing(view) for view in _leading()]
    stamp = f"{state} {clock.today()}"  # a finding may be about a day that has passed
    if (kept := _kept.get(stamp)) is None:
        kept = [_standing(view) for view in _leading()]
        _kept.clear()
        _kept[stamp] = kept
    return kept


def _leading() -> list[programmes.ProgrammeView]:
    """Return the programmes of which a source counts the measures, else the one with most of them."""
    every = programmes.programmes()
    return [one for one in every if one.stated_totals] or every[:1]


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
    held = reports.edition(standing.programme.code, standing.year)
    return Card(standing, held, _files(held))


def _year(view: programmes.ProgrammeView) -> int:
    """Return the last year of which a source counts the measures, else the programme's first."""
    return max((one.year for one in view.stated_totals), default=view.first_year)


def _files(held: reports.EditionView | None) -> tuple[reports.FileView, ...]:
    if held is None:
        return ()
    wanted = (get_language() or "ru")[:2]
    language = wanted if wanted in held.languages else held.languages[0]
    return tuple(one for one in held.files if one.language == language)
