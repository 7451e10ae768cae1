"""Filled workbooks as people really send them: each wrong one is told in its place and writes nothing."""

import io
import zipfile
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shaar.access import api as access
from shaar.access.models import User
from shaar.cases.models import StoredFile, Upload
from shaar.indicators import api as indicators
from shaar.indicators.rollups.keeping import catch_up
from shaar.kernel.periods import Period
from shaar.programme import models, reporting, services
from shaar.programme.workbooks import forms
from tests.programme.conftest import People

pytestmark = pytest.mark.django_db
AT = datetime(2023, 1, 10, 4, 0, tzinfo=UTC)
ROWS = (
    StoredFile, Upload, models.ProgressEntry, models.EntryFile, models.FigureEntry, models.FormUpload,
)  # fmt: skip


class Zeros:
    """A request's body that begins and ends as given, with zeros between, never whole in memory."""

    def __init__(self, head: bytes, zeros: int, tail: bytes) -> None:
        self.parts = [io.BytesIO(head), None, io.BytesIO(tail)]
        self.zeros = zeros
        self.size = len(head) + zeros + len(tail)

    def read(self, size: int = 65536) -> bytes:
        while self.parts:
            first = self.parts[0]
            if first is None:
                block = b"0" * min(size, self.zeros)
                self.zeros -= len(block)
            else:
                block = first.read(size)
            if block:
                return block
            self.parts.pop(0)
        return b""

    readline = read


