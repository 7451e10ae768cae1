"""Pages of indicators, figures and findings, and their downloads; all but the answering are public."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shaar.access.api import actor_of, can, public, requires
from shaar.indicators import documents, doors, drawings, frozen, listing, pages
from shaar.indicators.catalogue import Catalogue, catalogue
from shaar.indicators.labels import (
    DIMENSIONS,
    KINDS,
    OUTCOMES,
    QUALIFIERS,
    ROLES,
    RULES,
    SEVERITIES,
    STATES,
)
from shaar.indicators.outcomes import Finding, Outcome, Trace
from shaar.indicators.passports import Passport
from shaar.indicators.permissions import ANSWER
from shaar.indicators.reckoning import Scope
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity

LABELS = {"states": STATES, "rules": RULES, "severities": SEVERITIES, "outcomes": OUTCOMES}
LONGEST_NUMBER = 9
BYTE_ORDER_MARK = "\ufeff"


# Indicators -------------------------------------------------------------------------------------------------
@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show every indicator by section with its value."""
    known = catalogue()
    period, query, section = _asked(request)
    found = pages.headings(known, period, query=query, section=section)
    table = listing.index_table(found, period, request=request)
    if table.wants_file:
        return table.file()
    return render(
        request,
        "indicators/index.html",
        {
            **LABELS,
            "table": table,
            "count": table.count,
            "sections": [(one.code, one.name, one.code == section) for one in known.sections.values()],
            "period": period,
            "query": query,
            "asked": request.GET.urlencode(),
        },
    )


@public
@require_safe
def index_csv(request: HttpRequest) -> HttpResponse:
    """Give the list of indicators with their values as CSV."""
    head = [
        "code",
        "row",
        "section",
        "name",
        "period",
        "value",
        "upper",
        "qualifier",
        "as_written",
        "measure",
        "state",
    ]
    rows = [
        [
            line.passport.code,
            line.passport.row,
            line.passport.section,
            line.passport.name.of(get_language() or "ru"),
            str(line.value.period),
            *_plain(line.value.quantity),
            line.value.measure,
            str(line.value.state),
        ]
        for line in _lines(request)
    ]
    return _csv("indicators.csv", head, rows)


@public
@require_safe
def index_json(request: HttpRequest) -> HttpResponse:
    """Give the list of indicators with their passports and values as JSON."""
    listed = [
        {**documents.of_passport(line.passport), "value": documents.of_value(line.value)}
        for line in _lines(request)
    ]
    return _json({"schema": "shaar.indicators/1", "indicators": listed})


@public
@require_safe
def indicator(request: HttpRequest, *, code: str) -> HttpResponse:
    """Show one indicator: passport, trend, plan, breakdowns."""
    known = catalogue()
    period = pages.asked_period(request.GET.get("period", ""))
    page = pages.indicator_page(known, code, period)
    passport = page.line.passport
    return render(
        request,
        "indicators/indicator.html",
        {
            **LABELS,
            "page": page,
            "passport": passport,
            "period": period,
            "summary": _summary(passport, known),
            "charts": drawings.charts(page, get_language() or "ru", pages.middles(page, period)),
            "parts_title": _("Of which"),
            "operands_title": _("Reckoned from"),
            "breakdowns": [(_dimension(known, one.by), one) for one in page.breakdowns],
        },
    )


# Figures ----------------------------------------------------------------------------------------------------
@public
@require_safe
def figure(request: HttpRequest, *, code: str, period: str) -> HttpResponse:
    """Show a figure down to its facts, papers and history."""
    found = _trace(request, code, period)
    names, known = pages.named(found), catalogue()
    held = _frozen(request, found)
    later = held.later(found) if held else ()
    return render(
        request,
        "indicators/figure.html",
        {
            **LABELS,
            "trace": found,
            "unit_name": names.units.get(found.value.unit or "", ""),
            "territory_name": names.territories.get(found.value.territory or "", ""),
            "facts": names.facts,
            "passport": found.passport,
            "value": found.value,
            "measure": known.measure(found.passport.measure),
            "summary": _summary(found.passport, known),
            "findings": _cards(found.findings, known),
            "qualifier": QUALIFIERS[found.value.quantity.qualifier] if found.value.quantity else "",
            "edition": _edition(request),
            "frozen": held,
            "is_changed": held is not None and held.quantity != found.value.quantity,
            "later": later,
            "later_ids": {fact.id for fact in later},
            "asked": request.GET.urlencode(),
            "json_url": reverse("indicators:figure-json", args=[code, str(found.value.period)]),
        },
    )


