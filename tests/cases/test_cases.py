"""Cases go only where their table lets them, and only by the hands of those who may."""

import inspect
import io
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from shaar.access.api import Actor, system_actor
from shaar.cases import services
from shaar.cases.api import (
    State,
    Transition,
    Workflow,
    assign,
    attach,
    available,
    comment,
    escalate,
    faults,
    get,
    inbox,
    mermaid,
    notices,
    open_case,
    overdue,
    pause,
    perform,
    resume,
    set_deadline,
    store_file,
    timeline,
)
from shaar.cases.jobs import escalate_overdue
from shaar.cases.models import Case, Notice
from shaar.cases.outcomes import KINDS
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text
from shaar.ledger.api import Subject
from tests.cases.conftest import PAPER, person

AT = datetime(2022, 4, 4, 4, tzinfo=UTC)  # a Monday morning in the city


def paper(unit: str = "lights", *, number: str = "1", due_at: datetime | None = None) -> int:
    """Open a case about a paper."""
    return open_case(
        PAPER.code,
        subject=Subject("tests", "paper", number, title="", url=f"/papers/{number}/"),
        unit=unit,
        title=Text(f"Бумага {number}", f"Кагаз {number}"),
        actor=system_actor("tests"),
        at=AT,
        due_at=due_at,
    )


@pytest.mark.django_db
def test_a_case_is_carried_from_hand_to_hand_and_its_timeline_tells_it(writer: Actor, judge: Actor) -> None:
    number = paper()
    perform(number, "send", actor=writer, at=AT)
    perform(number, "return", actor=judge, at=AT, reason="Нет подписи")
    perform(number, "send", actor=writer, at=AT)
    done = perform(number, "accept", actor=judge, at=AT)
    assert (done.state, done.closed_at) == ("done", AT)
    told = [(line.kind, line.transition, line.actor, line.text) for line in timeline(number)]
    assert told == [
        ("opened", "", "tests", ""),
        ("moved", "send", "writer", ""),
        ("moved", "return", "judge", "Нет подписи"),
        ("moved", "send", "writer", ""),
        ("moved", "accept", "judge", ""),
    ]


@pytest.mark.django_db
def test_a_step_that_may_not_be_made_is_refused_and_changes_nothing(writer: Actor, judge: Actor) -> None:
    number = paper()
    stranger = person("stranger", "lifts", "tests.write")
    for step, actor, code in (
        ("accept", judge, "not_allowed_here"),
        ("vanish", judge, "not_allowed_here"),
        ("send", judge, "forbidden"),
        ("send", stranger, "forbidden"),
    ):
        with pytest.raises(Refusal) as refused:
            perform(number, step, actor=actor, at=AT)
        assert refused.value.code == code
    perform(number, "send", actor=writer, at=AT)
    with pytest.raises(Refusal) as refused:
        perform(number, "return", actor=judge, at=AT, reason="  ")
    assert refused.value.code == "reason_required"
    assert get(number).state == "sent"
    assert len(timeline(number)) == 2


@pytest.mark.django_db
def test_the_inbox_holds_what_waits_for_a_person_and_nothing_else(writer: Actor, judge: Actor) -> None:
    late = paper(number="1", due_at=AT + timedelta(days=9))
    soon = paper(number="2", due_at=AT + timedelta(days=1))
    other = paper("lifts", number="3")
    assert [case.id for case in inbox(writer)] == [soon, late]
    assert inbox(judge) == []
    perform(late, "send", actor=writer, at=AT)
    assert [case.id for case in inbox(judge)] == [late]
    assert [case.id for case in inbox(writer)] == [soon]
    assert other not in {case.id for case in inbox(writer)}
    assert [step.code for step in available(late, actor=judge)] == ["accept", "return"]
    assert available(late, actor=writer) == []


@pytest.mark.django_db
def test_the_timeline_cannot_be_changed(writer: Actor) -> None:
    number = paper()
    comment(number, actor=writer, at=AT, text="Жду")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in (
            "UPDATE cases_event SET text = ''",
            "DELETE FROM cases_event",
            "TRUNCATE cases_event CASCADE",
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement)
    assert timeline(number)[-1].text == "Жду"


