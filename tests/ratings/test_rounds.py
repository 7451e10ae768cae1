"""A round of a rating: figures read and judged, an objection corrected by reversal, editions that stay."""

import hashlib
import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shaar.access import api as access
from shaar.cases import api as cases
from shaar.cases.models import Notice
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.periods import Period
from shaar.ratings import freezing, objections, rounds
from shaar.ratings.models import Edition, Entry, Objection, Regulation
from shaar.ratings.pack import check, load_pack
from tests.ratings.conftest import LENINSKY, OKTYABRSKY, QUARTER, Rated, recorded

EVENTS = "events"


def entry(rated: Rated, code: str = EVENTS, unit: str = LENINSKY) -> Entry:
    return Entry.objects.get(round=rated.number, unit=unit, code=code, takes_back=None, taken_back_by=None)


def score(rated: Rated, unit: str = LENINSKY) -> Decimal:
    found = freezing.result_of(rounds.get(rated.number), unit, runs=0)[2].score
    assert found is not None
    return found


def objection(rated: Rated) -> int:
    held, at = entry(rated).pk, clock.now()
    return objections.raise_objection(
        held, text="Двух мероприятий нет, демо", wanted=Decimal(10), actor=rated.head, at=at
    )


@pytest.fixture
def heard(rated: Rated) -> Rated:
    rounds.hear(rated.number, actor=rated.office, at=clock.now())
    return rated


# Figures ----------------------------------------------------------------------------------------------------
def test_figures_targets_and_what_is_missing_are_read_for_each_unit(rated: Rated) -> None:
    held = entry(rated)
    assert (held.stated, held.aim) == (8, 10)  # a quarter of the yearly 40
    assert held.origin == {"indicator": "culture.events_held", "state": "known", "facts": 1}
    assert entry(rated, "cameras").origin["problem"] == "missing"
    result = freezing.results(rounds.get(rated.number), runs=0)[0]
    assert [one.rank for one in result.units] == [1, 2, None, None]
    assert {one.reason for one in result.units[2:]} == {"no_data"}


def test_a_period_that_runs_or_is_of_another_length_or_is_rated_already_is_refused(rated: Rated) -> None:
    number, at = Regulation.objects.get().pk, clock.now()
    for period, code in (
        (Period.of(clock.today(), QUARTER.kind), "wrong_period"),
        (Period.parse("2026-05"), "wrong_period"),
        (Period.parse("2021"), "not_in_force"),
        (QUARTER, "already_open"),
    ):
        with pytest.raises(Refusal) as refused:
            rounds.open_round(number, period, actor=rated.office, at=at)
        assert refused.value.code == code
    with pytest.raises(Refusal, match="роли"):
        rounds.open_round(number, Period.parse("2025"), actor=rated.head, at=at)


def test_a_figure_that_has_changed_is_taken_back_and_written_anew(rated: Rated) -> None:
    before = entry(rated)
    assert rounds.read_again(rated.number, actor=rated.office, at=clock.now()) == 0
    recorded(LENINSKY, "culture.events_held", 1)
    assert rounds.read_again(rated.number, actor=rated.office, at=clock.now()) == 1
    assert entry(rated).stated == 9
    assert Entry.objects.get(takes_back=before).comment


def test_entries_and_editions_cannot_be_changed_in_the_database(rated: Rated) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(pk=entry(rated).pk).update(number=100)
    with pytest.raises(DatabaseError), transaction.atomic():
        Regulation.objects.all().delete()