@public
@require_safe
def figure_json(request: HttpRequest, *, code: str, period: str) -> HttpResponse:
    """Give a figure and everything under it as JSON."""
    found = _trace(request, code, period)
    return _json({**documents.of_trace(found), "frozen": documents.of_frozen(_frozen(request, found), found)})


# Findings ---------------------------------------------------------------------------------------------------
@public
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """Show what the rules found, and for those who may, the form of an answer."""
    return _findings_page(request, here=request.get_full_path())


def _findings_page(request: HttpRequest, *, here: str, refused: dict[str, str] | None = None) -> HttpResponse:
    """Show the findings of the query; `refused` is an answer that was not taken, with the reason."""
    period, everything = _found(request)
    shown = _chosen(request, everything)
    return render(
        request,
        "indicators/findings.html",
        {
            **LABELS,
            "findings": _cards(shown, catalogue()),
            "programme": request.GET.get("programme", ""),
            "confirmed_count": sum(1 for one in everything if one.outcome is Outcome.CONFIRMED),
            "period": period,
            "filters": _filters(request, everything),
            "may_answer": can(actor_of(request), ANSWER),
            "query": request.GET.get("q", ""),
            "asked": request.GET.urlencode(),
            "here": here,
            "refused": refused,
        },
    )


@public
@require_safe
def findings_csv(request: HttpRequest) -> HttpResponse:
    """Give the findings as CSV."""
    head = [
        "key",
        "rule",
        "outcome",
        "severity",
        "indicators",
        "rows",
        "period",
        "message",
        "numbers",
        "answers",
    ]
    rows = [
        [
            one.key,
            one.rule,
            str(one.outcome),
            str(one.severity),
            " ".join(one.indicators),
            " ".join(one.rows),
            str(one.period),
            one.message.of(get_language() or "ru"),
            "; ".join(f"{name}={number}" for name, number in one.numbers.items()),
            " | ".join(answer.text for answer in one.answers),
        ]
        for one in _chosen(request, _found(request)[1])
    ]
    return _csv("findings.csv", head, rows)


@public
@require_safe
def findings_json(request: HttpRequest) -> HttpResponse:
    """Give the findings as JSON."""
    chosen = _chosen(request, _found(request)[1])
    return _json({"schema": "shaar.findings/1", "findings": [documents.of_finding(one) for one in chosen]})


@requires(ANSWER)
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Write a person's answer to a finding."""
    key, text = request.POST.get("key", ""), request.POST.get("text", "")
    back, home = request.POST.get("next", ""), reverse("indicators:findings")
    here = back if back.split("?")[0] == home else home
    try:
        doors.answer_finding(key, actor=actor_of(request), at=clock.now(), text=text)
    except Refusal as refusal:
        request.GET = QueryDict(here.partition("?")[2])
        refused = {"key": key, "text": text, "message": str(refusal.message)}
        return _findings_page(request, here=here, refused=refused)
    messages.success(request, _("The answer is written beside the finding."))
    return HttpResponseRedirect(here)


# What several of them need ----------------------------------------------------------------------------------
def _asked(request: HttpRequest) -> tuple[Period, str, str]:
    asked = request.GET
    return pages.asked_period(asked.get("period", "")), asked.get("q", "").strip(), asked.get("section", "")


def _lines(request: HttpRequest) -> Iterable[pages.Line]:
    period, query, section = _asked(request)
    for heading in pages.headings(catalogue(), period, query=query, section=section):
        yield from heading.lines


def _trace(request: HttpRequest, code: str, period: str) -> Trace:
    asked = request.GET
    reserved = {"unit", "territory", "edition", "where"}
    where = {key: asked[key] for key in asked if key not in reserved and key.isidentifier()}
    scope = Scope(asked.get("unit") or None, asked.get("territory") or None, where)
    return doors.trace(
        code, Period.parse(period), unit=scope.unit, territory=scope.territory, where=scope.where
    )


