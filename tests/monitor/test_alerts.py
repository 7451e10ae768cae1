"""Alerts: raised once, as cases in the inbox, taken up and closed with a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from shaar.access import api as access
from shaar.cases import api as cases
from shaar.cases.models import Notice
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.monitor import alerts, keeping
from shaar.monitor.models import Alert
from tests.monitor.conftest import Record

TILE = "lighting.requests_executed"
RULE = "requests-below"


@pytest.fixture
def raised(record: Record, mayor: access.Actor) -> int:
    keeping.keep_up(record(TILE, "3", measure="request"), now=clock.now())
    (number,) = alerts.watch(now=clock.now())
    return number


def test_an_alert_is_a_case_and_tells_whoever_may_answer_it(raised: int, mayor: access.Actor) -> None:
    case = cases.get(raised)
    assert (case.workflow, case.state, case.unit) == ("monitor.alert", "open", "city-hall")
    assert "3" in case.title.ru
    assert case.title.ky != case.title.ru
    assert [one.url for one in Notice.objects.filter(user_id=mayor.id)] == [case.url]


def test_the_same_alert_is_not_opened_twice(raised: int, record: Record) -> None:
    keeping.keep_up(record(TILE, "1", measure="request"), now=clock.now())
    assert alerts.watch(now=clock.now()) == []
    row = Alert.objects.get()
    with pytest.raises(IntegrityError, match="monitor_alert_open_once"), transaction.atomic():
        Alert.objects.create(rule=row.rule, tile=row.tile, document={}, raised_at=clock.now())


def test_an_alert_is_closed_with_a_reason_only(raised: int, mayor: access.Actor) -> None:
    alert, at = Alert.objects.get().pk, clock.now()
    alerts.acknowledge(alert, actor=mayor, at=at)
    with pytest.raises(Refusal, match="причину"):
        alerts.close(alert, actor=mayor, at=at, reason=" ")
    alerts.close(alert, actor=mayor, at=at, reason="Бригада вышла, демо")
    assert cases.get(raised).state == "closed"
    assert cases.timeline(raised)[-1].text == "Бригада вышла, демо"


def test_a_closed_alert_stays_quiet_until_its_cause_has_passed(
    raised: int, mayor: access.Actor, record: Record
) -> None:
    now = clock.now()
    alerts.close(Alert.objects.get().pk, actor=mayor, at=now, reason="видели")
    later = now + timedelta(hours=30)
    assert alerts.watch(now=later) == []
    keeping.keep_up(record(TILE, "12", measure="request"), now=now)  # 15 of 20: neither cause nor clear
    assert alerts.watch(now=later) == []
    assert Alert.objects.get().cleared_at is None
    keeping.keep_up(record(TILE, "10", measure="request"), now=now)
    alerts.watch(now=later)
    assert Alert.objects.get().cleared_at == later
    keeping.keep_up(record(TILE, "-23", measure="request"), now=now)
    assert len(alerts.watch(now=later)) == 1


def test_a_silent_source_raises_an_alert(record: Record) -> None:
    old = clock.today() - timedelta(days=4)
    batch = record("transport.tulpar_cards", "90", measure="card", day=old, more={"kind": "bus"})
    keeping.keep_up(batch, now=clock.now())
    assert keeping.readings()["transport.tulpar_bus"][0].value == Decimal(90)
    (number,) = alerts.watch(now=clock.now())
    title = cases.get(number).title.ru
    assert "Тулпар" in title
    assert f"последний факт — {old:%d.%m.%Y}" in title