@pytest.fixture
def reporter(client: Client, people: People) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"
    client.force_login(
        User.objects.get(username="reporter"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


@pytest.fixture
def form(report: int, people: People) -> bytes:
    return forms.make_form(report, actor=people.reporter)


def changed(content: bytes, **cells: Any) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        book[forms.FIGURES][address] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def post(client: Client, report: int, content: bytes, name: str = "form.xlsx") -> str:
    answer = client.post(f"/staff/reports/{report}/upload/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 200
    return answer.content.decode()


def post_zeros(client: Client, path: str, field: str, megabytes: int, **texts: str) -> str:
    edge = "edge-of-parts"
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'
        for key, text in texts.items()
    )
    head += f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="large.xlsx"\r\n'
    head += "Content-Type: application/octet-stream\r\n\r\n"
    body = Zeros(head.encode(), megabytes * 1024 * 1024, f"\r\n--{edge}--\r\n".encode())
    given: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": str(body.size)}
    given["CONTENT_TYPE"] = f"multipart/form-data; boundary={edge}"
    answer = client.generic("POST", path, **given)
    assert answer.status_code == 200
    return answer.content.decode()


def rows() -> list[int]:
    return [table.objects.count() for table in ROWS]


def packed(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def encrypted() -> bytes:
    """Return the container in which Excel keeps a workbook under a password: header, then the directory."""
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00" + bytes(480)
    names = ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    return header + b"".join(name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in names)


def other_units(report: int, people: People) -> bytes:
    view = reporting.unit_report(report)
    other = next(one for one in reporting.reports_of(view.round.id) if one.unit != view.unit)
    return forms.make_form(other.id, actor=people.office)


def test_a_wrong_file_is_told_beside_the_control_and_leaves_nothing(
    reporter: Client, report: int, form: bytes, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(forms, "VERSION", 0)
        old = forms.make_form(report, actor=people.reporter)
    measure = reporting.unit_report(report).measures[0]
    services.state_progress(report, measure, status="in_progress", text="Набрано", actor=people.reporter)
    wrong = {
        "больше 20 МБ": b"PK\x03\x04" + b"0" * (20 * 1024 * 1024),
        "распаковывается": packed(xl__workbook_xml=b"0" * 50_000_000),
        "защищён паролем": encrypted(),
        "не принимается": b"%PDF-1.7\n1 0 obj",
        "Принимаются: XLSX": packed(word__document_xml=b"<w/>"),
        "пуст": b"",
        "повреждён": b"PK\x03\x04 broken",
        "другого подразделения": other_units(report, people),
        "старой версии": old,
    }
    before = rows()
    told = {}
    for words, content in wrong.items():
        page = post(reporter, report, content)
        at_its_place = page.partition('id="id_file-error"')[2].partition("</p>")[0]
        told[words] = words in at_its_place or at_its_place
        assert "Записать" not in page
    assert told == dict.fromkeys(wrong, True)
    assert rows() == before
    assert reporting.unit_report(report).entries[0].text == "Набрано"


def test_a_file_of_200_megabytes_is_dropped_while_it_arrives(
    reporter: Client, report: int, people: People
) -> None:
    before = rows()
    page = post_zeros(reporter, f"/staff/reports/{report}/upload/", "file", 200)
    assert "больше 20 МБ" in page.partition('id="id_file-error"')[2].partition("</p>")[0]
    measure = reporting.unit_report(report).measures[0]
    typed = {f"text-{measure}": "Сделано то и это", f"status-{measure}": "in_progress", "save": "1"}
    page = post_zeros(reporter, f"/staff/reports/{report}/", f"files-{measure}", 200, **typed)
    place = page.partition(f'id="id_files-{measure}-error"')[2].partition("</p>")[0]
    assert "больше 50 МБ" in place
    assert "Сделано то и это" in page
    assert rows() == before


def test_a_wrong_cell_is_told_by_its_address_and_leaves_nothing(
    reporter: Client, report: int, form: bytes
) -> None:
    before = rows()
    wrong = {"нет данных": "число", "1 1684": "1 1684", "=1/0": "формул", "#DIV/0!": "#DIV/0!"}
    for value, words in wrong.items():
        page = post(reporter, report, changed(form, D4=value, D5=12))
        place = page.partition(f"{forms.FIGURES}!D4</th>")[2].partition("</tr>")[0]
        assert words in place, value
        assert "/apply/" not in page
        assert rows() == before


def test_an_accepted_form_is_traced_to_its_file_sheet_and_cell(
    reporter: Client, report: int, form: bytes, people: People
) -> None:
    codes = reporting.indicators_of(models.UnitReport.objects.get(pk=report))
    cell = f"D{forms.FIRST_ROW + codes.index('lifts.delivered')}"
    content = changed(form, **{cell: 7})
    page = reporter.post(
        f"/staff/reports/{report}/upload/", {"file": SimpleUploadedFile("отчёт.xlsx", content)}
    )
    reporter.post(f"/staff/reports/{report}/apply/", {"token": page.context["token"]})
    before = rows()
    again = post(reporter, report, content)
    assert "уже" in again.partition('id="id_file-error"')[2].partition("</p>")[0]
    assert rows() == before
    measures = queries_measures(report)
    proof = SimpleUploadedFile("акт.txt", "Акт приёмки".encode())
    sent = {f"status-{code}": "in_progress" for code in reporting.unit_report(report).measures}
    for name, bound in reporter.get(f"/staff/reports/{report}/").context["form"].fields.items():
        sent |= {name: bound.initial} if name.startswith("figure-") and bound.initial else {}
    reporter.post(f"/staff/reports/{report}/", sent | {f"files-{measures[0]}": proof, "submit": "1"})
    services.approve(report, actor=people.head, at=AT)
    services.accept(report, actor=people.office, at=AT)
    upload, paper = Upload.objects.get(name="отчёт.xlsx"), Upload.objects.get(name="акт.txt")
    catch_up()
    (fact,) = indicators.trace("lifts.delivered", Period.parse("2022-Q4")).facts
    assert [(one.kind, one.ref, one.place) for one in fact.evidence][:2] == [
        ("cell", str(upload.pk), f"{forms.FIGURES}!{cell}"),
        ("file", str(paper.pk), ""),
    ]
    traced = reporter.get("/figures/lifts.delivered/2022-Q4/").content.decode()
    assert (
        f'<a class="govuk-link" href="/files/{upload.pk}/">отчёт.xlsx</a>, {forms.FIGURES}!{cell}' in traced
    )
    assert f'href="/files/{paper.pk}/">акт.txt</a>' in traced
    assert b"".join(reporter.get(f"/files/{upload.pk}/").streaming_content) == content
    reporter.logout()
    public = reporter.get("/figures/lifts.delivered/2022-Q4/").content.decode()
    assert f"{forms.FIGURES}!{cell}" in public
    assert "/files/" not in public


def queries_measures(report: int) -> list[str]:
    """Return the measures of a report that the indicator of the test belongs to."""
    row = models.UnitReport.objects.get(pk=report)
    found = models.MeasureIndicator.objects.filter(
        indicator="lifts.delivered", version__measure__programme=row.round.programme
    )
    return [one.version.measure.code for one in found.select_related("version__measure")]


def test_evidence_survives_an_error_and_can_be_taken_out(
    reporter: Client, report: int, people: People
) -> None:
    page = f"/staff/reports/{report}/"
    measure = reporting.unit_report(report).measures[0]
    figure = next(name for name in reporter.get(page).context["form"].fields if name.startswith("figure-"))
    proof = SimpleUploadedFile("акт.txt", "Акт приёмки".encode())
    sent = {f"status-{measure}": "in_progress", "save": "1"}
    failed = reporter.post(page, sent | {figure: "1 1684", f"files-{measure}": proof})
    assert "акт.txt" in failed.content.decode()
    (kept,) = failed.context["form"].data.getlist(f"held-{measure}")
    assert reporting.unit_report(report).entries == ()
    assert reporter.post(page, sent | {figure: "12", f"held-{measure}": kept}).status_code == 302
    assert reporting.unit_report(report).entries[0].files == (int(kept),)
    strange = Upload.objects.create(
        file=StoredFile.objects.get(), name="чужой.txt", uploaded_at=AT, actor_id=people.head.id
    )
    refused = reporter.post(page, sent | {f"held-{measure}": [kept, strange.pk]})
    assert refused.status_code == 200
    assert reporter.post(page, sent).status_code == 302
    assert reporting.unit_report(report).entries[0].files == ()
    assert access.user_actor("reporter").id == Upload.objects.get(pk=kept).actor_id