def test_a_changed_regulation_is_a_new_version_and_rounds_keep_theirs(rated: Rated, pack: Path) -> None:
    path = pack / "ratings" / "example.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("weight: 20}", "weight: 10}"), encoding="utf-8")
    for _turn in range(2):
        load_pack(pack, actor="pack:bishkek")
    assert list(Regulation.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    group = rounds.get(rated.number).regulation.declared.group("administrations")
    assert group.judged is not None
    assert group.judged.weight == 20


def test_the_check_of_a_pack_names_file_line_and_field(pack: Path) -> None:
    assert list(check(pack)) == []
    path = pack / "ratings" / "example.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("weight: 70", "weight: 60"), encoding="utf-8")
    (said,) = check(pack)
    assert "example.yaml:" in said
    assert "90" in said


# Judging and penalties --------------------------------------------------------------------------------------
def test_a_judgement_needs_points_a_comment_and_the_right_and_is_replaced_by_reversal(rated: Rated) -> None:
    at = clock.now()
    before = score(rated)
    for points, comment, code in (
        ("101", "x", "bad_points"),
        ("NaN", "x", "bad_points"),
        ("5", " ", "comment_empty"),
    ):
        with pytest.raises(Refusal) as refused:
            rounds.judge(
                rated.number, LENINSKY, points=Decimal(points), comment=comment, actor=rated.mayor, at=at
            )
        assert refused.value.code == code
    with pytest.raises(Refusal):
        rounds.judge(rated.number, LENINSKY, points=Decimal(100), comment="x", actor=rated.head, at=at)
    rounds.judge(rated.number, LENINSKY, points=Decimal(100), comment="лучше, демо", actor=rated.mayor, at=at)
    assert score(rated) == before + 4  # 20 points more at 20 %
    assert Entry.objects.filter(unit=LENINSKY, kind="judged").count() == 3


def test_penalties_are_taken_off_up_to_their_limit(rated: Rated) -> None:
    before = score(rated)
    for times, left in ((1, before - 2), (5, before - 6)):
        rounds.penalise(
            rated.number, LENINSKY, "late-report", times=Decimal(times), comment="демо", actor=rated.office,
            at=clock.now(),
        )  # fmt: skip
        assert score(rated) == left
    with pytest.raises(Refusal) as refused:
        rounds.penalise(
            rated.number, LENINSKY, "late-report", times=Decimal("0.5"), comment="демо", actor=rated.office,
            at=clock.now(),
        )  # fmt: skip
    assert refused.value.code == "bad_points"


# Objections -------------------------------------------------------------------------------------------------
def test_an_upheld_objection_changes_the_score_by_a_reversal(heard: Rated) -> None:
    before, held = score(heard), entry(heard)
    number = objection(heard)
    objections.decide(
        number,
        is_upheld=True,
        reason="акт показан",
        corrected=Decimal(10),
        actor=heard.office,
        at=clock.now(),
    )
    assert score(heard) > before
    assert entry(heard).stated == 10
    assert entry(heard).objection_id == number
    assert Entry.objects.get(takes_back=held).objection_id == number
    case = Objection.objects.get().case_id or 0
    assert cases.get(case).state == "upheld"
    assert Notice.objects.filter(user_id=heard.head.id, url=f"/staff/ratings/rounds/{heard.number}/").exists()


def test_a_declined_objection_changes_nothing_and_needs_a_reason(heard: Rated) -> None:
    before, number = score(heard), objection(heard)
    with pytest.raises(Refusal) as refused:
        objections.decide(
            number, is_upheld=False, reason=" ", corrected=None, actor=heard.office, at=clock.now()
        )
    assert refused.value.code == "reason_required"
    objections.decide(
        number, is_upheld=False, reason="нет акта", corrected=None, actor=heard.office, at=clock.now()
    )
    assert score(heard) == before
    assert cases.get(Objection.objects.get().case_id or 0).state == "declined"


def test_nobody_objects_for_another_unit_twice_late_or_before_it_is_time(rated: Rated) -> None:
    def refused(number: int, at: object = None) -> str:
        with pytest.raises(Refusal) as found:
            objections.raise_objection(
                number, text="демо", wanted=None, actor=rated.head, at=at or clock.now()  # type: ignore[arg-type]
            )  # fmt: skip
        return found.value.code

    assert refused(entry(rated).pk) == "not_allowed_here"
    rounds.hear(rated.number, actor=rated.office, at=clock.now())
    assert refused(entry(rated, unit=OKTYABRSKY).pk) == "forbidden"
    assert refused(entry(rated).pk, clock.now() + timedelta(days=30)) == "too_late"
    objection(rated)
    assert refused(entry(rated).pk) == "already_open"


def test_an_upheld_objection_without_a_number_writes_nothing(heard: Rated) -> None:
    number, held = objection(heard), Entry.objects.count()
    for corrected, code in ((None, "number_required"), (Decimal(-1), "bad_number")):
        with pytest.raises(Refusal) as refused:
            objections.decide(
                number, is_upheld=True, reason="да", corrected=corrected, actor=heard.office, at=clock.now()
            )
        assert refused.value.code == code
    assert Entry.objects.count() == held
    assert Objection.objects.get().decided_at is None


# Publishing -------------------------------------------------------------------------------------------------
def published(rated: Rated) -> Edition:
    later = clock.now() + timedelta(days=14)
    for step, actor in (("settle", rated.office), ("approve", rated.mayor), ("publish", rated.mayor)):
        rounds.step(rated.number, step, actor=actor, at=later)
    return Edition.objects.latest("pk")


def test_a_round_is_settled_only_after_its_days_and_with_every_objection_decided(heard: Rated) -> None:
    with pytest.raises(Refusal) as refused:
        rounds.settle(heard.number, actor=heard.office, at=clock.now())
    assert refused.value.code == "too_early"
    number, later = objection(heard), clock.now() + timedelta(days=14)
    with pytest.raises(Refusal) as refused:
        rounds.settle(heard.number, actor=heard.office, at=later)
    assert refused.value.code == "objections_open"
    objections.withdraw(number, actor=heard.head, at=clock.now())
    rounds.settle(heard.number, actor=heard.office, at=later)


def test_an_edition_is_frozen_and_a_correction_is_another_edition_beside_it(
    heard: Rated, client: Client
) -> None:
    first = published(heard)
    body = client.get(f"/ratings/{first.pk}/edition.json").content
    assert hashlib.sha256(body).hexdigest() == first.sha256
    said = freezing.scores(json.loads(body))
    assert said[LENINSKY] == (score(heard), 2)
    rounds.step(heard.number, "reopen", actor=heard.mayor, at=clock.now(), reason="ошибка, демо")
    recorded(LENINSKY, "culture.events_held", 2)
    rounds.read_again(heard.number, actor=heard.office, at=clock.now())
    rounds.hear(heard.number, actor=heard.office, at=clock.now())
    second = published(heard)
    assert second.number == 2
    assert client.get(f"/ratings/{first.pk}/edition.json").content == body
    page = client.get(f"/ratings/{second.pk}/").content.decode()
    assert "В сравнении" in page
    assert f"/ratings/{second.pk}/" in client.get(f"/ratings/{first.pk}/").content.decode()


def test_only_who_may_approve_and_publish(heard: Rated) -> None:
    later = clock.now() + timedelta(days=14)
    rounds.step(heard.number, "settle", actor=heard.office, at=later)
    for actor in (heard.office, heard.head):
        with pytest.raises(Refusal) as refused:
            rounds.step(heard.number, "approve", actor=actor, at=later)
        assert refused.value.code == "forbidden"
    with pytest.raises(Refusal) as refused:
        rounds.step(heard.number, "publish", actor=heard.mayor, at=later)
    assert refused.value.code == "not_allowed_here"


# Pages ------------------------------------------------------------------------------------------------------
def signed_in(client: Client, actor: access.Actor) -> Client:
    from django.contrib.auth import get_user_model

    client.force_login(get_user_model().objects.get(pk=actor.id))
    return client


def test_a_head_sees_and_exports_the_own_unit_alone(rated: Rated, client: Client) -> None:
    signed_in(client, rated.head)
    page = client.get(f"/staff/ratings/rounds/{rated.number}/").content.decode()
    assert "Ленинского" in page
    assert "Октябрьского" not in page
    exported = client.get(f"/staff/ratings/rounds/{rated.number}/?export=csv").content.decode("utf-8-sig")
    assert "Ленинского" in exported
    assert "Октябрьского" not in exported
    assert client.get(f"/staff/ratings/rounds/{rated.number}/units/{OKTYABRSKY}/").status_code == 403
    assert client.get(f"/staff/ratings/rounds/{rated.number}/units/tazalyk/").status_code == 403


def test_the_page_of_a_unit_tells_every_number_and_opens_the_records(rated: Rated, client: Client) -> None:
    signed_in(client, rated.mayor)
    page = client.get(f"/staff/ratings/rounds/{rated.number}/units/{LENINSKY}/?next-band=1").content.decode()
    assert "8 / 10 = 0,8" in page
    assert f"/figures/culture.events_held/2026-Q2/?unit={LENINSKY}" in page
    tried = client.get(
        f"/staff/ratings/rounds/{rated.number}/units/{LENINSKY}/",
        {"what-if": "1", EVENTS: "10", "repairs": "3"},
    )
    assert "С такими фактами балл" in tried.content.decode()


def test_what_was_typed_stays_beside_its_message(rated: Rated, client: Client) -> None:
    signed_in(client, rated.mayor)
    url = f"/staff/ratings/rounds/{rated.number}/units/{LENINSKY}/judge/"
    page = client.post(url, {"points": "140", "comment": "слишком много"}).content.decode()
    assert "Оцените от 0 до 100 баллов." in page
    assert "слишком много" in page
    assert 'value="140"' in page


def test_pages_take_as_many_queries_for_many_units_as_for_few(rated: Rated, client: Client) -> None:
    signed_in(client, rated.mayor)
    client.get(f"/staff/ratings/rounds/{rated.number}/")
    counts = []
    for group in ("administrations", "enterprises"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(f"/staff/ratings/rounds/{rated.number}/?group={group}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
