import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from shaar.kernel.errors import Refusal
from shaar.programme import reporting
from shaar.programme.workbooks import forms

AT = datetime(2023, 1, 10, 4, 0, tzinfo=UTC)


def changed(content, **cells):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for address, value in cells.items():
        book[forms.FIGURES][address] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def form(report, people):
    return forms.make_form(report, actor=people.reporter)


def test_an_untouched_form_changes_nothing(report, form, people):
    run = forms.read_form(report, form, name="form.xlsx", actor=people.reporter)
    assert (run.differences, run.problems) == ((), ())


@pytest.mark.parametrize("text", ["1 506", "150,6", "1\u00a0506", "более 80", "45–50", 12, 1.5])
def test_figures_as_people_write_them_are_read(report, form, people, text):
    run = forms.read_form(report, changed(form, D4=text), name="form.xlsx", actor=people.reporter)
    assert run.problems == ()
    assert [(one.sheet, one.cell) for one in run.differences] == [(forms.FIGURES, "D4")]
    assert run.figures[0].quantity.value


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1 1684", "malformed_number"),
        ("нет", "not_a_number"),
        ("=1+1", "formula_in_cell"),
        ("#REF!", "error_in_cell"),
        (True, "not_a_number"),
    ],
)
def test_what_is_no_number_is_told_by_its_cell(report, form, people, value, code):
    run = forms.read_form(report, changed(form, D4=value), name="form.xlsx", actor=people.reporter)
    assert [one.code for one in run.problems] == [code]
    assert str(run.problems[0].place) == f"{forms.FIGURES}!D4"


def test_a_changed_hidden_code_is_refused(report, form, people):
    with pytest.raises(Refusal) as refused:
        forms.read_form(report, changed(form, A4="budget.revenue"), name="form.xlsx", actor=people.reporter)
    assert refused.value.code == "tampered_form"


def test_other_files_are_refused(report, form, people):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 50_000_000)
    macros = io.BytesIO(form)
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    book = openpyxl.load_workbook(io.BytesIO(form))
    del book[forms.MEASURES]
    headless = io.BytesIO()
    book.save(headless)
    files = {
        "not_a_workbook": b"hello",
        "zip_bomb": bomb.getvalue(),
        "workbook_has_macros": macros.getvalue(),
        "missing_sheet": headless.getvalue(),
        "file_too_large": b"0" * (20 * 1024 * 1024 + 1),
    }
    found = {}
    for code, content in files.items():
        with pytest.raises(Refusal) as refused:
            forms.read_form(report, content, name="form.xlsx", actor=people.reporter)
        found[code] = refused.value.code
    assert found == {code: code for code in files}


def test_a_file_is_applied_once_with_file_sheet_and_cell(report, form, people):
    content = changed(form, D4="45–50")
    forms.apply_form(report, content, name="form.xlsx", actor=people.reporter, at=AT)
    figure = reporting.unit_report(report).figures[0]
    assert (figure.sheet, figure.cell, figure.file_name) == (forms.FIGURES, "D4", "form.xlsx")
    with pytest.raises(Refusal) as refused:
        forms.apply_form(report, content, name="form.xlsx", actor=people.reporter, at=AT)
    assert refused.value.code == "already_uploaded"
    assert len(reporting.unit_report(report).figures) == 1


def test_a_form_with_a_mistake_writes_nothing(report, form, people):
    with pytest.raises(Refusal):
        forms.apply_form(
            report, changed(form, D4=1, D5="1 1684"), name="form.xlsx", actor=people.reporter, at=AT
        )
    assert reporting.unit_report(report).figures == ()


def test_the_form_of_another_period_is_refused(report, form, people):
    from shaar.programme import services

    other = services.open_round("bishkek-2026", "2022-Q3", actor=people.office, at=AT)
    its = next(one.id for one in reporting.reports_of(other.id) if one.unit == "bishkekgorlift")
    with pytest.raises(Refusal) as refused:
        forms.read_form(its, form, name="form.xlsx", actor=people.reporter)
    assert refused.value.code == "other_period"


def test_the_form_of_another_unit_is_for_that_unit_only(report, form, people):
    round_id = reporting.unit_report(report).round.id
    other = next(one for one in reporting.reports_of(round_id) if one.unit != "bishkekgorlift")
    with pytest.raises(Refusal) as refused:
        forms.read_form(other.id, form, name="form.xlsx", actor=people.reporter)
    assert refused.value.code == "forbidden"
    with pytest.raises(Refusal) as refused:
        forms.make_form(other.id, actor=people.reporter)
    assert refused.value.code == "forbidden"


def test_a_form_with_merged_cells_is_refused(report, form, people):
    book = openpyxl.load_workbook(io.BytesIO(form))
    book[forms.FIGURES].merge_cells("D4:D5")
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Refusal) as refused:
        forms.read_form(report, out.getvalue(), name="form.xlsx", actor=people.reporter)
    assert refused.value.code == "merged_cells"


def test_a_form_of_an_older_version_is_refused(report, people, monkeypatch):
    monkeypatch.setattr(forms, "VERSION", 0)
    old = forms.make_form(report, actor=people.reporter)
    monkeypatch.undo()
    with pytest.raises(Refusal) as refused:
        forms.read_form(report, old, name="form.xlsx", actor=people.reporter)
    assert refused.value.code == "old_form"