@pytest.mark.django_db
def test_what_is_overdue_is_told_once_a_level_however_often_it_is_asked(writer: Actor, judge: Actor) -> None:
    ruler = person("ruler", "city-hall", "tests.rule")
    number = paper(due_at=AT)
    friday = AT + timedelta(days=4)

    def tell(at: datetime) -> int:
        return escalate(number, at=at, actor=system_actor("tests"))

    assert tell(AT + timedelta(days=1)) == 0
    assert tell(AT + timedelta(days=2)) == 1
    assert tell(AT + timedelta(days=2)) == 0
    assert (len(notices(judge)), len(notices(ruler))) == (1, 0)
    assert tell(friday) == 1
    assert tell(friday + timedelta(days=30)) == 0
    assert len(notices(ruler)) == 1
    assert [case.id for case in overdue(judge, "tests.judge", at=friday)] == [number]
    assert overdue(writer, "tests.judge", at=friday) == []


@pytest.mark.django_db
def test_a_paused_case_is_not_late_and_its_deadline_moves_on(judge: Actor) -> None:
    number = paper(due_at=AT + timedelta(days=1))
    pause(number, actor=judge, at=AT, reason="Ждём справку")
    assert not get(number).is_overdue(AT + timedelta(days=5))
    assert escalate(number, at=AT + timedelta(days=20), actor=judge) == 0
    resume(number, actor=judge, at=AT + timedelta(days=7))
    due_at = get(number).due_at
    assert due_at is not None
    assert due_at > AT + timedelta(days=7)
    with pytest.raises(Refusal):
        resume(number, actor=judge, at=AT)


@pytest.mark.django_db
def test_a_pause_leaves_the_working_time_to_the_minute(judge: Actor) -> None:
    due_at = AT + timedelta(hours=2, minutes=37, seconds=11)
    number = paper(due_at=due_at)
    pause(number, actor=judge, at=AT, reason="Ждём справку")
    resume(number, actor=judge, at=AT + timedelta(days=7))
    assert get(number).due_at == due_at + timedelta(days=7)


@pytest.mark.django_db
def test_a_new_deadline_is_told_of_anew(judge: Actor) -> None:
    number, late = paper(due_at=AT), AT + timedelta(days=2)
    assert escalate(number, at=late, actor=judge) == 1
    set_deadline(number, AT, actor=judge, at=late, reason="Ещё раз")
    assert escalate(number, at=late, actor=judge) == 1
    assert Notice.objects.filter(user_id=judge.id, case_id=number).count() == 2


@pytest.mark.django_db
def test_one_case_that_cannot_be_told_of_does_not_hold_up_the_others(judge: Actor) -> None:
    lost, number = paper(number="1", due_at=AT), paper(number="2", due_at=AT)
    Case.objects.filter(pk=lost).update(workflow="tests.gone")
    escalate_overdue()
    assert [row.case_id for row in Notice.objects.all()] == [number]


@pytest.mark.django_db
def test_a_subject_is_opened_once(units: None) -> None:
    paper()
    with pytest.raises(Refusal) as refused:
        paper()
    assert refused.value.code == "already_open"


