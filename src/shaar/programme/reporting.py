"""The cycle of progress: rounds, units' reports and their way from draft to acceptance, which records facts.

The states and steps of a report are the workflow `programme.unit_report` of `cases` (see workflow.py).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shaar.access.api import Actor, acting, check
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel import clock
from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity
from shaar.kernel.texts import LANGUAGES, Text
from shaar.ledger import api as ledger
from shaar.programme import models, queries, rules
from shaar.programme.facts import FIGURE_REPORTED, MEASURE_STATUS_STATED
from shaar.programme.outcomes import EntryView, FigureView, MissingReport, ReportView, RoundView
from shaar.programme.permissions import ACCEPT, APPROVE, REPORT
from shaar.programme.workflow import ACCEPTED, APPROVED, EDITABLE, WORKFLOW

Recorded: TypeAlias = models.FigureEntry | models.ProgressEntry
FACT_BITS = 24
DAYS_TO_REPORT = 10


def open_round(
    programme: str, period: str, *, actor: Actor, at: datetime, due_working_days: int = DAYS_TO_REPORT,
    is_demo: bool = False, units: Sequence[str] = (),
) -> RoundView:  # fmt: skip
    """Open a round with one report for each unit that answers for a measure then (and for the named `units`).

    Reports are due at the close of the n-th working day after the period. Refusal `forbidden`,
    `unknown_programme`, `round_exists`, `malformed_period`.
    """
    row = queries.required_programme(programme)
    check(actor, ACCEPT, unit=row.unit.code)
    span = Period.parse(period)
    if span.start is None:
        raise Refusal("malformed_period", _("A round is for a month, a quarter, a half-year or a year."))
    with transaction.atomic(), acting(actor):
        models.Programme.objects.select_for_update().get(pk=row.pk)
        if row.rounds.filter(period=period).exists():
            raise Refusal("round_exists", _("The round of this period is open already."))
        opened = models.ReportingRound.objects.create(
            programme=row,
            period=str(span),
            first_day=span.start,
            last_day=span.end,
            due_at=city.working_deadline(clock.noon(span.end), days=due_working_days),
            opened_at=at,
            opened_by=actor.key,
            is_demo=is_demo,
        )
        running = queries.measures(programme, year=span.end.year, on=span.end)
        answering = {one.responsible[0] for one in running if one.responsible and not one.is_cancelled}
        for code in sorted(answering | set(units)):
            _open_report(opened, code, actor=actor, at=at)
    return round_view(opened)


def _open_report(opened: models.ReportingRound, unit: str, *, actor: Actor, at: datetime) -> None:
    case = _open_case(opened, unit, actor=actor, at=at)
    ids = city.unit_ids([unit])
    models.UnitReport.objects.create(round=opened, unit_id=ids[unit], case=case)


def _open_case(
    opened: models.ReportingRound, unit: str, *, actor: Actor, at: datetime, after: int | None = None
) -> int:
    period = Period.parse(opened.period)
    name = opened.programme.name
    title = Text(*(f"{name.of(language)}: {period.name(language)}" for language in LANGUAGES))
    number = f"{opened.pk}/{unit}" + (f"/{after}" if after else "")
    subject = ledger.Subject("programme", "unit_report", number, title=title.ru, url="/staff/")
    return cases.open_case(
        WORKFLOW,
        subject=subject,
        unit=unit,
        title=title,
        actor=actor,
        at=at,
        territory=opened.programme.territory.code,
        due_at=opened.due_at,
    )


# Filling in -------------------------------------------------------------------------------------------------
def state_progress(
    report: int,
    measure: str,
    *,
    status: str,
    actor: Actor,
    reason: str = "",
    text: str = "",
    files: Sequence[int] = (),
) -> None:
    """Write what a unit says of one of its measures while its report is a draft or returned.

    Refusal `forbidden`, `not_editable`, `unknown_measure`, `unknown_status`, `reason_required`.
    """
    if status not in models.Status.values:
        raise Refusal("unknown_status", _("There is no such status."), place=Place(field="status"))
    if rules.needs_reason(status, reason):
        raise Refusal("reason_required", _("Say why."), place=Place(field="reason"))
    with transaction.atomic(), acting(actor):
        row = locked_report(report, actor=actor)
        if measure not in measures_of(row):
            raise Refusal("unknown_measure", _("The unit does not answer for this measure."))
        models.ProgressEntry.objects.update_or_create(
            report=row,
            measure=models.Measure.objects.get(programme=row.round.programme, code=measure),
            defaults={
                "period": row.round.period,
                "last_day": row.round.last_day,
                "status": status,
                "reason": reason.strip(),
                "text": text.strip(),
                "files": list(files),
                "fact": None,
            },
        )


def enter_figure(
    report: int, indicator: str, *, quantity: Quantity | None, actor: Actor, territory: str | None = None
) -> None:
    """Write a figure into an open report, or take it out (None).

    Refusal `forbidden`, `not_editable`, `unknown_indicator`, `unknown_territory`, or `other_territory` where
    the indicator is of another territory than the one given.
    """
    with transaction.atomic(), acting(actor):
        row = locked_report(report, actor=actor)
        passport = indicators.passport(indicator)
        place = territory or territory_of(row, passport)
        if passport.where.get("territory", place) != place:
            message = _("The indicator is of another territory.")
            raise Refusal("other_territory", message, place=Place(field="territory"))
        key: dict[str, Any] = {"report": row, "indicator": passport.code}
        key |= {"territory_id": city.territory_ids([place])[place]}
        if quantity is None:
            models.FigureEntry.objects.filter(**key).delete()
            return
        models.FigureEntry.objects.update_or_create(
            **key,
            defaults=columns_of_quantity(quantity)
            | {"file_sha256": "", "file_name": "", "sheet": "", "cell": "", "fact": None},
        )


def territory_of(row: models.UnitReport, passport: indicators.Passport) -> str:
    """Return the territory of which a report's figure speaks: the passport's, else the whole programme's."""
    return passport.where.get("territory", row.round.programme.territory.code)


