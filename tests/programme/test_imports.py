"""Imports of plans: who may, what is refused at the door, and one revision or none."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from shaar.access import api as access
from shaar.access.models import User
from shaar.kernel import jobs
from shaar.kernel.errors import Refusal
from shaar.programme import importing, importwork, models, queries, services
from shaar.programme.workbooks import plansheets as sheets
from shaar.programme.workbooks.opening import LARGEST
from tests.programme.conftest import People

AT = datetime(2023, 1, 3, 4, 0, tzinfo=UTC)
PROGRAMME = "bishkek-2026"
DAY = date(2023, 2, 1)
MEASURES = sheets.MEASURES.title.ru


def revisions() -> Any:
    """Return the revisions of the programme that is brought in."""
    return models.PlanRevision.objects.filter(programme__code=PROGRAMME)


@pytest.fixture
def office(people: People) -> access.Actor:
    return people.office


def exported(office: access.Actor) -> bytes:
    return importing.plan_workbook(PROGRAMME, language="ru", actor=office)


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def reworded(book: Any) -> None:
    """Reword the first measure, take the second out, and add one with money and a target."""
    sheet = book[MEASURES]
    sheet["D3"] = "Другими словами"
    sheet.delete_rows(4)
    sheet.append(["added", None, "social", "Новое мероприятие", None, None, 2023, "city-hall"])
    book[sheets.FUNDING.title.ru].append(["added", "городской бюджет", 2023, 1000.5, "KGS"])
    book[sheets.INDICATORS.title.ru].append(["added", "lifts.delivered", 3, "2022"])
    book[sheets.TARGETS.title.ru].append(["added", "lifts.delivered", "2023", 5])


def sent(content: bytes, **changes: Any) -> importing.Sent:
    given = {"programme": PROGRAMME, "act": "plan-2022", "effective_from": DAY, "name": "plan.xlsx"}
    return importing.Sent(**(given | {"content": content} | changes))


def taken(content: bytes, office: access.Actor, **changes: Any) -> int:
    number = importing.take_in(sent(content, **changes), actor=office, at=AT)
    importwork.run_check(number, is_told=False)
    return number


def state(number: int) -> str:
    return models.PlanImport.objects.get(pk=number).state


# One revision or none ---------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_an_approved_workbook_becomes_one_revision(office: access.Actor) -> None:
    before = queries.measures(PROGRAMME, year=2022)
    number = taken(edited(exported(office), reworded), office)
    view = importing.plan_import(number, actor=office)
    assert view.state == "ready"
    assert [view.counts[one] for one in ("added", "changed", "removed", "problems")] == [1, 1, 1, 0]
    assert revisions().count() == 1

    importing.approve(number, actor=office, at=AT)
    jobs.run_pending()
    view = importing.plan_import(number, actor=office)
    assert (view.state, view.revision, view.done) == ("applied", 2, view.total)
    found = {one.code: one for one in queries.measures(PROGRAMME, year=2023, on=date(2023, 12, 31))}
    assert (found["added"].funding[0].amount, found["added"].targets[0][1].value) == (1000.5, 5)
    versions = models.MeasureVersion.objects.filter(revision__number=2)
    assert versions.count() == 3
    gone = versions.get(is_cancelled=True)
    assert gone.measure.code == before[1].code or gone.cancel_reason
    assert gone.cancel_reason.startswith("Исключено")
    assert queries.measures(PROGRAMME, year=2022, on=date(2023, 1, 1)) == queries.measures(
        PROGRAMME, year=2022, on=date(2023, 1, 31)
    )
    again = taken(exported(office), office)
    assert importing.found_in(again) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_running_a_finished_step_again_does_nothing(office: access.Actor) -> None:
    number = taken(edited(exported(office), reworded), office)
    importing.approve(number, actor=office, at=AT)
    for _again in range(3):
        importwork.run_check(number)
        importwork.run_writing(number, at=AT)
    assert revisions().count() == 2


@pytest.mark.django_db(transaction=True)
def test_how_far_it_is_shows_outside_while_nothing_of_the_plan_does(
    office: access.Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = taken(edited(exported(office), reworded), office)
    importing.approve(number, actor=office, at=AT)
    monkeypatch.setattr(importwork, "CHUNK", 1)
    outside, seen = connection.copy(), []
    write = importwork.write_versions

    def looked_at(*given: Any, **named: Any) -> None:
        write(*given, **named)
        with outside.cursor() as cursor:
            cursor.execute("SELECT state, done, total FROM programme_planimport WHERE id = %s", [number])
            told = cursor.fetchone()
            cursor.execute("SELECT count(*) FROM programme_planrevision WHERE number > 1")
            seen.append((told, cursor.fetchone()[0]))

    monkeypatch.setattr(importwork, "write_versions", looked_at)
    importwork.run_writing(number, at=AT)
    outside.close()
    assert {one[0][0] for one in seen} == {"applying"}
    assert {one[1] for one in seen} == {0}
    done = [one[0][1] for one in seen]
    assert done == sorted(set(done))
    assert state(number) == "applied"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["waiting", "writing", "at the end"])
def test_an_import_called_off_writes_nothing(
    office: access.Actor, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    number = taken(edited(exported(office), reworded), office)
    importing.approve(number, actor=office, at=AT)
    outside = connection.copy()

    def call_off() -> None:
        with outside.cursor() as cursor:
            cursor.execute("UPDATE programme_planimport SET state = 'cancelled' WHERE id = %s", [number])

    def before(name: str) -> None:
        original = getattr(importwork, name)

        def run(*given: Any, **named: Any) -> Any:
            call_off()
            return original(*given, **named)

        monkeypatch.setattr(importwork, name, run)

    if moment == "waiting":
        importing.cancel(number, actor=office)
    else:
        before("write_versions" if moment == "writing" else "_finish")
    importwork.run_writing(number, at=AT)
    outside.close()
    assert state(number) == "cancelled"
    assert revisions().count() == 1
    assert not models.Measure.objects.filter(code="added").exists()


@pytest.mark.django_db(transaction=True)
def test_what_goes_wrong_while_writing_leaves_nothing_and_is_told(office: access.Actor) -> None:
    number = taken(edited(exported(office), reworded), office)
    importing.approve(number, actor=office, at=AT)
    services.start_revision(PROGRAMME, act="plan-2022", effective_from=DAY, actor=office, at=AT)
    importwork.run_writing(number, at=AT)
    assert state(number) == "failed"
    assert [one.code for one in importing.found_in(number)[1]] == ["draft_exists"]
    assert revisions().filter(enacted_at__isnull=False).count() == 1


# At the door ------------------------------------------------------------------------------------------------
def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 50_000_000)
    return written.getvalue()


def locked() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    content = bytearray(written.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


@pytest.mark.django_db
def test_a_wrong_file_is_refused_at_the_door(office: access.Actor) -> None:
    content = exported(office)

    def other(book: Any) -> None:
        book[sheets.STAMP]["B1"] = "other-programme"

    def older(book: Any) -> None:
        book[sheets.STAMP]["C1"] = 0

    def no_sheet(book: Any) -> None:
        del book[sheets.FUNDING.title.ru]

    def no_stamp(book: Any) -> None:
        del book[sheets.STAMP]

    files = {
        "not_a_workbook": b"hello",
        "workbook_encrypted": locked(),
        "file_too_large": b"0" * (LARGEST + 1),
        "zip_bomb": bomb(),
        "other_programme": edited(content, other),
        "old_workbook": edited(content, older),
        "missing_sheet": edited(content, no_sheet),
        "not_a_plan": edited(content, no_stamp),
    }
    found = {}
    for code, wrong in files.items():
        with pytest.raises(Refusal) as refused:
            taken(wrong, office)
        found[code] = refused.value.code
    assert found == {code: code for code in files}
    with pytest.raises(Refusal) as refused:
        taken(b"\xd0\xcf\x11\xe0" + b"0" * 100, office)
    assert refused.value.code == "workbook_encrypted"
    with pytest.raises(Refusal) as refused:
        taken(content, office, effective_from=date(2022, 1, 1))
    assert refused.value.code == "revision_too_early"


@pytest.mark.django_db
def test_the_same_file_is_taken_once_unless_it_was_called_off(office: access.Actor) -> None:
    content = edited(exported(office), reworded)
    number = taken(content, office)
    with pytest.raises(Refusal) as refused:
        taken(content, office)
    assert refused.value.code == "already_uploaded"
    assert str(number) in str(refused.value.message)
    importing.cancel(number, actor=office)
    assert taken(content, office) > number


@pytest.mark.django_db
def test_a_workbook_with_mistakes_or_without_changes_is_not_approved(office: access.Actor) -> None:
    def spoil(book: Any) -> None:
        book[MEASURES]["C3"] = "nowhere"

    content = exported(office)
    for number, was in ((taken(content, office), "ready"), (taken(edited(content, spoil), office), "faulty")):
        assert state(number) == was
        with pytest.raises(Refusal) as refused:
            importing.approve(number, actor=office, at=AT)
        assert refused.value.code == "not_ready"


# Pages ------------------------------------------------------------------------------------------------------
def signed_in(client: Client, name: str) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    client.force_login(User.objects.get(username=name), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.django_db
def test_only_those_who_may_plan_see_imports(client: Client, office: access.Actor) -> None:
    number = taken(edited(exported(office), reworded), office)
    one = f"/staff/imports/{number}/"
    pages = [
        "/staff/imports/",
        "/staff/imports/new/",
        one,
        f"{one}progress/",
        f"/staff/plans/{PROGRAMME}/plan.xlsx",
    ]
    signed_in(client, "reporter")
    assert {client.get(page).status_code for page in pages} == {403}
    assert {client.post(f"{one}{step}/").status_code for step in ("approve", "cancel", "resume")} == {403}
    signed_in(client, "office")
    assert {client.get(page).status_code for page in pages} == {200}
    assert client.get("/staff/imports/999/").status_code == 404


@pytest.mark.django_db
def test_a_planner_of_another_unit_is_refused(client: Client, office: access.Actor) -> None:
    by = access.system_actor("test")
    access.create_user("other", name="other", password="long-enough-2023", actor=by)
    access.assign_role("other", "programme_office", unit="bishkekgorlift", actor=by)
    number = taken(edited(exported(office), reworded), office)
    signed_in(client, "other")
    assert client.get(f"/staff/imports/{number}/").status_code == 403
    assert client.get("/staff/imports/").context["page"].object_list == []


@pytest.mark.django_db
def test_a_wrong_file_is_told_at_its_field_and_what_was_typed_stays(
    client: Client, office: access.Actor
) -> None:
    signed_in(client, "office")
    file = SimpleUploadedFile("plan.xlsx", b"hello")
    given = {"programme": PROGRAMME, "act": "plan-2022", "effective_from": "2023-02-01", "file": file}
    form = client.post("/staff/imports/new/", given).context["form"]
    assert form.errors["file"] == ["Это не книга Excel (.xlsx)."]
    assert form["effective_from"].value() == "2023-02-01"
    file.seek(0)
    early = client.post("/staff/imports/new/", given | {"effective_from": "2022-01-01"}).context["form"]
    assert list(early.errors) == ["effective_from"]


@pytest.mark.django_db
def test_a_huge_file_is_told_at_its_field(client: Client, office: access.Actor) -> None:
    signed_in(client, "office")
    file = SimpleUploadedFile("plan.xlsx", b"0" * (60 * 1024 * 1024))
    given = {"programme": PROGRAMME, "act": "plan-2022", "effective_from": "2023-02-01", "file": file}
    form = client.post("/staff/imports/new/", given).context["form"]
    assert "20 МБ" in str(form.errors["file"])
    assert form["effective_from"].value() == "2023-02-01"


@pytest.mark.django_db
def test_mistakes_and_changes_stand_on_the_page_by_cell(client: Client, office: access.Actor) -> None:
    def spoil(book: Any) -> None:
        reworded(book)
        book[MEASURES]["G3"] = "2031"

    signed_in(client, "office")
    file = SimpleUploadedFile("plan.xlsx", edited(exported(office), spoil))
    given = {"programme": PROGRAMME, "act": "plan-2022", "effective_from": "2023-02-01", "file": file}
    answer = client.post("/staff/imports/new/", given, follow=True)
    text = answer.content.decode()
    assert "Мероприятия!G3" in text
    assert "2031 выходит за годы программы" in text
    assert "Мероприятия!D3" in text
    assert "Утвердить" not in text
