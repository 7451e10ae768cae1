from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from shaar.cases import api as cases
from shaar.indicators import api as indicators
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity
from shaar.kernel.texts import Text
from shaar.ledger.api import FactQuery, Subject, find
from shaar.programme import api, reporting, services
from shaar.programme.facts import FIGURE_REPORTED
from shaar.programme.outcomes import MeasureData

AT = datetime(2023, 1, 10, 4, 0, tzinfo=UTC)


def fill(report, people):
    for code in reporting.unit_report(report).measures:
        services.state_progress(report, code, status="in_progress", actor=people.reporter)


def recorded():
    facts = find(FactQuery(types=(FIGURE_REPORTED.name,)))
    return [one for one in facts if one.subject.kind == "unit_report"]


def test_acceptance_records_the_figures_and_reopening_takes_them_back(report, people):
    fill(report, people)
    services.enter_figure(report, "lifts.delivered", quantity=Quantity(Decimal(7)), actor=people.reporter)
    services.submit(report, actor=people.reporter, at=AT)
    services.approve(report, actor=people.head, at=AT)
    assert recorded() == []
    assert services.accept(report, actor=people.office, at=AT).state == "accepted"
    assert [one.quantity for one in recorded()] == [Decimal(7)]
    assert recorded()[0].approval["approved_by"] == people.head.key
    services.reopen(report, reason="Ошибка", actor=people.office, at=AT)
    assert recorded() == []
    assert reporting.unit_report(report).state == "returned"


def test_a_report_without_all_statuses_is_not_handed_in(report, people):
    with pytest.raises(Refusal) as refused:
        services.submit(report, actor=people.reporter, at=AT)
    assert refused.value.problems[0].code == "status_missing"


def test_a_reporter_cannot_accept_and_the_office_returns_with_a_remark(report, people):
    fill(report, people)
    services.submit(report, actor=people.reporter, at=AT)
    with pytest.raises(Refusal) as forbidden:
        services.accept(report, actor=people.reporter, at=AT)
    assert forbidden.value.code == "forbidden"
    with pytest.raises(Refusal) as refused:
        services.state_progress(report, "lifts-service", status="executed", actor=people.reporter)
    assert refused.value.code == "not_editable"
    services.approve(report, actor=people.head, at=AT)
    returned = services.send_back(report, remark="Уточните", actor=people.office, at=AT)
    assert returned.state == "returned"
    missing = {one.unit for one in api.missing_reports("bishkek-2026", "2022-Q4", at=AT)}
    assert "bishkekgorlift" in missing


def test_overdue_needs_a_reason(report, people):
    with pytest.raises(Refusal) as refused:
        services.state_progress(report, "lifts-service", status="overdue", actor=people.reporter)
    assert refused.value.code == "reason_required"


def test_a_revision_changes_the_plan_from_its_day_on(people):
    revision = services.start_revision(
        "bishkek-2026", act="plan-2022", effective_from=date(2022, 10, 1), actor=people.office, at=AT
    )
    data = MeasureData("new-one", "social", Text("Новое мероприятие"), "2022")
    services.add_measure(revision.id, data, actor=people.office)
    services.cancel_measure(revision.id, "social-schools", reason="Акт", actor=people.office)
    assert len(api.measures("bishkek-2026", year=2022)) == 66
    services.enact_revision(revision.id, actor=people.office, at=AT)
    before = {one.code for one in api.measures("bishkek-2026", year=2022, on=date(2022, 9, 30))}
    after = {one.code: one for one in api.measures("bishkek-2026", year=2022, on=date(2022, 10, 1))}
    assert "new-one" not in before
    assert after["social-schools"].is_cancelled
    assert after["new-one"].text.ru == "Новое мероприятие"


def test_a_figure_of_a_district_is_recorded_for_that_district(report, people):
    fill(report, people)
    services.enter_figure(
        report, "safety.cameras_leninsky", quantity=Quantity(Decimal(5)), actor=people.reporter
    )
    with pytest.raises(Refusal) as refused:
        services.enter_figure(
            report,
            "safety.cameras_leninsky",
            quantity=Quantity(Decimal(5)),
            actor=people.reporter,
            territory="bishkek",
        )
    assert refused.value.code == "other_territory"
    services.submit(report, actor=people.reporter, at=AT)
    services.approve(report, actor=people.head, at=AT)
    services.accept(report, actor=people.office, at=AT)
    assert [(one.territory, one.quantity) for one in recorded()] == [("leninsky", Decimal(5))]


def test_a_reopened_report_stays_in_its_case_and_what_is_corrected_is_recorded_anew(report, people):
    fill(report, people)
    case = reporting.unit_report(report).case_id
    for value, moment in ((7, AT), (9, AT + timedelta(days=2))):
        services.enter_figure(
            report, "lifts.delivered", quantity=Quantity(Decimal(value)), actor=people.reporter
        )
        services.submit(report, actor=people.reporter, at=moment)
        services.approve(report, actor=people.head, at=moment)
        services.accept(report, actor=people.office, at=moment)
        if value == 7:
            with pytest.raises(Refusal) as refused:
                services.reopen(report, reason=" ", actor=people.office, at=moment)
            assert refused.value.code == "reason_required"
            with pytest.raises(Refusal) as refused:
                services.reopen(report, reason="Ошибка", actor=people.head, at=moment)
            assert refused.value.code == "forbidden"
            again = services.reopen(report, reason="Ошибка", actor=people.office, at=AT + timedelta(days=1))
            assert (again.case_id, again.state, again.approved_by) == (case, "returned", "")
            assert again.due_at > AT + timedelta(days=5)
    assert reporting.unit_report(report).case_id == case
    assert [one.quantity for one in recorded()] == [Decimal(9)]
    trace = indicators.trace("lifts.delivered", Period.parse("2022-Q4"))
    kept = [(one.quantity.value, bool(one.reversed_by), bool(one.reverses)) for one in trace.history]
    assert kept == [(Decimal(7), True, False), (Decimal(-7), False, True), (Decimal(9), False, False)]
    with pytest.raises(Refusal) as refused:
        cases.open_case(
            "programme.unit_report",
            subject=Subject("programme", "unit_report", f"{again.round.id}/bishkekgorlift"),
            unit="bishkekgorlift",
            title=Text("Отчёт"),
            actor=people.office,
            at=AT,
        )
    assert refused.value.code == "already_open"
