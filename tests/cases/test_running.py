"""What the administrator sees: jobs and why they failed, health, channels, the words of messages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from procrastinate.contrib.django import app

from shaar.access.api import Actor
from shaar.access.models import User
from shaar.cases.models import Delivery, JobFailure, Notice
from shaar.cases.notices import kinds, wording
from shaar.cases.running import failures, health
from shaar.kernel import clock, job_list, jobs
from shaar.kernel.errors import Refusal
from tests.cases.conftest import person

AT = datetime(2022, 4, 4, 4, tzinfo=UTC)


@jobs.task("tests.break", retry=False)
def _break(who: str) -> None:
    raise Refusal("broken", f"the telephone of {who}")


@pytest.fixture
def admin(units: None) -> Actor:
    return person("admin", "city-hall", "cases.channels", "cases.operate")


@pytest.fixture
def page(client: Client, admin: Actor) -> Client:
    client.force_login(User.objects.get(pk=admin.id), backend="django.contrib.auth.backends.ModelBackend")
    return client


# Jobs -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_a_failed_job_says_why_without_its_words_and_is_tried_again(units: None, client: Client) -> None:
    admin = person("admin", "city-hall", "cases.operate")
    number = jobs.defer("tests.break", who="Asan")
    jobs.run_pending()
    failure = JobFailure.objects.get(job_id=number)
    assert (failure.task, failure.error) == ("tests.break", "Refusal broken")
    client.force_login(User.objects.get(pk=admin.id), backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get("/staff/jobs/").content.decode()
    assert "Refusal broken" in shown
    assert "Asan" not in shown
    client.post(f"/staff/jobs/{number}/", {"do": "retry"})
    assert job_list.counts()["todo"] == 1
    with pytest.raises(Refusal):
        job_list.retry(number, at=clock.now())
    client.post(f"/staff/jobs/{number}/", {"do": "cancel"})
    assert job_list.counts()["cancelled"] == 1
    with pytest.raises(Refusal):
        job_list.cancel(number)


def test_the_place_of_an_error_is_a_line_of_ours() -> None:
    with pytest.raises(Refusal) as told:
        wording.check(wording.Words("", ""))
    assert failures._place(told.value).startswith("shaar/kernel/errors.py:")
    assert failures._place(ValueError("x")) == ""


def test_only_who_looks_after_the_installation_sees_these_pages(client: Client, writer: Actor) -> None:
    client.force_login(User.objects.get(pk=writer.id), backend="django.contrib.auth.backends.ModelBackend")
    for address in ("jobs", "health", "channels", "words", "words/cases.assigned/ru"):
        assert client.get(f"/staff/{address}/").status_code == 403


# Health -----------------------------------------------------------------------------------------------------
def test_health_tells_of_a_missing_worker_backup_and_of_lag(
    page: Client, settings: Any, tmp_path: Path
) -> None:
    settings.SHAAR_HOME = tmp_path
    found = {check.code: one for check, one in page.get("/staff/health/").context["findings"]}
    assert {code for code, one in found.items() if one.state == "bad"} == {"worker", "backup"}
    app.configure_task("cases.deliver", schedule_at=clock.now() - timedelta(hours=2)).defer(delivery=0)
    (tmp_path / "last-backup").write_text((clock.now() - timedelta(days=2)).isoformat())
    found = {check.code: one for check, one in health.findings(at=clock.now())}
    assert (found["queue"].state, found["figures"].state) == ("bad", "good")
    assert found["backup"].state == "warning"


def test_a_balancer_is_told_little_and_the_truth(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"].startswith("max-age=0")
    assert client.get("/health/live/").status_code == 200
    monkeypatch.setattr(health, "is_ready", lambda: False)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "down"})


# Channels ---------------------------------------------------------------------------------------------------
def test_what_was_given_up_is_shown_and_tried_again(page: Client, admin: Actor) -> None:
    notice = Notice.objects.create(
        user_id=admin.id, kind=kinds.OVERDUE, key="a", text_ru="Просрочено", told_at=AT
    )
    row = Delivery.objects.create(
        notice=notice, channel="email", state="dead", next_at=AT, attempts=10, reason="smtp 550"
    )
    shown = page.get("/staff/channels/").content.decode()
    assert "smtp 550" in shown
    page.post("/staff/channels/change/", {"delivery": row.pk})
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("waiting", 0)
    answer: Any = page.post("/staff/channels/change/", {"channel": "email"}, follow=True)
    assert [one.level_tag for one in answer.context["messages"]] == ["success", "error"]
    answer = page.post("/staff/channels/change/", {"channel": "pigeon"}, follow=True)
    assert answer.status_code == 200


# Words ------------------------------------------------------------------------------------------------------
def test_words_are_previewed_then_saved_then_returned_to_the_usual(page: Client) -> None:
    address = "/staff/words/cases.assigned/ru/"
    given = {"title": "Мэрия: {kind}", "body": "{text}"}
    preview = page.post(address, given | {"do": "preview"})
    assert preview.context["title"] == "Мэрия: Вам передано дело"
    assert not wording.words_of(kinds.ASSIGNED, "ru").is_own
    assert page.post(address, given | {"do": "save"}).status_code == 302
    assert wording.words_of(kinds.ASSIGNED, "ru").title == "Мэрия: {kind}"
    assert "изменено" in page.get("/staff/words/").content.decode()
    page.post(address, {"do": "reset"})
    assert not wording.words_of(kinds.ASSIGNED, "ru").is_own


def test_a_wrong_placeholder_is_told_beside_its_field_and_what_was_typed_stays(page: Client) -> None:
    given = {"title": "{kind}", "body": "{text} {secret}", "do": "save"}
    shown = page.post("/staff/words/cases.assigned/ru/", given).content.decode()
    assert 'href="#id_body"' in shown
    assert "{secret}" in shown
    assert page.get("/staff/words/cases.unknown/ru/").status_code == 404
    assert page.get("/staff/words/cases.assigned/en/").status_code == 404


def test_the_settings_of_tests_send_nothing_out() -> None:
    assert configured.SHAAR_EMAIL is None
    assert configured.TELEGRAM_TOKEN == ""