def _edition(request: HttpRequest) -> int | None:
    asked = request.GET.get("edition", "")
    return int(asked) if asked.isdecimal() and len(asked) <= LONGEST_NUMBER else None


def _frozen(request: HttpRequest, found: Trace) -> frozen.FrozenValue | None:
    """Return what the edition in the address froze; a part of a figure was never frozen by itself."""
    number, value = _edition(request), found.value
    if number is None or value.unit or value.territory or value.where:
        return None
    return frozen.frozen_value(number, indicator=value.indicator, period=str(value.period))


def _found(request: HttpRequest) -> tuple[Period, list[Finding]]:
    year, programme = request.GET.get("year", ""), request.GET.get("programme", "")
    period = pages.asked_period(year or request.GET.get("period", ""))
    codes = doors.scope_codes("programme", programme, year=period.end.year) if programme else None
    return period, doors.findings(codes, period)


def _chosen(request: HttpRequest, everything: Sequence[Finding]) -> list[Finding]:
    asked = request.GET
    return pages.chosen(
        everything,
        rule=asked.get("rule", ""),
        severity=asked.get("severity", ""),
        state=asked.get("state", ""),
        query=asked.get("q", "").strip(),
    )


def _cards(findings: Iterable[Finding], known: Catalogue) -> list[dict[str, Any]]:
    passports = known.passports
    return [
        {
            "one": one,
            "rule_name": RULES.get(one.rule, one.rule),
            "severity_name": SEVERITIES[one.severity],
            "named": [(code, passports[code].name) for code in one.indicators if code in passports],
        }
        for one in findings
    ]


def _filters(request: HttpRequest, everything: Sequence[Finding]) -> list[dict[str, Any]]:
    rules = {one.rule: str(RULES.get(one.rule, one.rule)) for one in everything}
    states = {"open": _("without an answer"), "answered": _("answered"), "confirmed": _("confirmed as right")}
    severities = {str(code): str(text) for code, text in SEVERITIES.items()}
    lists = (
        ("rule", _("Rule"), rules),
        ("severity", _("Severity"), severities),
        ("state", _("State"), states),
    )
    return [
        {
            "name": name,
            "label": label,
            "options": [(code, text, request.GET.get(name, "") == code) for code, text in options.items()],
        }
        for name, label, options in lists
    ]


def _dimension(known: Catalogue, by: str) -> str:
    if by in DIMENSIONS:
        return str(DIMENSIONS[by])
    return str(known.dimensions[by].name) if by in known.dimensions else by


def _summary(passport: Passport, known: Catalogue) -> list[tuple[object, object]]:
    measure, section = known.measure(passport.measure), known.sections.get(passport.section)
    source = passport.fact_source
    return [
        (_("Code"), passport.code),
        (_("Row of the source"), passport.row),
        (_("Section"), str(section.name) if section else passport.section),
        (_("Unit of measure"), str(measure.one)),
        (_("Kind"), KINDS[passport.kind]),
        (_("Role"), ROLES[passport.role]),
        (_("What is counted"), str(known.objects.get(passport.object, ""))),
        (_("What was done"), str(known.actions.get(passport.action, ""))),
        (_("Formula"), str(passport.formula or "")),
        (_("Facts"), source.fact if source else ""),
        (_("Must equal"), str(passport.expected or "")),
        (_("Note"), str(passport.note or "")),
        (_("Version of the passport"), str(passport.version)),
    ]


def _plain(quantity: Quantity | None) -> list[str]:
    found = documents.of_quantity(quantity) or {}
    return [found.get(key) or "" for key in ("value", "upper", "qualifier", "as_written")]


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    response = HttpResponse(BYTE_ORDER_MARK, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(response)
    writer.writerow(head)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return response


def _cell(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    is_number = text.lstrip("-").replace(".", "", 1).isdecimal()
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t"} and not is_number else text


def _json(document: dict[str, Any]) -> JsonResponse:
    return JsonResponse(document, json_dumps_params={"ensure_ascii": False, "indent": 2})
