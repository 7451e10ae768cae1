from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from shaar.access.api import Actor
from shaar.kernel.errors import Refusal
from shaar.reports.api import edition, edition_file, edition_snapshot, editions, publish
from shaar.reports.models import Edition, EditionFile
from shaar.reports.snapshot import Snapshot, content_hash, to_data
from tests.reports.examples import FIGURES, snapshot

pytestmark = pytest.mark.django_db
OFFICE = Actor(None, "Отдел программ", "system")
NOW = datetime(2023, 3, 2, 8, 0, tzinfo=UTC)
URL = "https://shaar.example"


def publish_example(given: Snapshot | None = None) -> int:
    return publish(given or snapshot(), actor=OFFICE, at=NOW, public_url=URL).number


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def corrected() -> Snapshot:
    figures = (replace(FIGURES[0], value=Decimal(10530)), *FIGURES[1:-1])
    return snapshot(figures=figures, charts=(), templates={"ru": '# Отчёт\n\n{{ fig("light.led") }}'})


def test_an_edition_keeps_every_format_in_every_language_under_the_hash_of_its_content() -> None:
    publish_example()
    found = edition("town-2026", 2022)
    assert found is not None
    assert [file.name for file in found.files][:4] == [
        f"report-2022.{form}" for form in ("docx", "pdf", "html", "json")
    ]
    assert {file.language for file in found.files} == {"ru", "ky"}
    assert found.hash == content_hash(to_data(snapshot()))
    assert edition_snapshot("town-2026", 2022) == snapshot()


def test_later_data_make_a_new_edition_and_leave_the_old_one_byte_for_byte() -> None:
    publish_example()
    before = {
        (file.language, file.form): edition_file(
            "town-2026", 2022, language=file.language, form=file.form, number=1
        )
        for file in edition("town-2026", 2022, number=1).files  # type: ignore[union-attr]
    }
    hash_before = edition("town-2026", 2022, number=1).hash  # type: ignore[union-attr]
    assert publish_example(corrected()) == 2
    for (language, form), content in before.items():
        assert edition_file("town-2026", 2022, language=language, form=form, number=1) == content
    assert edition("town-2026", 2022, number=1).hash == hash_before  # type: ignore[union-attr]
    assert [one.number for one in editions("town-2026", 2022)] == [2, 1]


def test_a_new_edition_states_what_differs_from_the_last() -> None:
    publish_example()
    publish_example(corrected())
    found = edition("town-2026", 2022)
    assert found is not None
    changes = [(change.indicator, change.before, change.after) for change in found.differences]
    assert changes == [
        (
            "light.led",
            "10\u00a0531\u00a0светодиодный светильник",
            "10\u00a0530\u00a0светодиодных светильников",
        ),
        ("safety.cameras_b", "851\u00a0камера**", ""),
    ]
    page = edition_file("town-2026", 2022, language="ru", form="html").decode()
    assert "Чем отличается от редакции 1" in page


def test_publishing_what_says_the_same_is_refused() -> None:
    publish_example()
    with pytest.raises(Refusal) as refused:
        publish_example(snapshot(taken_at=NOW))
    assert refused.value.code == "nothing_new"


def test_a_report_without_any_data_is_not_published() -> None:
    with pytest.raises(Refusal) as refused:
        publish_example(snapshot(figures=(FIGURES[3],), charts=(), templates={"ru": "# Отчёт"}))
    assert refused.value.code == "nothing_known"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_edition SET number = 7",
        "DELETE FROM reports_editionfile",
        "UPDATE reports_editionfile SET name = 'x'",
        "TRUNCATE reports_editionfile",
        "TRUNCATE reports_edition CASCADE",
    ],
)
def test_the_database_refuses_to_change_a_published_edition(statement: str) -> None:
    publish_example()
    with pytest.raises(IntegrityError, match="a published edition never changes"), transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE; " + statement)
    assert Edition.objects.count() == 1


def test_the_database_refuses_bytes_that_do_not_match_their_hash() -> None:
    publish_example()
    row = Edition.objects.get()
    with pytest.raises(IntegrityError, match="editionfile_hash_is_of_its_content"), transaction.atomic():
        EditionFile.objects.create(
            edition=row, language="en", form="pdf", name="x", content=b"x", sha256="0" * 64, size=1
        )


def test_a_missing_edition_is_told() -> None:
    with pytest.raises(Refusal) as refused:
        edition_file("town-2026", 2022, language="ru", form="pdf")
    assert refused.value.code == "unknown_edition"