def columns_of_quantity(quantity: Quantity) -> dict[str, object]:
    """Return the columns of a figure that hold a quantity."""
    return {
        "value": quantity.value,
        "upper": quantity.upper,
        "qualifier": quantity.qualifier.value,
        "as_written": quantity.as_written,
    }


# Steps ------------------------------------------------------------------------------------------------------
def submit(report: int, *, actor: Actor, at: datetime) -> ReportView:
    """Hand a report to the unit's head; Refusals name each measure without a status."""
    with transaction.atomic(), acting(actor):
        row = locked_report(report, actor=actor)
        stated = {one.measure.code for one in row.entries.select_related("measure")}
        message = _("State the status of this measure.")
        refuse_all(
            [
                Refusal("status_missing", message, place=Place(field=code))
                for code in measures_of(row)
                if code not in stated
            ]
        )
        cases.perform(row.case, "submit", actor=actor, at=at)
    return unit_report(report)


def approve(report: int, *, actor: Actor, at: datetime) -> ReportView:
    """Approve a submitted report as the head of its unit."""
    with transaction.atomic(), acting(actor):
        row = _locked(report)
        check(actor, APPROVE, unit=row.unit.code)
        cases.perform(row.case, "approve", actor=actor, at=at)
        row.approved_by, row.approved_at = actor.key, at
        row.save(update_fields=["approved_by", "approved_at"])
    return unit_report(report)


def send_back(report: int, *, remark: str, actor: Actor, at: datetime) -> ReportView:
    """Return a report to its unit with a remark; Refusal `comment_required` without one."""
    if not remark.strip():
        raise Refusal("comment_required", _("Say what has to be put right."), place=Place(field="remark"))
    with transaction.atomic(), acting(actor):
        row = _locked(report)
        step = "office_return" if cases.get(row.case).state == APPROVED else "head_return"
        cases.perform(row.case, step, actor=actor, at=at, reason=remark.strip())
    return unit_report(report)


def accept(report: int, *, actor: Actor, at: datetime) -> ReportView:
    """Accept an approved report and record its figures and statuses as facts, all in one transaction."""
    with transaction.atomic(), acting(actor):
        row = _locked(report)
        check(actor, ACCEPT, unit=row.unit.code)
        cases.perform(row.case, "accept", actor=actor, at=at)
        _record(row, actor=actor, at=at)
    return unit_report(report)


