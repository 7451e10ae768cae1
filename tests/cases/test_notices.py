"""Notices: told once, folded in a storm, sent as the person chose, outside their quiet time."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from shaar.access.api import Actor
from shaar.access.models import Deputy, User
from shaar.cases import jobs
from shaar.cases.api import comment, notify, perform
from shaar.cases.desk import assigning
from shaar.cases.models import Delivery, Notice
from shaar.cases.notices import choices, kinds, lists, wording
from shaar.cases.notices.tidying import forget
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from tests.cases.conftest import person
from tests.cases.test_cases import paper

AT = datetime(2022, 4, 4, 4, tzinfo=UTC)  # a Monday, ten in the morning in the city


def tell(actor: Actor, key: str, *, at: datetime = AT) -> int | None:
    return notify(
        actor.id or 0, kind=kinds.ASSIGNED, text=Text("Дело", "Иш"), url="/papers/1/", at=at, key=key
    )


def told(actor: Actor) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(user_id=actor.id).order_by("pk")
    return [(row.kind, row.text_ru) for row in rows]


# What is told -----------------------------------------------------------------------------------------------
def test_a_person_is_told_of_a_key_once(writer: Actor) -> None:
    assert tell(writer, "a")
    assert tell(writer, "a") is None
    assert tell(writer, "b")
    assert lists.unread(writer) == 2


def test_more_than_ten_of_a_kind_in_an_hour_become_one_line(writer: Actor) -> None:
    for number in range(25):
        tell(writer, str(number), at=AT + timedelta(minutes=number))
    _page, lines = lists.lines(writer, number=None)
    assert len(lines) == 11
    assert max(line.folded for line in lines) == 15
    tell(writer, "later", at=AT + timedelta(hours=3))
    assert len(lists.lines(writer, number=None)[1]) == 12
    assert Notice.objects.filter(user_id=writer.id).count() == 27


def test_a_notice_names_the_unit_whose_work_it_is(writer: Actor, judge: Actor) -> None:
    assigning.give(paper(), writer.id or 0, actor=judge, at=AT)
    tell(writer, "about no work")
    assert [line.unit.ru for line in lists.lines(writer, number=None)[1]] == ["", "lights"]


def test_who_is_given_a_case_is_told_and_who_takes_one_is_not(writer: Actor, judge: Actor) -> None:
    number = paper()
    assigning.take(number, actor=writer, at=AT)
    assert told(writer) == []
    assigning.release(number, actor=writer, at=AT)
    assigning.give(number, writer.id or 0, actor=judge, at=AT)
    assert told(writer) == [(kinds.ASSIGNED, "Вам передано: Бумага 1")]


def test_who_sent_a_case_on_is_told_that_it_comes_back(writer: Actor, judge: Actor) -> None:
    number = paper()
    perform(number, "send", actor=writer, at=AT)
    perform(number, "return", actor=judge, at=AT, reason="Нет подписи")
    assert told(writer) == [(kinds.RETURNED, "Возвращено с замечанием: Бумага 1")]
    perform(number, "send", actor=writer, at=AT)
    perform(number, "return", actor=judge, at=AT, reason="И снова нет")
    assert len(told(writer)) == 2


def test_who_made_it_is_told_of_a_return_past_another_desk(writer: Actor, judge: Actor) -> None:
    head = person("head", "city-hall", "tests.judge")
    number = paper()
    perform(number, "send", actor=writer, at=AT)
    perform(number, "accept", actor=head, at=AT)
    perform(number, "reopen", actor=judge, at=AT, reason="Нет печати")
    words = [(kinds.RETURNED, "Возвращено с замечанием: Бумага 1")]
    assert told(writer) == told(head) == words
    assert told(judge) == []


def test_a_deputy_is_told_in_place_of_a_person_on_leave_and_only_then(writer: Actor, judge: Actor) -> None:
    deputy, stranger = person("deputy", "lifts", "tests.none"), person("stranger", "lifts", "tests.none")
    number, at, day = paper(), clock.now(), clock.today()
    week = {"absent_id": writer.id, "valid": DateRange(day, day + timedelta(days=7)), "reason": "leave"}
    assigning.give(number, writer.id or 0, actor=judge, at=at)
    assert told(deputy) == []
    Deputy.objects.create(deputy_id=deputy.id, roles=["role-writer"], **week)
    Deputy.objects.create(deputy_id=stranger.id, roles=["role-judge"], **week)
    assigning.release(number, actor=judge, at=at)
    assigning.give(number, writer.id or 0, actor=judge, at=at)
    assert told(writer) == [(kinds.ASSIGNED, "Вам передано: Бумага 1")] * 2
    words = "За отсутствующего сотрудника (writer): Вам передано: Бумага 1"
    assert told(deputy) == [(kinds.ASSIGNED, words)]
    assert told(stranger) == []


def test_only_who_has_a_part_in_the_case_is_told_of_a_comment(writer: Actor, judge: Actor) -> None:
    stranger = person("stranger", "lifts", "tests.write")
    comment(paper(), actor=writer, at=AT, text="@judge, @stranger и @nobody: посмотрите. post@judge.kg")
    assert told(judge) == [(kinds.MENTIONED, "Вас упомянули в комментарии: Бумага 1")]
    assert told(stranger) == told(writer) == []


def test_a_near_deadline_is_told_once_to_who_has_the_case(
    writer: Actor, judge: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = person("other", "lights", "tests.write")
    near = paper(number="near", due_at=AT + timedelta(hours=30))
    paper(number="far", due_at=AT + timedelta(days=9))
    monkeypatch.setattr(jobs.clock, "now", lambda: AT)
    assigning.take(near, actor=writer, at=AT)
    jobs.remind()
    jobs.remind()
    assert told(writer) == [(kinds.TOMORROW, "Срок 05.04.2022: Бумага near")]
    assert told(other) == told(judge) == []


# Choice and quiet time --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("quiet", "at", "opening"),
    [
        (choices.Quiet(), AT, AT),
        (choices.Quiet(time(20), time(8)), AT, AT),
        (choices.Quiet(time(20), time(8)), AT + timedelta(hours=11), AT + timedelta(hours=22)),
        (choices.Quiet(time(9), time(11)), AT, AT + timedelta(hours=1)),
        (choices.Quiet(working_time_only=True), AT, AT),
        (choices.Quiet(working_time_only=True), AT + timedelta(hours=9), AT + timedelta(hours=23)),
        (choices.Quiet(working_time_only=True), AT - timedelta(days=1), AT - timedelta(hours=1)),
        (choices.Quiet(time(8), time(12), True), AT - timedelta(days=1), AT + timedelta(hours=2)),
    ],
)
def test_nobody_is_sent_anything_in_quiet_time(
    writer: Actor, quiet: choices.Quiet, at: datetime, opening: datetime
) -> None:
    choices.choose(writer.id or 0, {}, quiet)
    assert choices.opening(writer.id or 0, at) == opening


@pytest.mark.parametrize("quiet", [choices.Quiet(time(9), None), choices.Quiet(time(9), time(9))])
def test_quiet_time_without_length_is_refused(writer: Actor, quiet: choices.Quiet) -> None:
    with pytest.raises(Refusal):
        choices.choose(writer.id or 0, {}, quiet)


def test_what_is_set_up_and_chosen_goes_out(writer: Actor, settings: Any) -> None:
    kind = kinds.kind_of(kinds.RETURNED)
    settings.PUSH_HOSTS, settings.SHAAR_EMAIL = ["127.0.0.1"], None
    assert choices.channels_for(writer.id or 0, kind) == ["push"]
    settings.SHAAR_EMAIL = object()
    assert choices.channels_for(writer.id or 0, kind) == ["email", "push"]
    choices.choose(writer.id or 0, {(kind.code, "push"): False}, choices.Quiet())
    assert choices.channels_for(writer.id or 0, kind) == ["email"]
    tell(writer, "no address of any channel")
    assert Delivery.objects.count() == 0


# Words ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("title", "body", "code"),
    [
        ("", "{text}", "empty"),
        ("x" * 201, "{text}", "too_long"),
        ("{kind}", "{text} {password}", "unknown_placeholder"),
        ("{kind}", "{text.__class__}", "unknown_placeholder"),
        ("{kind}", "{text!r} {", "unknown_placeholder"),
        ("{kind}", "nothing", "no_text"),
    ],
)
def test_words_that_would_break_are_refused(writer: Actor, title: str, body: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        wording.change(kinds.ASSIGNED, "ru", wording.Words(title, body), actor=writer)
    assert refused.value.code == code


def test_the_city_changes_words_and_returns_to_the_usual_ones(writer: Actor) -> None:
    wording.change(kinds.ASSIGNED, "ru", wording.Words("Мэрия: {kind}", "{name}! {text}"), actor=writer)
    own = wording.words_of(kinds.ASSIGNED, "ru")
    values = {"kind": "вам\nдело", "name": "{text}", "text": "Бумага"}
    assert wording.filled(own, values) == ("Мэрия: вам дело", "{text}! Бумага")
    assert not wording.words_of(kinds.ASSIGNED, "ky").is_own
    wording.reset(kinds.ASSIGNED, "ru", actor=writer)
    assert "Открыть: {url}" in wording.words_of(kinds.ASSIGNED, "ru").body


# Pages ------------------------------------------------------------------------------------------------------
def signed_in(client: Client, actor: Actor) -> Client:
    client.force_login(User.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_notice_is_read_by_opening_it_and_is_nobody_elses(client: Client, writer: Actor) -> None:
    number = tell(writer, "a")
    assert "1 непрочитанное" in signed_in(client, writer).get("/staff/notices/").content.decode()
    assert client.post(f"/staff/notices/{number}/")["Location"] == "/papers/1/"
    assert lists.unread(writer) == 0
    stranger = person("stranger", "lifts", "tests.write")
    assert signed_in(client, stranger).post(f"/staff/notices/{number}/").status_code == 404


def test_the_bell_counts_and_all_are_marked_as_read(client: Client, writer: Actor) -> None:
    for number in range(3):
        tell(writer, str(number))
    signed_in(client, writer)
    assert "3 непрочитанных" in client.get("/staff/notices/bell/").content.decode()
    client.post("/staff/notices/read/")
    assert "непрочитанн" not in client.get("/staff/notices/bell/").content.decode()
    assert client.get("/staff/notices/?show=unread").context["lines"] == []


def test_the_page_asks_as_often_for_fifty_notices_as_for_one(client: Client, writer: Actor) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/staff/notices/").status_code == 200
        return len(captured)

    signed_in(client, writer)
    tell(writer, "a")
    asked()
    few = asked()
    for number in range(30):
        tell(writer, str(number), at=AT + timedelta(hours=2 * number))
    assert asked() == few


def test_a_choice_is_kept_and_a_wrong_time_is_told_at_its_place(
    client: Client, writer: Actor, settings: Any
) -> None:
    settings.PUSH_HOSTS = ["127.0.0.1"]
    signed_in(client, writer)
    page = client.post("/staff/settings/notices/", {"starts": "20:00", "ends": ""}).content.decode()
    assert 'href="#id_starts"' in page
    assert 'value="20:00"' in page
    given = {"starts": "20:00", "ends": "08:00", kinds.ASSIGNED: "push"}
    assert client.post("/staff/settings/notices/", given).status_code == 302
    assert choices.quiet_time(writer.id or 0) == choices.Quiet(time(20), time(8))
    chosen = choices.chosen(writer.id or 0)
    assert chosen[kinds.ASSIGNED, "push"]
    assert not chosen[kinds.OVERDUE, "push"]


def test_old_notices_are_forgotten_but_not_those_of_running_cases(writer: Actor, judge: Actor) -> None:
    number = paper()
    perform(number, "send", actor=writer, at=AT)
    perform(number, "return", actor=judge, at=AT, reason="Нет")
    tell(writer, "old")
    lists.mark_all(writer, at=AT)
    assert forget(at=AT + timedelta(days=100)) == 0
    assert forget(at=AT + timedelta(days=200)) == 1
    assert told(writer) == [(kinds.RETURNED, "Возвращено с замечанием: Бумага 1")]


def test_every_kind_has_a_name_in_both_languages() -> None:
    for one in kinds.kinds():
        with override("ru"):
            russian = str(one.name)
        with override("ky"):
            assert str(one.name) != russian
