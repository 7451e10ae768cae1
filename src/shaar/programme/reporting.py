"""The cycle of progress: rounds, units' reports and their way from draft to acceptance, which records facts.

The states and steps of a report are the workflow `programme.unit_report` of `cases` (see workflow.py).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

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
from shaar.programme import acceptance, models, queries, rules
from shaar.programme.outcomes import EntryView, FigureView, MissingReport, ReportView, RoundView
from shaar.programme.permissions import ACCEPT, APPROVE, REPORT
from shaar.programme.searching import REPORTS
from shaar.programme.workflow import ACCEPTED, APPROVED, EDITABLE, WORKFLOW
from shaar.search.api import changed

DAYS_TO_REPORT = 10
DAYS_TO_CORRECT = 5


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
        running = queries.own_measures(programme, year=span.end.year, on=span.end)
        answering = {one.responsible[0] for one in running if one.responsible and not one.is_cancelled}
        for code in sorted(answering | set(units)):
            _open_report(opened, code, actor=actor, at=at)
        changed(REPORTS)
    return round_view(opened)


def _open_report(opened: models.ReportingRound, unit: str, *, actor: Actor, at: datetime) -> None:
    case = _open_case(opened, unit, actor=actor, at=at)
    ids = city.unit_ids([unit])
    row = models.UnitReport.objects.create(round=opened, unit_id=ids[unit], case_id=case)
    cases.readdress(case, f"/staff/reports/{row.pk}/")


def _open_case(opened: models.ReportingRound, unit: str, *, actor: Actor, at: datetime) -> int:
    period = Period.parse(opened.period)
    name = opened.programme.name
    title = Text(*(f"{name.of(language)}: {period.name(language)}" for language in LANGUAGES))
    subject = ledger.Subject("programme", "unit_report", f"{opened.pk}/{unit}", title=title.ru, url="/staff/")
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
    files: Sequence[int] | None = None,
) -> None:
    """Write what a unit says of one of its measures while its report is a draft or returned.

    `files` are all the files that prove it; None leaves those that it has.
    Refusal `forbidden`, `not_editable`, `unknown_measure`, `unknown_status`, `reason_required`,
    `unknown_file`.
    """
    if status not in models.Status.values:
        raise Refusal("unknown_status", _("There is no such status."), place=Place(field="status"))
    if rules.needs_reason(status, reason):
        raise Refusal("reason_required", _("Say why."), place=Place(field="reason"))
    with transaction.atomic(), acting(actor):
        row = locked_report(report, actor=actor)
        if measure not in measures_of(row):
            raise Refusal("unknown_measure", _("The unit does not answer for this measure."))
        entry, _is_new = models.ProgressEntry.objects.update_or_create(
            report=row,
            measure=models.Measure.objects.get(programme=row.round.programme, code=measure),
            defaults={
                "period": row.round.period,
                "last_day": row.round.last_day,
                "status": status,
                "reason": reason.strip(),
                "text": text.strip(),
                "fact": None,
            },
        )
        if files is not None:
            _keep_files(row, entry, files)


def _keep_files(row: models.UnitReport, entry: models.ProgressEntry, files: Sequence[int]) -> None:
    """Let an entry have these files and no others; Refusal `unknown_file` for one of another case."""
    entry.files.exclude(file_id__in=files).delete()
    for number in files:
        cases.attach(row.case_id, number)
        models.EntryFile.objects.get_or_create(entry=entry, file_id=number)


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
            | {"file": None, "file_sha256": "", "file_name": "", "sheet": "", "cell": "", "fact": None},
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
        cases.perform(row.case_id, "submit", actor=actor, at=at)
    return unit_report(report)


def approve(report: int, *, actor: Actor, at: datetime) -> ReportView:
    """Approve a submitted report as the head of its unit."""
    with transaction.atomic(), acting(actor):
        row = _locked(report)
        check(actor, APPROVE, unit=row.unit.code)
        cases.perform(row.case_id, "approve", actor=actor, at=at)
        row.approved_by, row.approved_at = actor.key, at
        row.save(update_fields=["approved_by", "approved_at"])
    return unit_report(report)


def send_back(report: int, *, remark: str, actor: Actor, at: datetime) -> ReportView:
    """Return a report to its unit with a remark; Refusal `comment_required` without one."""
    if not remark.strip():
        raise Refusal("comment_required", _("Say what has to be put right."), place=Place(field="remark"))
    with transaction.atomic(), acting(actor):
        row = _locked(report)
        step = "office_return" if cases.get(row.case_id).state == APPROVED else "head_return"
        cases.perform(row.case_id, step, actor=actor, at=at, reason=remark.strip())
    return unit_report(report)


def accept(report: int, *, actor: Actor, at: datetime) -> ReportView:
    """Accept an approved report and record its figures and statuses as facts, all in one transaction."""
    with transaction.atomic(), acting(actor):
        row = _locked(report)
        check(actor, ACCEPT, unit=row.unit.code)
        cases.perform(row.case_id, "accept", actor=actor, at=at)
        acceptance.record(row, actor=actor, at=at)
    return unit_report(report)


def reopen(report: int, *, reason: str, actor: Actor, at: datetime) -> ReportView:
    """Return an accepted report to its unit in the same case, due in five working days.

    Its facts are taken back; the next acceptance records new ones. Refusal `reason_required`, `forbidden`,
    `not_allowed_here` for one that is not accepted.
    """
    if not reason.strip():
        raise Refusal(
            "reason_required", _("Say why the report is opened again."), place=Place(field="remark")
        )
    with transaction.atomic(), acting(actor):
        row = _locked(report)
        if cases.get(row.case_id).state != ACCEPTED:
            raise Refusal("not_allowed_here", _("Only an accepted report is opened again."))
        due = city.working_deadline(at, days=DAYS_TO_CORRECT)
        cases.perform(row.case_id, "reopen", actor=actor, at=at, reason=reason.strip(), due_at=due)
        row.approved_by, row.approved_at = "", None
        row.save(update_fields=["approved_by", "approved_at"])
        acceptance.take_back(row, reason=reason.strip(), actor=actor, at=at)
    return unit_report(report)


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
    found = cases.get_many(rows.values_list("case_id", flat=True))
    return [
        MissingReport(
            id=row.pk,
            unit=row.unit.code,
            period=period,
            state=found[row.case_id].state,
            due_at=found[row.case_id].due_at,
            is_overdue=found[row.case_id].is_overdue(moment),
        )
        for row in rows.order_by("unit__code")
        if found[row.case_id].state in EDITABLE
    ]


def measures_of(row: models.UnitReport) -> tuple[str, ...]:
    """Return the measures for which a report's unit answers first in its round."""
    opened = row.round
    running = queries.own_measures(opened.programme.code, year=opened.last_day.year, on=opened.last_day)
    code = row.unit.code
    return tuple(one.code for one in running if one.responsible[:1] == (code,) and not one.is_cancelled)