def reopen(report: int, *, reason: str, actor: Actor, at: datetime) -> ReportView:
    """Open an accepted report for correction: its facts are taken back, acceptance records new ones."""
    if not reason.strip():
        raise Refusal("reason_required", _("Say why the report is opened again."))
    with transaction.atomic(), acting(actor):
        row = _locked(report)
        check(actor, ACCEPT, unit=row.unit.code)
        if cases.get(row.case).state != ACCEPTED:
            raise Refusal("not_allowed_here", _("Only an accepted report is opened again."))
        row.case = _open_case(row.round, row.unit.code, actor=actor, at=at, after=row.case)
        row.save(update_fields=["case"])
        cases.comment(row.case, actor=actor, at=at, text=reason.strip())
        stated: list[Recorded] = [*row.figures.all(), *row.entries.all()]
        for one in stated:
            if one.fact is not None:
                ledger.reverse(one.fact, reason=reason, actor=actor.key, at=at)
        row.figures.update(fact=None)
        row.entries.update(fact=None)
    return unit_report(report)


def _record(row: models.UnitReport, *, actor: Actor, at: datetime) -> None:
    figures = list(row.figures.select_related("territory").order_by("pk"))
    entries = list(row.entries.select_related("measure").order_by("pk"))
    approval = {"approved_by": row.approved_by, "accepted_by": actor.key, "accepted_at": at.isoformat()}
    if row.approved_at:
        approval["approved_at"] = row.approved_at.isoformat()
    facts = [_figure_fact(row, one, actor, approval) for one in figures]
    facts += [_status_fact(row, one, actor, approval) for one in entries]
    if not facts:
        return
    batch = ledger.record_many(facts, key=f"programme.report:{row.pk}:{at.isoformat()}")
    stated: list[Recorded] = [*figures, *entries]
    for position, one in enumerate(stated, start=1):
        one.fact = (batch.id << FACT_BITS) + position
        one.save(update_fields=["fact"])


def _figure_fact(
    row: models.UnitReport, one: models.FigureEntry, actor: Actor, approval: dict[str, str]
) -> ledger.Fact:
    passport = indicators.passport(one.indicator)
    where = passport.fact_source.dimensions if passport.fact_source else {}
    evidence = ledger.Evidence("case", str(row.case), title=row.round.period)
    if one.sheet:
        place = f"{one.sheet}!{one.cell}"
        evidence = ledger.Evidence("cell", one.file_name, place, one.file_name, one.file_sha256)
    period = Period.parse(row.round.period)
    quantity = queries.quantity_of(one)
    return ledger.Fact(
        type=FIGURE_REPORTED.name,
        happened_at=clock.noon(period.end),
        unit=passport.where.get("unit", row.unit.code),
        territory=one.territory.code,
        quantity=quantity.value,
        measure=passport.measure,
        subject=ledger.Subject(
            "programme", "unit_report", str(row.pk), title=row.round.period, url=f"/staff/reports/{row.pk}/"
        ),
        actor=actor.key,
        dimensions={"figure": one.indicator} | where,
        covers=period.kind,
        qualifier=quantity.qualifier,
        upper=quantity.upper,
        as_written=quantity.as_written,
        evidence=(evidence,),
        approval=approval,
    )


def _status_fact(
    row: models.UnitReport, one: models.ProgressEntry, actor: Actor, approval: dict[str, str]
) -> ledger.Fact:
    period = Period.parse(one.period)
    code = row.round.programme.code
    return ledger.Fact(
        type=MEASURE_STATUS_STATED.name,
        happened_at=clock.noon(period.end),
        unit=row.unit.code,
        territory=row.round.programme.territory.code,
        quantity=Decimal(1),
        measure="plan_measure",
        subject=ledger.Subject(
            "programme",
            "measure",
            f"{code}/{one.measure.code}",
            url=f"/programmes/{code}/measures/{one.measure.code}/",
        ),
        actor=actor.key,
        dimensions={"programme": code, "status": one.status},
        covers=period.kind,
        evidence=(
            ledger.Evidence("case", str(row.case), title=period.name("ru")),
            *(ledger.Evidence("file", str(number)) for number in one.files),
        ),
        approval=approval,
    )


# Reads ------------------------------------------------------------------------------------------------------
def rounds(programme: str) -> list[RoundView]:
    """Return the rounds of a programme, the latest first."""
    rows = models.ReportingRound.objects.filter(programme__code=programme).select_related("programme")
    return [round_view(one) for one in rows.order_by("-last_day", "-pk")]


