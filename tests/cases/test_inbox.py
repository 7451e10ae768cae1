"""The inbox: what waits for a person from every module, filters that are kept, assignment, steps in bulk."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shaar.access.api import Actor
from shaar.access.models import Deputy, User
from shaar.cases import api as cases
from shaar.cases.desk import assigning, bulk, saved
from shaar.cases.desk.filters import Filter, parse
from shaar.cases.desk.lists import Inbox
from shaar.cases.models import Case
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from tests.cases.conftest import person
from tests.cases.test_cases import paper

AT = datetime(2022, 4, 4, 4, tzinfo=UTC)  # a Monday, ten in the morning in the city


def titles(actor: Actor, asked: Filter = Filter()) -> list[int]:  # noqa: B008
    return [row.case.id for row in Inbox(actor, at=AT).page(asked, None)[1]]


@pytest.fixture
def late(writer: Actor) -> int:
    return paper(number="late", due_at=AT - timedelta(days=1))


@pytest.fixture
def soon(writer: Actor) -> int:
    return paper(number="soon", due_at=AT + timedelta(hours=5))


@pytest.fixture
def someday(writer: Actor) -> int:
    return paper(number="someday", due_at=AT + timedelta(days=30))


def test_the_nearest_deadline_stands_first(writer: Actor, someday: int, soon: int, late: int) -> None:
    assert titles(writer) == [late, soon, someday]
    assert titles(writer, Filter(sort="new"))[0] == late
    assert titles(writer, Filter(due="overdue")) == [late]
    assert titles(writer, Filter(due="today")) == [soon]
    assert titles(writer, Filter(due="week")) == [late, soon]
    assert titles(writer, Filter(q="someday")) == [someday]
    assert titles(writer, Filter(unit="lifts")) == []
    assert titles(writer, Filter(work="tests.paper", state="tests.paper:draft")) == [late, soon, someday]


def test_the_choices_count_what_there_is(writer: Actor, late: int, soon: int, someday: int) -> None:
    assigning.take(soon, actor=writer, at=AT)
    found = Inbox(writer, at=AT).choices()
    assert (found.total, found.overdue, found.today, found.mine) == (3, 1, 1, 1)
    assert [(one.value, one.count) for one in found.work] == [("tests.paper", 3)]


def test_a_question_keeps_its_meaning_in_an_address() -> None:
    asked = Filter(q="лифт", due="week", whose="me", sort="unit")
    from django.http import QueryDict

    assert parse(QueryDict(asked.query())) == asked
    assert parse(QueryDict("due=never&whose=x&sort=y&q=%00a")) == Filter(q="a")


# Assignment -------------------------------------------------------------------------------------------------
def test_who_may_a_step_takes_a_case_and_the_timeline_says_so(writer: Actor, soon: int) -> None:
    assigning.take(soon, actor=writer, at=AT)
    assigning.take(soon, actor=writer, at=AT)
    lines = [(line.kind, line.text) for line in cases.timeline(soon)]
    assert lines.count(("assigned", "writer")) == 1
    assert titles(writer, Filter(whose="me")) == [soon]
    assert titles(writer, Filter(whose="nobody")) == []
    assigning.release(soon, actor=writer, at=AT)
    assert [line.kind for line in cases.timeline(soon)][-1] == "released"


def test_a_case_is_not_taken_from_another_and_not_given_to_who_has_no_step(
    writer: Actor, judge: Actor, soon: int
) -> None:
    other = person("other", "lights", "tests.write")
    stranger = person("stranger", "lifts", "tests.write")
    assigning.take(soon, actor=other, at=AT)
    for wrong, code in (
        (lambda: assigning.take(soon, actor=writer, at=AT), "taken"),
        (lambda: assigning.release(soon, actor=writer, at=AT), "forbidden"),
        (lambda: assigning.give(soon, writer.id or 0, actor=writer, at=AT), "forbidden"),
        (lambda: assigning.give(soon, stranger.id or 0, actor=judge, at=AT), "not_theirs"),
        (lambda: assigning.take(soon, actor=stranger, at=AT), "forbidden"),
    ):
        with pytest.raises(Refusal) as told:
            wrong()
        assert told.value.code == code
    assigning.give(soon, writer.id or 0, actor=judge, at=AT)
    assert cases.get(soon).assignee == writer.id
    assigning.give(soon, other.id or 0, actor=writer, at=AT)
    assert titles(other, Filter(whose="me")) == [soon]


# In bulk ----------------------------------------------------------------------------------------------------
@pytest.fixture
def step() -> Iterator[str]:
    def send(case: cases.CaseView, actor: Actor, at: datetime) -> None:
        cases.perform(case.id, "send", actor=actor, at=at)

    bulk.register_bulk_step("tests.paper", "send", send)
    yield "tests.paper:send"
    bulk._steps.pop("tests.paper:send")


def test_one_refusal_does_not_hold_up_the_others(step: str, writer: Actor, late: int, soon: int) -> None:
    cases.perform(late, "send", actor=writer, at=AT)
    outcome = bulk.perform_many(step, [late, soon], actor=writer, at=AT)
    assert outcome.done == 1
    assert [case.id for case, _message in outcome.refused] == [late]
    assert cases.get(soon).state != "draft"


def test_only_a_step_without_a_reason_is_made_in_bulk(writer: Actor) -> None:
    with pytest.raises(ValueError, match="without a reason"):
        bulk.register_bulk_step("tests.paper", "return", lambda *_given: None)
    with pytest.raises(Refusal):
        bulk.perform_many("tests.paper:unknown", [], actor=writer, at=AT)


# Saved filters ----------------------------------------------------------------------------------------------
def test_a_filter_is_kept_under_a_name_and_one_opens_with_the_page(writer: Actor, client: Client) -> None:
    first = saved.save("Срочное", Filter(due="overdue"), actor=writer, is_default=True)
    second = saved.save("Моё", Filter(whose="me"), actor=writer, is_default=True)
    assert [(one.name, one.is_default) for one in saved.saved_filters(writer)] == [
        ("Моё", True),
        ("Срочное", False),
    ]
    saved.make_default(first, actor=writer)
    client.force_login(User.objects.get(pk=writer.id), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/staff/")["Location"] == "/staff/?due=overdue"
    stranger = person("stranger", "lifts", "tests.write")
    with pytest.raises(Refusal):
        saved.remove(second, actor=stranger)
    saved.remove(second, actor=writer)
    assert len(saved.saved_filters(writer)) == 1


# Deputies ---------------------------------------------------------------------------------------------------
def test_what_waits_for_an_absent_person_is_marked(writer: Actor, soon: int) -> None:
    deputy = person("deputy", "lifts", "tests.write")
    assert titles(deputy) == []
    Deputy.objects.create(
        absent_id=writer.id,
        deputy_id=deputy.id,
        valid=DateRange(clock.today(), clock.today() + timedelta(days=9)),
        roles=["role-writer"],
        reason="leave",
    )
    rows = Inbox(deputy, at=AT).page(Filter(), None)[1]
    assert [(row.case.id, row.behalf) for row in rows] == [(soon, "writer")]
    own = paper("lifts", number="own", due_at=AT)
    assert titles(deputy, Filter(source="own")) == [own]
    assert titles(deputy, Filter(source="absent")) == [soon]
    assert {row.case.id: row.behalf for row in Inbox(deputy, at=AT).page(Filter(), None)[1]}[own] == ""


# The page ---------------------------------------------------------------------------------------------------
def signed_in(client: Client, actor: Actor) -> Client:
    client.force_login(User.objects.get(pk=actor.id), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_asks_the_database_as_often_for_forty_cases_as_for_one(
    client: Client, writer: Actor, judge: Actor
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/staff/").status_code == 200
        return len(captured)

    signed_in(client, writer)
    assigning.take(paper(number="first", due_at=AT), actor=writer, at=AT)
    asked()
    few = asked()
    for number in range(40):
        assigning.take(paper(number=f"case {number}", due_at=AT), actor=writer, at=AT)
    assert asked() == few
    assert few <= 25


def test_many_are_taken_at_once_and_the_question_stays(client: Client, writer: Actor) -> None:
    numbers = [paper(number=f"case {number}", due_at=AT) for number in range(10)]
    signed_in(client, writer)
    answer: Any = client.post(
        "/staff/cases/", {"do": "take", "case": numbers, "query": "due=overdue"}, follow=True
    )
    assert answer.redirect_chain == [("/staff/?due=overdue", 302)]
    assert set(Case.objects.values_list("assignee_id", flat=True)) == {writer.id}
    assert [str(one) for one in answer.context["messages"]] == ["Сделано для 10 дел."]
    nothing: Any = client.post("/staff/cases/", {"do": "take"}, follow=True)
    assert [one.level_tag for one in nothing.context["messages"]] == ["error"]


def test_a_filter_without_a_name_is_told_beside_its_field(client: Client, writer: Actor) -> None:
    signed_in(client, writer)
    page = client.post("/staff/filters/", {"name": " ", "query": "due=week"}).content.decode()
    assert 'href="#id_name"' in page
    assert 'value="due=week"' in page
