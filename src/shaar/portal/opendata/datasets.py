"""The datasets, made of what the doors of other modules tell everybody."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period, PeriodKind
from shaar.kernel.texts import LANGUAGES
from shaar.maps import api as maps
from shaar.portal.news import queries as news
from shaar.portal.opendata.outcomes import Column, Dataset, Row, texts, told
from shaar.programme import api as programmes
from shaar.reports import api as reports


def _indicators() -> Iterator[Row]:
    for one in indicators.passports():
        note = one.note.ru if one.note else ""
        yield one.code, *told(one.name), one.section, one.measure, one.kind, one.owner, one.legal_basis, note


def _values(kind: PeriodKind) -> Iterator[Row]:
    known = {one.code: one for one in indicators.passports()}
    if not known:
        return
    table = indicators.table(by=["indicator", "period"], kind=kind, first=_first_day(), last=clock.today())
    for row in table:
        yield (
            row.indicator,
            str(row.period),
            row.number,
            row.upper,
            row.qualifier,
            row.state,
            known[row.indicator].measure,
            row.facts,
        )


def _by_year() -> Iterator[Row]:
    return _values(PeriodKind.YEAR)


def _by_month() -> Iterator[Row]:
    return _values(PeriodKind.MONTH)


def _first_day() -> date:
    """Return the first day of the earliest programme, that of this year where there is none."""
    years = [one.first_year for one in programmes.programmes()]
    return date(min([*years, clock.today().year]), 1, 1)


def _years() -> Iterator[tuple[programmes.ProgrammeView, int]]:
    for one in programmes.programmes():
        for year in range(one.first_year, min(one.last_year, clock.today().year) + 1):
            yield one, year


def _measures() -> Iterator[Row]:
    for programme, year in _years():
        for one in programmes.measures(programme.code, year=year):
            yield (
                programme.code,
                year,
                one.code,
                one.number or "",
                one.direction,
                *told(one.text),
                " ".join(one.responsible),
                one.period,
                one.stated_status or "",
                one.derived_status or "",
                one.is_cancelled,
            )


def _findings() -> Iterator[Row]:
    for programme, year in _years():
        codes = programmes.indicator_codes(programme.code, year=year)
        for one in indicators.findings(codes, Period.year(year)):
            if one.outcome is indicators.Outcome.FINDING:
                where = (programme.code, year, one.key, one.rule, one.severity)
                yield *where, str(one.period), " ".join(one.indicators), *told(one.message)


def _units() -> Iterator[Row]:
    for one in city.units(on=clock.today()):
        yield one.code, one.kind, one.parent or "", *told(one.name), one.valid_from, one.valid_to


def _districts() -> Iterator[Row]:
    for one in city.territories(on=clock.today()):
        yield (
            one.code,
            one.kind,
            one.parent or "",
            *told(one.name),
            one.is_approximate,
            one.valid_from,
            one.valid_to,
        )


def _shapes() -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "id": one.code,
            "geometry": one.geometry,
            "properties": {
                "code": one.code,
                "kind": one.kind,
                **{f"name_{code}": getattr(one.name, code) for code in LANGUAGES},
                "is_approximate": one.is_approximate,
            },
        }
        for one in city.territories(on=clock.today(), with_geometry=True)
        if one.geometry
    ]
    return {"type": "FeatureCollection", "features": features}


def _streets() -> Iterator[Row]:
    try:
        found = maps.places()
    except Refusal:
        return
    for one in found:
        west, south, east, north = (round(bound, 5) for bound in one.bounds)
        yield one.kind, one.name_ru, one.name_ky, one.length or None, west, south, east, north


def _editions() -> Iterator[Row]:
    for programme, year in _years():
        for one in reports.editions(programme.code, year):
            page = reverse("reports:edition", args=[programme.code, year, one.number])
            yield programme.code, year, one.number, one.published_at, " ".join(one.languages), _whole(page)


def _news() -> Iterator[Row]:
    for row in news.published().iterator(chunk_size=500):
        page = reverse("portal:article", args=[row.pk])
        yield (
            row.pk,
            row.kind,
            row.day,
            row.unit.code,
            " ".join(row.districts),
            *told(row.title),
            *told(row.body),
            row.published_at,
            _whole(page),
        )


def _whole(page: str) -> str:
    return f"{str(settings.SHAAR_PUBLIC_URL).rstrip('/')}{page}"


CODE = Column("code", pgettext_lazy("of a row", "Code"), is_key=True)
KIND = Column("kind", pgettext_lazy("of a row", "Kind"))
PROGRAMME = Column("programme", _("Code of the programme"), is_key=True)
YEAR = Column("year", _("Year"), "whole", is_key=True)
NAMES = texts("name", pgettext_lazy("of a row", "Name"))
VALID = (Column("valid_from", _("Valid from"), "day"), Column("valid_to", _("Valid until"), "day"))
ADDRESS = Column("url", _("Address of the page"))
VALUES = (
    Column("indicator", _("Code of the indicator"), is_key=True),
    Column("period", _("Period: 2022, or 2022-07 for a month"), is_key=True),
    Column("value", _("Value, of a range the lower bound; empty when disputed"), "number"),
    Column("upper", _("Upper bound of a range"), "number"),
    Column("qualifier", _("How it relates to the true one: exact, at_least, approximate, range, disputed")),
    Column("state", _("How far it is known: known, partial, disputed")),
    Column("measure", _("Code of the unit of measure")),
    Column("facts", _("How many facts it stands on"), "whole"),
)
OF_A_MEASURE = (
    PROGRAMME,
    YEAR,
    Column("measure", _("Code of the measure"), is_key=True),
    Column("number", _("Number in the plan")),
    Column("direction", _("Number of the direction"), "whole"),
    *texts("text", _("What is to be done")),
    Column("responsible", _("Codes of the responsible units")),
    Column("period", _("When")),
    Column("stated_status", _("Status that a source states")),
    Column("derived_status", _("Status that follows from the figures")),
    Column("is_cancelled", _("Whether it was cancelled"), "yes_no"),
)
OF_A_FINDING = (
    PROGRAMME,
    YEAR,
    Column("key", _("Key that stays the same"), is_key=True),
    Column("rule", _("Rule that found it")),
    Column("severity", _("How much it matters: error, warning, notice")),
    Column("period", _("Period that it speaks of")),
    Column("indicators", _("Codes of the indicators")),
    *texts("message", _("What was found")),
)
OF_A_STREET = (
    KIND,
    Column("name_ru", _("Name in Russian")),
    Column("name_ky", _("Name in Kyrgyz")),
    Column("length", _("Length in metres, where it is known"), "whole"),
    *(Column(one, _("Bounds in degrees of WGS 84"), "number") for one in ("west", "south", "east", "north")),
)


DATASETS: tuple[Dataset, ...] = (
    Dataset(
        "indicators",
        _("Indicators of the city"),
        _("What each indicator is: name, section, unit of measure, kind and owner."),
        (pgettext_lazy("keyword", "indicators"),),
        (
            CODE,
            *NAMES,
            Column("section", _("Code of the section")),
            Column("measure", _("Code of the unit of measure")),
            KIND,
            Column("owner", _("Code of the unit that answers for it")),
            Column("legal_basis", _("Legal basis")),
            Column("note_ru", _("Note, in Russian")),
        ),
        _indicators,
    ),
    Dataset(
        "indicator-values",
        _("Values of indicators by year"),
        _("Every value that is known of every indicator and year. What nobody reported has no row."),
        (pgettext_lazy("keyword", "indicators"), pgettext_lazy("keyword", "values")),
        VALUES,
        _by_year,
    ),
    Dataset(
        "indicator-months",
        _("Values of indicators by month"),
        _("Every value of a month that is known, summed from the facts of the ledger."),
        (pgettext_lazy("keyword", "indicators"), pgettext_lazy("keyword", "values")),
        VALUES,
        _by_month,
    ),
    Dataset(
        "measures",
        _("Measures of the programmes"),
        _("What the city undertakes to do, by programme and year, with the status of each measure."),
        (pgettext_lazy("keyword", "programme"), pgettext_lazy("keyword", "measures")),
        OF_A_MEASURE,
        _measures,
    ),
    Dataset(
        "findings",
        _("Findings about the data"),
        _("Where figures differ from one another or need an explanation."),
        (pgettext_lazy("keyword", "findings"),),
        OF_A_FINDING,
        _findings,
    ),
    Dataset(
        "units",
        _("Units of the city"),
        _("The city hall, its departments, district administrations, enterprises and institutions of today."),
        (pgettext_lazy("keyword", "units"),),
        (CODE, KIND, Column("parent", _("Code of what it belongs to")), *NAMES, *VALID),
        _units,
    ),
    Dataset(
        "districts",
        _("Districts and other territories"),
        _("The city, its districts and smaller territories of today, as a table and with their outlines."),
        (pgettext_lazy("keyword", "districts"), pgettext_lazy("keyword", "map")),
        (
            CODE,
            KIND,
            Column("parent", _("Code of what it belongs to")),
            *NAMES,
            Column("is_approximate", _("Whether its outline is approximate"), "yes_no"),
            *VALID,
        ),
        _districts,
        theme="REGI",
        shapes=_shapes,
    ),
    Dataset(
        "streets",
        _("Streets and places of the base map"),
        _("Named streets, neighbourhoods and villages of the base map with the bounds of each."),
        (pgettext_lazy("keyword", "streets"), pgettext_lazy("keyword", "map")),
        OF_A_STREET,
        _streets,
        theme="REGI",
        origin=maps.attribution,
    ),
    Dataset(
        "reports",
        _("Published annual reports"),
        _("The editions of annual reports, each with its page and files."),
        (pgettext_lazy("keyword", "reports"),),
        (
            PROGRAMME,
            YEAR,
            Column("edition", _("Number of the edition"), "whole", is_key=True),
            Column("published_at", _("Published"), "moment"),
            Column("languages", _("Languages")),
            ADDRESS,
        ),
        _editions,
    ),
    Dataset(
        "news",
        _("News and notices"),
        _("Published news and notices, texts as Markdown."),
        (pgettext_lazy("keyword", "news"),),
        (
            Column("number", pgettext_lazy("of a row", "Number"), "whole", is_key=True),
            KIND,
            Column("day", _("Day of the article"), "day"),
            Column("unit", _("Code of the unit")),
            Column("districts", _("Codes of the districts; none: the whole city")),
            *texts("title", pgettext_lazy("of an article", "Title")),
            *texts("body", pgettext_lazy("of a row", "Text")),
            Column("published_at", _("Published"), "moment"),
            ADDRESS,
        ),
        _news,
    ),
)
BY_CODE = {one.code: one for one in DATASETS}