def indicators_of(row: models.UnitReport) -> tuple[str, ...]:
    """Return the indicators on which a report's unit gives figures in its round."""
    opened, unit = row.round, row.unit.code
    running = queries.own_measures(opened.programme.code, year=opened.last_day.year, on=opened.last_day)
    named = [code for one in running if one.responsible[:1] == (unit,) for code in one.indicators]
    return tuple(dict.fromkeys(named))


def round_view(row: models.ReportingRound) -> RoundView:
    """Return a round as the door shows it."""
    return RoundView(row.pk, row.programme.code, row.period, row.due_at, row.is_demo)


def locked_report(report: int, *, actor: Actor) -> models.UnitReport:
    """Return a report locked for filling in; Refusal `unknown_report`, `forbidden`, `not_editable`."""
    row = _locked(report)
    check(actor, REPORT, unit=row.unit.code)
    if cases.get(row.case_id).state not in EDITABLE:
        raise Refusal("not_editable", _("The report was handed in: it can be changed once it is returned."))
    return row


def _entries(row: models.UnitReport) -> "QuerySet[models.ProgressEntry]":
    return row.entries.select_related("measure").prefetch_related("files").order_by("measure__code")


def _files_of(one: models.ProgressEntry) -> tuple[int, ...]:
    return tuple(sorted(held.file_id for held in one.files.all()))


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
    case = cases.get(row.case_id)
    return ReportView(
        id=row.pk,
        round=round_view(row.round),
        unit=row.unit.code,
        case_id=row.case_id,
        state=case.state,
        due_at=case.due_at,
        is_overdue=case.state in EDITABLE and case.is_overdue(clock.now()),
        measures=measures_of(row),
        entries=tuple(
            EntryView(one.measure.code, one.status, one.reason, one.text, _files_of(one), one.fact)
            for one in _entries(row)
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
                file=one.file_id,
            )
            for one in row.figures.select_related("territory").order_by("indicator")
        ),
        approved_by=row.approved_by,
        approved_at=row.approved_at,
    )
