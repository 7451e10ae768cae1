"""A late report is told of by the periodic job: to the head of its unit, then to the office, each once."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from shaar.access.api import user_actor
from shaar.cases import api as cases
from shaar.cases import jobs
from shaar.cases.models import Notice
from shaar.cases.notices.kinds import OVERDUE
from shaar.city import api as city
from shaar.kernel import clock
from shaar.programme import reporting, services
from tests.programme.conftest import AT, People


def told(report: int) -> list[tuple[str, int]]:
    case = reporting.unit_report(report).case_id
    rows = (
        Notice.objects.filter(case_id=case, kind=OVERDUE)
        .select_related("user")
        .order_by("round", "level", "pk")
    )
    return [(one.user.username, one.level) for one in rows]


def run_at(day: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(jobs.clock, "now", lambda: day)
        jobs.escalate_overdue()
        jobs.escalate_overdue()


def working_days_after(due: datetime, days: int) -> datetime:
    return clock.noon(city.add_working_days(clock.city_date(due), days))


def test_a_late_report_is_told_of_level_by_level_and_once(
    report: int, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = reporting.unit_report(report).due_at
    assert due is not None
    run_at(due - timedelta(hours=1), monkeypatch)
    assert told(report) == []
    run_at(working_days_after(due, 1), monkeypatch)
    assert told(report) == []
    run_at(working_days_after(due, 2), monkeypatch)
    assert told(report) == [("head", 1)]
    run_at(working_days_after(due, 4), monkeypatch)
    assert told(report) == [("head", 1), ("office", 2)]
    run_at(working_days_after(due, 30), monkeypatch)
    assert told(report) == [("head", 1), ("office", 2)]
    case = reporting.unit_report(report).case_id
    assert case in {one.id for one in cases.notices(user_actor("head"))}
    assert cases.notices(user_actor("reporter")) == []
    kinds = [line.kind for line in cases.timeline(case)]
    assert kinds.count("escalated") == 2


def test_an_accepted_report_is_not_late_and_an_opened_one_is_late_anew(
    report: int, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    for code in reporting.unit_report(report).measures:
        services.state_progress(report, code, status="in_progress", actor=people.reporter)
    services.submit(report, actor=people.reporter, at=AT)
    services.approve(report, actor=people.head, at=AT)
    services.accept(report, actor=people.office, at=AT)
    run_at(timezone.now(), monkeypatch)
    assert told(report) == []
    due = services.reopen(report, reason="Ошибка", actor=people.office, at=AT).due_at
    assert due is not None
    run_at(working_days_after(due, 2), monkeypatch)
    assert told(report) == [("head", 1)]
