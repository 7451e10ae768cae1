"""Texts are proofread on staff pages: taken in, refused in place, decided upon, compared with the ledger."""

import argparse
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from shaar.access import api as access
from shaar.access.models import User
from shaar.indicators.rollups.keeping import catch_up
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.reports.commands import check_text
from shaar.reports.models import ProofDecision, ProofState, ProofText
from shaar.reports.proofreading import check
from shaar.reports.proofs import keeping
from shaar.reports.proofs.ledger import compare
from tests.programme.conftest import People, bishkek, pack, people

__all__ = ["bishkek", "pack", "people"]
pytestmark = pytest.mark.django_db
BASE = "/staff/proofs/"
SCHEMA = Path(__file__).parents[2] / "docs" / "check-text.schema.json"
HERE = Path(__file__).parent
TEXT = """Отчёт за 2022 год

Установлено 100 светильников. Из них 60 светильников на улицах и 30 светильников в парке.

В 2022 году завершено строительство 15 школ.
"""
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def sign_in(client: Client, people: People) -> Callable[[str], Client]:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"

    def done(name: str) -> Client:
        client.force_login(User.objects.get(username=name), backend=BACKEND)
        return client

    return done


@pytest.fixture
def office(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("office")


def given(client: Client, content: bytes | str, name: str = "report.txt", **fields: str) -> str:
    """Send a text and return the address that the answer leads to, or the page that refuses it."""
    body = content.encode() if isinstance(content, str) else content
    answer = client.post(BASE, {"file": SimpleUploadedFile(name, body), **fields})
    return str(answer["Location"]) if answer.status_code == 302 else answer.content.decode()


def key_of(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return page.split(f"{address}findings/")[1].split("/")[0]


def decided(client: Client, address: str, verdict: str, reason: str = "") -> str:
    key = key_of(client, address)
    form = {"verdict": verdict, "reason": reason}
    return str(client.post(f"{address}findings/{key}/", form, follow=True).content.decode())


def test_a_short_text_is_proofread_at_once_with_findings_beside_it(office: Client) -> None:
    page = office.get(given(office, TEXT)).content.decode()
    assert '<mark class="shaar-mark shaar-mark--error" id="mark-1">100 светильников</mark>' in page
    assert 'href="#mark-1"' in page
    assert 'id="finding-1"' in page
    assert "не хватает 10" in page
    assert "Ошибка" in page
    assert "Сравнение с реестром" not in page


def test_a_long_text_waits_for_the_background_and_is_proofread_once(
    office: Client, run_jobs: Callable[[], int]
) -> None:
    run_jobs()
    address = given(office, TEXT + "Слова без чисел.\n\n" * 4000)
    assert "проверяется" in office.get(address).content.decode()
    assert "hx-get" in office.get(f"{address}progress/").content.decode()
    assert run_jobs() == 1
    row = ProofText.objects.get()
    keeping.proofread(row.pk, at=clock.now())
    assert row.state == ProofState.READY
    assert row.counts["error"] == 1
    assert office.get(f"{address}progress/")["HX-Refresh"] == "true"
    assert "Следующая страница" in office.get(address).content.decode()


def test_a_text_that_stands_still_can_be_started_again(office: Client, run_jobs: Callable[[], int]) -> None:
    run_jobs()
    address = given(office, TEXT + "Слова без чисел.\n\n" * 4000)
    assert "Начать снова" not in office.get(address).content.decode()
    ProofText.objects.update(touched_at=clock.now() - timedelta(hours=1))
    assert f"{address}again/" in office.get(address).content.decode()
    office.post(f"{address}again/")
    assert run_jobs() == 2
    assert ProofText.objects.get().state == ProofState.READY


def scanned_pdf() -> bytes:
    """Return a PDF of one page with nothing on it that could be read."""
    import pypdfium2

    document, written = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(200, 200)
    document.save(written)
    return written.getvalue()


def zipped() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "a")
    return written.getvalue()


ENCRYPTED = (HERE / "proofreading" / "encrypted.pdf").read_bytes()
WRONG = {
    "empty": (b"", "a.txt", "Файл пуст"),
    "blank": (b"  \n ", "a.txt", "В файле нет текста"),
    "encrypted": (ENCRYPTED, "a.pdf", "Файл защищён паролем"),
    "scanned": (scanned_pdf(), "a.pdf", "только изображения страниц"),
    "broken": (b"%PDF-1.7 nothing", "a.pdf", "Файл повреждён"),
    "broken document": ("Просто текст".encode(), "a.docx", "Файл повреждён"),
    "other language": (b"The city built 12 schools in 2022.", "a.txt", "не на русском"),
    "other kind": (zipped(), "a.zip", "DOCX"),
}


@pytest.mark.parametrize(("content", "name", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_told_at_its_field_and_what_was_chosen_stays(
    office: Client, content: bytes, name: str, said: str
) -> None:
    page = given(office, content, name, programme="bishkek-2026", year="2022")
    field = page.split('id="id_file-error"')[1].split("</p>")[0]
    assert said in field
    assert '<option value="bishkek-2026" selected>' in page
    assert 'value="2022"' in page
    assert ProofText.objects.count() == 0


def test_a_large_wrong_file_is_told_on_its_own_page_in_the_language_of_the_reader(
    office: Client, run_jobs: Callable[[], int]
) -> None:
    address = given(office, b"The city built schools. " * 5000, programme="bishkek-2026")
    run_jobs()
    page = office.get(address).content.decode()
    assert "не на русском" in page.split('id="id_file-error"')[1].split("</p>")[0]
    assert '<option value="bishkek-2026" selected>' in page
    assert "орус же кыргыз тилинде эмес" in office.get(address, HTTP_ACCEPT_LANGUAGE="ky").content.decode()


def test_a_file_that_is_too_large_is_dropped_while_it_is_sent(
    office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shaar.cases.uploads import LimitedUpload

    monkeypatch.setattr(LimitedUpload, "limit", 1000)
    page = given(office, "а" * 1000, programme="bishkek-2026")
    assert "Файл больше 50" in page.split('id="id_file-error"')[1].split("</p>")[0]
    assert '<option value="bishkek-2026" selected>' in page


def test_a_dismissal_needs_a_reason_and_is_remembered_in_another_version(office: Client) -> None:
    first = given(office, TEXT)
    page = decided(office, first, "dismissed", "  ")
    assert "Напишите причину" in page
    assert 'aria-invalid="true"' in page
    assert ProofDecision.objects.count() == 0

    page = decided(office, first, "dismissed", "10 светильников стоят в парке")
    assert 'id="mark-1"' not in page
    assert "Отклонено: 10 светильников стоят в парке" in page
    second = given(
        office, "Новое вступление.\n\n" + TEXT.replace("100 светильников", "100\u00a0светильников")
    )
    page = office.get(second).content.decode()
    assert "Отклонено: 10 светильников стоят в парке" in page
    assert "в другой версии текста" in page

    page = decided(office, second, "reopened")
    assert 'id="mark-1"' in page
    assert "снова показано" in page
    assert ProofDecision.objects.count() == 2


def test_another_number_is_another_finding(office: Client) -> None:
    decided(office, given(office, TEXT), "dismissed", "так и есть")
    page = office.get(given(office, TEXT.replace("30 светильников", "20 светильников"))).content.decode()
    assert "не хватает 20" in page
    assert "так и есть" not in page


def test_an_accepted_finding_stays_in_sight(office: Client) -> None:
    page = decided(office, given(office, TEXT), "accepted")
    assert 'id="mark-1"' in page
    assert "принято" in page


def test_a_decision_is_never_changed_or_removed(office: Client) -> None:
    decided(office, given(office, TEXT), "dismissed", "так и есть")
    for change in (lambda: ProofDecision.objects.update(reason="иначе"), ProofDecision.objects.all().delete):
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "broken",
    [{"state": "ready"}, {"state": "refused"}],
)
def test_a_state_says_what_belongs_to_it(office: Client, broken: dict[str, str]) -> None:
    given(office, TEXT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProofText.objects.update(proof=None, refusal={}, **broken)


def test_findings_are_filtered_by_severity(office: Client) -> None:
    address = given(office, TEXT)
    assert "Находок такой важности нет" in office.get(f"{address}?severity=warning").content.decode()
    assert 'id="finding-1"' in office.get(f"{address}?severity=error").content.decode()


@pytest.mark.parametrize(("form", "start"), [("json", b"{"), ("html", b"<!doctype"), ("docx", b"PK")])
def test_the_proof_can_be_taken_away(office: Client, form: str, start: bytes) -> None:
    address = given(office, TEXT)
    reader = Client()  # a strict one objects to the style of a page that stands alone
    reader.cookies = office.cookies
    answer = reader.get(f"{address}proof.{form}")
    assert answer.content.startswith(start)
    assert f"report-proof.{form}" in answer["Content-Disposition"]


def test_figures_stand_beside_the_ledger_and_nothing_is_guessed(office: Client) -> None:
    catch_up()
    text = (
        "В 2022 году завершено строительство 15 школ. В 2022 году проведена вакцинация. "
        "В 2022 году установлено 77 фонтанов. В 2019 году завершено строительство 15 школ."
    )
    address = given(office, text, programme="bishkek-2026")
    page = office.get(f"{address}figures/").content.decode()
    rows = page.split("<tbody")[1].split("</tr>")
    assert "/figures/education.schools_built/2022/" in rows[0]
    assert "совпадает" in rows[0]
    assert "77 фонтанов" in rows[1]
    assert "не найдено" in rows[1]
    assert "15 школ" in rows[2]
    assert "не найдено" in rows[2]


def test_a_figure_that_differs_from_the_only_fitting_indicator_is_told(office: Client) -> None:
    catch_up()
    address = given(office, "Завершено строительство 14 школ.", programme="bishkek-2026", year="2022")
    rows = office.get(f"{address}figures/?verdict=differs").content.decode().split("<tbody")[1]
    assert "14 школ" in rows
    assert "/figures/education.schools_built/2022/" in rows
    assert "15" in rows


@pytest.mark.parametrize("address", ["", "1/", "1/progress/", "1/figures/", "1/proof.json", "1/findings/x/"])
def test_who_may_not_proofread_is_refused(client: Client, people: People, address: str) -> None:
    client.force_login(User.objects.get(username="head"), backend=BACKEND)
    assert client.get(BASE + address).status_code == 403
    client.logout()
    assert "sign-in" in client.get(BASE + address)["Location"]


def test_who_works_for_a_unit_sees_only_what_they_gave(sign_in: Callable[[str], Client]) -> None:
    address = given(sign_in("office"), TEXT)
    reporter = sign_in("reporter")
    assert reporter.get(address).status_code == 403
    assert reporter.post(f"{address}findings/{'0' * 64}/", {"verdict": "accepted"}).status_code == 403
    assert address not in reporter.get(BASE).content.decode()
    own = given(reporter, TEXT)
    assert reporter.get(own).status_code == 200
    assert sign_in("office").get(own).status_code == 200


@pytest.mark.parametrize("address", ["9/", "9/figures/", "9/proof.json", "9/progress/"])
def test_what_was_never_given_is_not_found(office: Client, address: str) -> None:
    assert office.get(BASE + address).status_code == 404


def test_a_decision_about_what_was_not_found_is_refused(office: Client) -> None:
    address = given(office, TEXT)
    assert office.post(f"{address}findings/{'0' * 64}/", {"verdict": "accepted"}).status_code == 404
    key = key_of(office, address)
    assert office.post(f"{address}findings/{key}/", {"verdict": "erased"}).status_code == 404
    assert office.get(f"{address}figures/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_texts_and_findings(
    office: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    short = given(office, TEXT)
    long = given(office, "\n\n".join(TEXT.replace("100", str(100 + one)) for one in range(30)))
    counted = []
    for address in (short, long):
        with django_assert_max_num_queries(40) as found:  # type: ignore[attr-defined]
            office.get(address)
        counted.append(len(found))
    assert counted[0] == counted[1]
    listed = []
    for _text in range(2):
        with django_assert_max_num_queries(40) as found:  # type: ignore[attr-defined]
            office.get(BASE)
        listed.append(len(found))
        given(office, TEXT)
    assert listed[0] == listed[1]


def test_the_verb_is_known_and_given_by_the_pack(people: People) -> None:
    assert "reports.proofread" in access.verbs()
    assert access.can(people.office, "reports.proofread")
    assert not access.can(people.head, "reports.proofread")


@pytest.mark.usefixtures("bishkek")
def test_the_report_of_2022_agrees_with_the_ledger_and_nothing_is_said_to_differ() -> None:
    catch_up()
    with (HERE / "proofreading" / "report-2022.txt").open("rb") as stream:
        found = compare(check(stream, name="report.txt"), "bishkek-2026", year=2022)
    counted = Counter(one.verdict for one in found)
    assert counted["equal"] >= 45
    assert counted["differs"] == 0


def test_the_command_compares_a_text_with_the_programme(
    people: People, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catch_up()
    text = tmp_path / "report.txt"
    text.write_text("Отчёт за 2022 год\n\nЗавершено строительство 15 школ.\n", encoding="utf-8")
    given = argparse.Namespace(
        file=text, html=None, docx=None, programme="bishkek-2026", year=None, lang="ru", json=True
    )
    assert check_text(given) == 0
    told = json.loads(capsys.readouterr().out)
    jsonschema.validate(told, json.loads(SCHEMA.read_text()))
    assert told["matches"]["totals"] == {"equal": 1, "differs": 0, "not_found": 0}
    (found,) = told["matches"]["figures"]
    assert found["indicator"] == "education.schools_built"
    assert found["trace"].endswith("/figures/education.schools_built/2022/")

    text.write_text("Отчёт за 2022 год\n\nЗавершено строительство 16 школ.\n", encoding="utf-8")
    given.json = False
    assert check_text(given) == 0
    said = capsys.readouterr().out
    assert "«16 школ» — в реестре 15" in said
    assert "/figures/education.schools_built/2022/" in said
    assert "отличается 1" in said

    given.programme = "none"
    with pytest.raises(Refusal, match="none"):
        check_text(given)
