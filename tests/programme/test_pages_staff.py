"""The staff pages of programmes: who may open them, and that nothing typed is lost."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shaar.access.api import system_actor
from shaar.access.models import User
from shaar.cases import api as cases
from shaar.kernel import clock
from shaar.kernel.texts import Text
from shaar.programme import queries, reporting, services
from shaar.programme.models import MeasureVersion
from shaar.programme.outcomes import IndicatorData, MeasureData
from tests.programme.conftest import People

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client: Client, people: People) -> Any:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"

    def sign(name: str) -> Client:
        user = User.objects.get(username=name)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign


def typed(client: Client, report: int, **changes: str) -> dict[str, str]:
    """Return what the report's form would send, each measure in progress, with some controls changed."""
    form = client.get(f"/staff/reports/{report}/").context["form"]
    given = {name: "in_progress" if name.startswith("status-") else "" for name in form.fields}
    given = {name: text for name, text in given.items() if not name.startswith(("files-", "held-"))}
    return given | changes


def first_figure(client: Client, report: int) -> str:
    fields = client.get(f"/staff/reports/{report}/").context["form"].fields
    return next(name for name in fields if name.startswith("figure-"))


@pytest.mark.parametrize("address", ["/staff/", "/staff/overdue/", "/staff/plans/", "/staff/reports/1/"])
def test_a_stranger_is_asked_to_sign_in(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_a_person_sees_only_the_reports_of_their_unit(sign_in: Any, report: int) -> None:
    client = sign_in("reporter")
    others = [one.id for one in reporting.reports_of(1) if one.id != report] or [
        one for one in range(1, 50) if one != report
    ]
    for part in ("", "form.xlsx", "upload/"):
        assert client.get(f"/staff/reports/{report}/{part}").status_code == 200
        assert client.get(f"/staff/reports/{others[0]}/{part}").status_code in {403, 404}
    assert client.get("/staff/reports/999999/").status_code == 404
    assert client.get("/staff/plans/").status_code == 403
    assert client.get("/staff/overdue/round/").status_code == 403


def test_my_work_shows_what_waits_by_role(sign_in: Any, report: int) -> None:
    link = f'href="/staff/reports/{report}/"'
    assert link in sign_in("reporter").get("/staff/").content.decode()
    client = sign_in("head")
    client.post(f"/staff/reports/{report}/", typed(client, report) | {"submit": "1"})
    assert reporting.unit_report(report).state == "submitted"
    assert "Утвердить" in client.get(f"/staff/reports/{report}/").content.decode()
    client.post(f"/staff/reports/{report}/steps/approve/")
    client = sign_in("office")
    waiting = client.get("/staff/").context["rows"]
    assert [row.case.url for row in waiting] == [f"/staff/reports/{report}/"]


def test_a_draft_keeps_what_was_typed(sign_in: Any, report: int) -> None:
    client = sign_in("reporter")
    figure = first_figure(client, report)
    sent = typed(client, report, **{figure: "более 80"})
    assert client.post(f"/staff/reports/{report}/", sent | {"save": "1"}).status_code == 302
    page = client.get(f"/staff/reports/{report}/").content.decode()
    assert 'value="более 80"' in page
    (held,) = reporting.unit_report(report).figures
    assert held.quantity.qualifier == "at_least"


@pytest.mark.parametrize("wrong", ["1 1684", "много"])
def test_a_wrong_figure_is_told_beside_its_field_and_nothing_typed_is_lost(
    sign_in: Any, report: int, wrong: str
) -> None:
    client = sign_in("reporter")
    figure = first_figure(client, report)
    measure = reporting.unit_report(report).measures[0]
    sent = typed(client, report, **{figure: wrong, f"text-{measure}": "Сделано то и это"})
    answer = client.post(f"/staff/reports/{report}/", sent | {"save": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{wrong}"' in page
    assert "Сделано то и это" in page
    assert f'href="#id_{figure}"' in page
    assert f'id="id_{figure}-error"' in page
    view = reporting.unit_report(report)
    assert (view.entries, view.figures) == ((), ())


def test_a_report_without_every_status_is_not_handed_in(sign_in: Any, report: int) -> None:
    client = sign_in("reporter")
    measure = reporting.unit_report(report).measures[0]
    sent = typed(client, report, **{f"status-{measure}": ""})
    answer = client.post(f"/staff/reports/{report}/", sent | {"submit": "1"})
    assert answer.status_code == 200
    assert f'href="#id_status-{measure}"' in answer.content.decode()
    assert reporting.unit_report(report).state == "draft"


def test_an_overdue_measure_needs_a_reason(sign_in: Any, report: int) -> None:
    client = sign_in("reporter")
    measure = reporting.unit_report(report).measures[0]
    sent = typed(client, report, **{f"status-{measure}": "overdue"})
    answer = client.post(f"/staff/reports/{report}/", sent | {"save": "1"})
    assert f'id="id_reason-{measure}-error"' in answer.content.decode()


def test_a_file_is_kept_with_its_measure(sign_in: Any, report: int) -> None:
    client = sign_in("reporter")
    measure = reporting.unit_report(report).measures[0]
    proof = SimpleUploadedFile("акт.txt", "Акт приёмки".encode())
    sent = typed(client, report) | {f"files-{measure}": proof, "save": "1"}
    assert client.post(f"/staff/reports/{report}/", sent).status_code == 302
    assert "акт.txt" in client.get(f"/staff/reports/{report}/").content.decode()


def test_a_report_is_returned_only_with_a_remark(sign_in: Any, report: int) -> None:
    client = sign_in("head")
    client.post(f"/staff/reports/{report}/", typed(client, report) | {"submit": "1"})
    answer = client.post(f"/staff/reports/{report}/steps/head_return/", {"remark": " "})
    assert answer.status_code == 200
    assert reporting.unit_report(report).state == "submitted"
    client.post(f"/staff/reports/{report}/steps/head_return/", {"remark": "Проверьте число"})
    page = client.get(f"/staff/reports/{report}/").content.decode()
    assert "Возвращён с замечанием:" in page
    assert "Проверьте число" in page


def test_a_reminder_does_not_hide_the_remark(sign_in: Any, report: int) -> None:
    client = sign_in("head")
    client.post(f"/staff/reports/{report}/", typed(client, report) | {"submit": "1"})
    client.post(f"/staff/reports/{report}/steps/head_return/", {"remark": "Проверьте число"})
    case = reporting.unit_report(report).case_id
    assert cases.escalate(case, at=clock.now(), actor=system_actor("escalation")) > 0
    answer = client.get(f"/staff/reports/{report}/")
    assert answer.context["returned"].text == "Проверьте число"


def test_a_file_that_is_no_workbook_is_told_and_changes_nothing(sign_in: Any, report: int) -> None:
    client = sign_in("reporter")
    for content in (b"%PDF-1.7 nothing", b"", b"PK\x03\x04 broken"):
        wrong = SimpleUploadedFile("form.xlsx", content)
        answer = client.post(f"/staff/reports/{report}/upload/", {"file": wrong})
        assert answer.status_code == 200
        assert 'id="id_file-error"' in answer.content.decode()


def test_a_forged_token_writes_nothing(sign_in: Any, report: int) -> None:
    client = sign_in("reporter")
    answer = client.post(f"/staff/reports/{report}/apply/", {"token": "forged"})
    assert answer["Location"] == f"/staff/reports/{report}/upload/"
    assert reporting.unit_report(report).figures == ()


def test_the_office_changes_a_plan_by_a_revision(sign_in: Any, report: int) -> None:
    client = sign_in("office")
    MeasureVersion.objects.filter(measure__code="social-schools").update(
        source_document="report-2022", source_line=17
    )
    plan = "/staff/plans/bishkek-2026/"
    assert client.post(plan, {"act": "none", "effective_from": ""}).status_code == 200
    client.post(plan, {"act": "plan-2022", "effective_from": "2023-02-01"})
    change = f"{plan}measures/social-schools/"
    form = client.get(change).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in values.items() if value} | {"text_ru": "Новый текст"}
    wrong = client.post(change, sent | {"funding": "без точек с запятой"})
    assert wrong.status_code == 200
    assert "без точек с запятой" in wrong.content.decode()
    client.post(change, sent | {"funding": "Бюджет города; 2023; 1 000,50; KGS"})
    client.post(f"{plan}measures/social-preschools/cancel/", {"reason": "Передано другому ведомству"})
    client.post(f"{plan}enact/")
    by_code = {one.code: one for one in queries.measures("bishkek-2026", year=2022, on=date(2023, 2, 1))}
    assert by_code["social-schools"].text.ru == "Новый текст"
    assert by_code["social-schools"].funding[0].amount == 1000.5
    assert by_code["social-preschools"].is_cancelled
    earlier = queries.measure("bishkek-2026", "social-schools", year=2022, on=date(2023, 1, 31))
    assert earlier.text.ru != "Новый текст"
    assert by_code["social-schools"].source == earlier.source
    address = "/programmes/bishkek-2026/measures/social-schools/?year=2022"
    page = client.get(address)
    latest, first = page.context["changes"]
    assert [(str(one.name), one.was) for one in latest.fields] == [
        ("Текст на русском", earlier.text.ru),
        ("Финансирование", ""),
    ]
    assert (latest.who, first.is_first) == ("office", True)
    assert f"{earlier.text.ru}</td>" in page.content.decode()
    assert "office" in page.content.decode().partition("История мероприятия")[2]
    client.logout()
    assert "office" not in client.get(address).content.decode().partition("История мероприятия")[2]
    (cancelled, _first) = client.get(address.replace("schools", "preschools")).context["changes"]
    assert [one.becomes for one in cancelled.fields] == ["Передано другому ведомству"]


def test_who_has_not_reported_is_always_on_screen(sign_in: Any, report: int) -> None:
    client = sign_in("office")
    page = client.get("/staff/overdue/").content.decode()
    assert f'href="/staff/reports/{report}/"' in page
    client.post("/staff/overdue/round/", {"programme": "bishkek-2026", "period": "2022-H2", "days": "10"})
    assert client.get("/staff/overdue/").context["all_count"] > 1
    again = client.post(
        "/staff/overdue/round/", {"programme": "bishkek-2026", "period": "2022-H2", "days": "10"}
    )
    assert again.status_code == 200


PAGES = {
    "/staff/": 40,
    "/staff/reports/": 21,
    "/staff/overdue/": 16,
    "/staff/overdue/round/": 15,
    "/staff/plans/": 15,
    "/staff/plans/bishkek-2026/": 20,
    "/staff/reports/{report}/": 44,
    "/staff/reports/{report}/upload/": 41,
}


def test_staff_pages_ask_the_database_as_often_whatever_the_number_of_measures(
    sign_in: Any, report: int, people: People
) -> None:
    def counts() -> dict[str, int]:
        found = {}
        for page in PAGES:
            client = sign_in("reporter" if page.endswith("upload/") else "office")
            client.get(page.format(report=report))
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page.format(report=report)).status_code == 200
            found[page] = len(asked)
        return found

    before = counts()
    by, at = people.office, clock.now()
    draft = services.start_revision(
        "bishkek-2026", act="plan-2022", effective_from=date(2022, 10, 1), actor=by, at=at
    )
    for number in range(12):
        data = MeasureData(
            f"more-{number}",
            "social",
            Text("Ещё мероприятие"),
            "2022",
            responsible=("bishkekgorlift",),
            indicators=(IndicatorData("lifts.delivered"),),
        )
        services.add_measure(draft.id, data, actor=by)
    services.enact_revision(draft.id, actor=by, at=at)
    after = counts()
    assert len(reporting.unit_report(report).measures) > 12
    assert after == before
    assert {page: count for page, count in after.items() if count > PAGES[page]} == {}