@pytest.mark.django_db
def test_a_closed_case_is_reopened_only_by_a_step_that_says_so(writer: Actor, judge: Actor) -> None:
    number = paper(due_at=AT)
    perform(number, "send", actor=writer, at=AT)
    perform(number, "accept", actor=judge, at=AT, comment="Хорошо")
    assert timeline(number)[-1].text == "Хорошо"
    for act in (
        lambda: set_deadline(number, AT, actor=judge, at=AT, reason="Надо"),
        lambda: assign(number, judge.id, actor=judge, at=AT),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "case_closed"
    again = perform(number, "reopen", actor=judge, at=AT, reason="Ошибка")
    assert (again.state, again.closed_at, again.due_at) == ("draft", None, None)


@pytest.mark.django_db
def test_only_who_takes_part_comments_and_attaches(writer: Actor, store: Path) -> None:
    number, stranger = paper(), person("stranger", "lifts", "tests.write", "cases.assign")
    given = store_file(io.BytesIO(b"text"), name="a.txt", actor=writer, at=AT)
    for act in (
        lambda: comment(number, actor=stranger, at=AT, text="Я"),
        lambda: attach(number, given.id, actor=stranger, at=AT),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "forbidden"
    attach(number, given.id)
    attach(number, given.id, actor=writer, at=AT)
    lines = [(line.kind, line.actor, line.text) for line in timeline(number)]
    assert lines[1:] == [("attached", "writer", "a.txt")]
    with pytest.raises(Refusal) as refused:
        attach(paper(number="2"), given.id, actor=writer, at=AT)
    assert refused.value.code == "unknown_file"


@pytest.mark.django_db
def test_the_inbox_is_paged_with_as_many_queries_however_much_waits(writer: Actor) -> None:
    numbers = [paper(number="0")]
    inbox(writer)
    with CaptureQueriesContext(connection) as few:
        inbox(writer)
    numbers += [paper(number=str(number)) for number in range(1, 20)]
    with CaptureQueriesContext(connection) as many:
        assert [case.id for case in inbox(writer)] == numbers
    assert len(few) == len(many)
    assert [case.id for case in inbox(writer, offset=15, limit=3)] == numbers[15:18]


@pytest.mark.django_db
def test_only_those_who_govern_move_deadlines(writer: Actor, judge: Actor) -> None:
    number = paper(due_at=AT)
    with pytest.raises(Refusal):
        set_deadline(number, AT, actor=writer, at=AT, reason="Надо")
    set_deadline(number, AT + timedelta(days=3), actor=judge, at=AT, reason="Праздники")
    assert get(number).due_at == AT + timedelta(days=3)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_is_refused(writer: Actor, judge: Actor) -> None:
    number = paper()
    perform(number, "send", actor=writer, at=AT)
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def press(step: str) -> None:
        try:
            gate.wait(timeout=10)
            perform(number, step, actor=judge, at=AT, reason="x")
            outcomes.append("done")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    pressed = [threading.Thread(target=press, args=(step,)) for step in ("accept", "return")]
    for thread in pressed:
        thread.start()
    for thread in pressed:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["done", "not_allowed_here"]
    assert len(timeline(number)) == 3


def test_a_workflow_with_a_fault_is_not_registered() -> None:
    a, b, end = State("a", "A"), State("b", "B"), State("end", "End", is_final=True)
    go = Transition("go", "Go", ("a",), "end", "tests.write")
    assert list(faults(Workflow("w", "W", (a, end), (go,)))) == []
    assert list(faults(Workflow("w", "W", (a, b, end), (go,)))) == [
        "nothing leaves the state b, which is not final",
        "no transition reaches the state b",
    ]
    back = Transition("back", "Back", ("end",), "a", "tests.write")
    again = Transition("again", "Again", ("end",), "a", "tests.write", reopens=True)
    assert list(faults(Workflow("w", "W", (a, end), (go, again)))) == []
    stuck = Transition("stick", "Stick", ("a",), "b", "tests.write")
    assert list(faults(Workflow("w", "W", (a, b, end), (go, stuck)))) == [
        "nothing leaves the state b, which is not final"
    ]
    assert "a has no name" in list(faults(Workflow("w", "W", (State("a", " "), end), (go,))))
    early = Transition("early", "Early", ("a",), "end", "tests.write", reopens=True)
    assert "early reopens the state a, which is not final" in list(
        faults(Workflow("w", "W", (a, end), (go, early)))
    )
    assert "back leaves the final state end" in list(faults(Workflow("w", "W", (a, end), (go, back))))
    lost = Transition("lose", "Lose", ("a",), "nowhere", "tests.write")
    assert "lose names the unknown state nowhere" in list(faults(Workflow("w", "W", (a, end), (go, lost))))


@given(st.lists(st.sampled_from([step.code for step in PAPER.transitions]), max_size=30))
def test_no_walk_leaves_the_table(steps: list[str]) -> None:
    state = PAPER.initial
    for code in steps:
        step = PAPER.transition(code)
        assert step is not None
        if step in PAPER.leaving(state):
            state = step.target
    assert PAPER.state(state) in PAPER.states


def test_the_diagram_draws_the_whole_table() -> None:
    drawn = mermaid(PAPER)
    assert "sent --> draft: return (tests.judge)" in drawn
    assert drawn.count("-->") == 6
    assert "done --> draft: reopen (tests.judge, reopens)" in drawn


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_each_kind_of_line_has_a_name_in_each_language(language: str) -> None:
    source = inspect.getsource(services)
    kinds = set(re.findall(r'_tell\(\s*[^"]*?"(\w+)"', source))
    assert {"opened", "commented", "attached", "assigned", "escalated"} <= kinds <= set(KINDS)
    with override("en"):
        english = {kind: str(name) for kind, name in KINDS.items()}
    with override(language):
        assert [kind for kind, name in KINDS.items() if str(name) == english[kind]] == []