def unit_report(report: int) -> ReportView:
    """Return a unit's report with the state of its case; Refusal `unknown_report`."""
    row = _required(report)
    return _report_view(row)


def reports_of(round_id: int) -> list[ReportView]:
    """Return the reports of a round by unit."""
    rows = _reports().filter(round_id=round_id).order_by("unit__code")
    return [_report_view(row) for row in rows]


def my_reports(units: Iterable[str]) -> list[ReportView]:
    """Return the reports of some units, the latest round first."""
    rows = _reports().filter(unit__code__in=list(units)).order_by("-round__last_day", "unit__code")
    return [_report_view(row) for row in rows]


def missing_reports(programme: str, period: str, *, at: datetime | None = None) -> list[MissingReport]:
    """Return who has not handed in their report of a period yet: drafts and returned ones, by unit."""
    moment = at or clock.now()
    rows = _reports().filter(round__programme__code=programme, round__period=period)
    states = {row.pk: cases.get(row.case).state for row in rows}
    return [
        MissingReport(
            id=row.pk,
            unit=row.unit.code,
            period=period,
            state=states[row.pk],
            due_at=row.round.due_at,
            is_overdue=row.round.due_at < moment,
        )
        for row in rows.order_by("unit__code")
        if states[row.pk] in EDITABLE
    ]


def measures_of(row: models.UnitReport) -> tuple[str, ...]:
    """Return the measures for which a report's unit answers first in its round."""
    opened = row.round
    running = queries.measures(opened.programme.code, year=opened.last_day.year, on=opened.last_day)
    code = row.unit.code
    return tuple(one.code for one in running if one.responsible[:1] == (code,) and not one.is_cancelled)


def indicators_of(row: models.UnitReport) -> tuple[str, ...]:
    """Return the indicators on which a report's unit gives figures in its round."""
    opened, unit = row.round, row.unit.code
    running = queries.measures(opened.programme.code, year=opened.last_day.year, on=opened.last_day)
    named = [code for one in running if one.responsible[:1] == (unit,) for code in one.indicators]
    return tuple(dict.fromkeys(named))


def round_view(row: models.ReportingRound) -> RoundView:
    """Return a round as the door shows it."""
    return RoundView(row.pk, row.programme.code, row.period, row.due_at, row.is_demo)


def locked_report(report: int, *, actor: Actor) -> models.UnitReport:
    """Return a report locked for filling in; Refusal `unknown_report`, `forbidden`, `not_editable`."""
    row = _locked(report)
    check(actor, REPORT, unit=row.unit.code)
    if cases.get(row.case).state not in EDITABLE:
        raise Refusal("not_editable", _("The report was handed in: it can be changed once it is returned."))
    return row


def _locked(report: int) -> models.UnitReport:
    models.UnitReport.objects.select_for_update().filter(pk=report).first()
    return _required(report)


def _required(report: int) -> models.UnitReport:
    row = _reports().filter(pk=report).first()
    if row is None:
        raise Refusal("unknown_report", _("There is no such report."))
    return row


def _reports() -> "QuerySet[models.UnitReport]":
    return models.UnitReport.objects.select_related(
        "round__programme__territory", "round__programme__unit", "unit"
    )


def _report_view(row: models.UnitReport) -> ReportView:
    case = cases.get(row.case)
    return ReportView(
        id=row.pk,
        round=round_view(row.round),
        unit=row.unit.code,
        case_id=row.case,
        state=case.state,
        due_at=row.round.due_at,
        is_overdue=case.state in EDITABLE and row.round.due_at < clock.now(),
        measures=measures_of(row),
        entries=tuple(
            EntryView(one.measure.code, one.status, one.reason, one.text, tuple(one.files), one.fact)
            for one in row.entries.select_related("measure").order_by("measure__code")
        ),
        figures=tuple(
            FigureView(
                indicator=one.indicator,
                territory=one.territory.code,
                quantity=queries.quantity_of(one),
                file_sha256=one.file_sha256,
                file_name=one.file_name,
                sheet=one.sheet,
                cell=one.cell,
                fact=one.fact,
            )
            for one in row.figures.select_related("territory").order_by("indicator")
        ),
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )
