"""The form of one unit and period as a locked workbook: made, read back as a dry run, and applied."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from shaar.access.api import Actor, acting, check
from shaar.cases import api as cases
from shaar.city import api as city
from shaar.indicators import api as indicators
from shaar.kernel.errors import Place, Refusal, refuse_all
from shaar.kernel.periods import Period
from shaar.kernel.quantities import Quantity, parse_quantity
from shaar.programme import models, queries, reporting, rules
from shaar.programme.outcomes import Difference, ReportView
from shaar.programme.permissions import REPORT, VIEW
from shaar.programme.workbooks.opening import opened, sha256_of

VERSION = 1
SALT = "shaar.programme.form"
GUIDE, FIGURES, MEASURES, STAMP = "Инструкция", "Показатели", "Мероприятия", "Форма"
FIRST_ROW = 4
OPEN = Protection(locked=False)
FILL = PatternFill("solid", fgColor="FFF7E0")
STATUSES = {
    "not_started": "не начато",
    "in_progress": "в процессе исполнения",
    "executed": "исполнено",
    "overdue": "просрочено",
    "cancelled": "отменено",
}
GUIDE_LINES = (
    "Заполняйте только выделенные ячейки. Числа: 1 506; 150,6; более 80; 45–50.",
    "Не меняйте листы, строки и столбцы: изменённая форма не принимается.",
    "Статус выбирается из списка; для «просрочено» и «отменено» укажите причину.",
    "Белгиленген уячаларды гана толтуруңуз. Сандар: 1 506; 150,6; более 80; 45–50.",
    "Барактарды, саптарды жана мамычаларды өзгөртпөңүз: өзгөртүлгөн форма кабыл алынбайт.",
    "Абал тизмеден тандалат; мөөнөтү өткөндүн же жокко чыгарылгандын себебин жазыңыз.",
)


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A figure read from a cell."""

    indicator: str
    quantity: Quantity
    sheet: str
    cell: str


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A measure's status read from a row."""

    measure: str
    status: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a filled form would change and what is wrong with it; one with problems cannot be applied."""

    report: int
    sha256: str
    name: str
    differences: tuple[Difference, ...]
    problems: tuple[Refusal, ...]
    figures: tuple[FigureCell, ...]
    statuses: tuple[StatusRow, ...]


# Making -----------------------------------------------------------------------------------------------------
def make_form(report: int, *, actor: Actor) -> bytes:
    """Return the workbook of a report: locked but for the cells to fill in, with a signed stamp.

    Refusal `unknown_report`, `forbidden` for who may not see the reports of its unit.
    """
    view = reporting.unit_report(report)
    check(actor, VIEW, unit=view.unit)
    row = models.UnitReport.objects.select_related("round__programme", "unit").get(pk=report)
    codes = reporting.indicators_of(row)
    book = Workbook()
    book.remove(book.worksheets[0])
    guide = book.create_sheet(GUIDE)
    unit = city.unit(view.unit, on=row.round.last_day)
    period = Period.parse(view.round.period)
    for line in (unit.name.ru, period.name("ru"), period.name("ky"), *GUIDE_LINES):
        guide.append([line])
    guide.column_dimensions["A"].width = 100
    _figures_sheet(book, view, codes)
    _measures_sheet(book, row, view)
    stamp = book.create_sheet(STAMP)
    payload = {
        "version": VERSION,
        "report": report,
        "unit": view.unit,
        "period": view.round.period,
        "indicators": list(codes),
        "measures": list(view.measures),
    }
    stamp["A1"] = signing.dumps(payload, salt=SALT)
    stamp.sheet_state = "veryHidden"
    for sheet in book.worksheets:
        sheet.protection.sheet = True
    book.security.lockStructure = True
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _heading(sheet: Any, titles: tuple[str, ...], widths: tuple[int, ...]) -> None:
    for number, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        cell = sheet.cell(FIRST_ROW - 1, number, title)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.column_dimensions["A"].hidden = True
    sheet.freeze_panes = f"B{FIRST_ROW}"


def _figures_sheet(book: Workbook, view: ReportView, codes: tuple[str, ...]) -> None:
    sheet = book.create_sheet(FIGURES)
    _heading(sheet, ("", "Показатель", "Единица", "Значение"), (4, 80, 16, 20))
    held = {one.indicator: one.quantity for one in view.figures}
    for number, code in enumerate(codes, start=FIRST_ROW):
        passport = indicators.passport(code)
        sheet.cell(number, 1, code)
        sheet.cell(number, 2, passport.name.ru).alignment = Alignment(wrap_text=True)
        sheet.cell(number, 3, indicators.measure(passport.measure).symbol.ru)
        cell = sheet.cell(number, 4, written(held.get(code)))
        cell.protection, cell.fill, cell.number_format = OPEN, FILL, "@"


def _measures_sheet(book: Workbook, row: models.UnitReport, view: ReportView) -> None:
    sheet = book.create_sheet(MEASURES)
    _heading(sheet, ("", "Мероприятие", "Статус", "Причина", "Ход исполнения"), (4, 80, 26, 40, 60))
    choice = DataValidation(type="list", formula1=f'"{",".join(STATUSES.values())}"', allow_blank=True)
    sheet.add_data_validation(choice)
    day = date(row.round.last_day.year, 12, 31)
    stated = queries.own_measures(row.round.programme.code, year=day.year, on=day)
    named = {one.code: one for one in stated}
    held = {one.measure: one for one in view.entries}
    for number, code in enumerate(view.measures, start=FIRST_ROW):
        sheet.cell(number, 1, code)
        sheet.cell(number, 2, named[code].text.ru).alignment = Alignment(wrap_text=True)
        entry = held.get(code)
        values = (STATUSES[entry.status], entry.reason, entry.text) if entry else (None, None, None)
        for column, value in enumerate(values, start=3):
            cell = sheet.cell(number, column, value)
            cell.protection, cell.fill = OPEN, FILL
        choice.add(f"C{number}")


def written(quantity: Quantity | None) -> str | None:
    """Return a quantity as the form writes it, so that reading it gives the same quantity."""
    if quantity is None:
        return None
    if quantity.as_written:
        return quantity.as_written
    number = f"{quantity.value:f}" if quantity.value is not None else ""
    number = number.rstrip("0").rstrip(".") if "." in number else number
    return number.replace(".", ",")


# Reading ----------------------------------------------------------------------------------------------------
def read_form(report: int, content: bytes, *, name: str, actor: Actor) -> DryRun:
    """Read a filled form and tell what it would change, cell by cell; nothing is written.

    Refusal for a file that is no form of this report: `not_a_workbook`, `file_too_large`, `zip_bomb`,
    `workbook_has_macros`, `merged_cells`, `missing_sheet`, `not_a_form`, `other_unit`, `other_period`,
    `old_form`, `tampered_form`, `already_uploaded`;
    `forbidden` for who may not fill it in. What is wrong in single cells stands in `problems`.
    """
    view = reporting.unit_report(report)
    check(actor, REPORT, unit=view.unit)
    sha = sha256_of(content)
    if models.FormUpload.objects.filter(report_id=report, sha256=sha).exists():
        raise Refusal("already_uploaded", _("This very file was applied to the report before."))
    reading = _Reading(view)
    with opened(content, name=name) as book:
        missing = [sheet for sheet in (FIGURES, MEASURES, STAMP) if sheet not in book.sheetnames]
        if missing:
            message = str(_("The sheet “%(sheet)s” is missing.")) % {"sheet": missing[0]}
            raise Refusal("missing_sheet", message, place=Place(file=name, sheet=missing[0]))
        stamp = _stamp(book[STAMP], view)
        reading.figures_sheet(book[FIGURES], stamp["indicators"])
        reading.measures_sheet(book[MEASURES], stamp["measures"])
    return DryRun(
        report=report,
        sha256=sha,
        name=name,
        differences=tuple(reading.differences),
        problems=tuple(reading.problems),
        figures=tuple(reading.figures),
        statuses=tuple(reading.statuses),
    )


def _stamp(sheet: Any, view: ReportView) -> Mapping[str, Any]:
    signed = next(sheet.iter_rows(max_row=1, max_col=1, values_only=True), (None,))[0]
    try:
        stamp: dict[str, Any] = signing.loads(str(signed), salt=SALT)
    except signing.BadSignature as error:
        raise Refusal("not_a_form", _("The stamp of the form is missing or was changed.")) from error
    checks = (
        ("old_form", stamp["version"] == VERSION, _("This form is of an older version: take a new one.")),
        ("other_unit", stamp["unit"] == view.unit, _("This is the form of another unit.")),
        ("other_period", stamp["period"] == view.round.period, _("This is the form of another period.")),
        ("other_report", stamp["report"] == view.id, _("This is the form of another report.")),
        (
            "old_form",
            stamp["measures"] == list(view.measures),
            _("The plan has changed since: take a new form."),
        ),
    )
    for code, is_right, message in checks:
        if not is_right:
            raise Refusal(code, message)
    return stamp


class _Reading:
    """Reads the sheets of a form, collecting differences and mistakes."""

    def __init__(self, view: ReportView) -> None:
        self.held = {one.indicator: one.quantity for one in view.figures}
        self.entries = {one.measure: one for one in view.entries}
        self.differences: list[Difference] = []
        self.problems: list[Refusal] = []
        self.figures: list[FigureCell] = []
        self.statuses: list[StatusRow] = []

    def figures_sheet(self, sheet: Any, codes: list[str]) -> None:
        """Read the column of values."""
        for number, cells in _rows(sheet, codes, width=4):
            code, value = codes[number - FIRST_ROW], cells[3]
            place = Place(sheet=FIGURES, cell=f"D{number}")
            try:
                quantity = quantity_of_cell(value, place)
            except Refusal as refusal:
                self.problems.append(refusal)
                continue
            was, becomes = written(self.held.get(code)), written(quantity)
            if was != becomes:
                self.differences.append(Difference(FIGURES, f"D{number}", code, was or "", becomes or ""))
            if quantity:
                self.figures.append(FigureCell(code, quantity, FIGURES, f"D{number}"))

    def measures_sheet(self, sheet: Any, codes: list[str]) -> None:
        """Read the columns of statuses, reasons and texts."""
        names = {name: status for status, name in STATUSES.items()}
        for number, cells in _rows(sheet, codes, width=5):
            code = codes[number - FIRST_ROW]
            status, reason, text = (str(cell.value or "").strip() for cell in cells[2:5])
            self._compare(number, code, (status, reason, text))
            place = Place(sheet=MEASURES, cell=f"C{number}")
            if not status:
                if reason or text:
                    self.problems.append(Refusal("status_missing", _("Choose the status."), place=place))
            elif status not in names:
                message = str(_("“%(text)s” is not one of the statuses.")) % {"text": status[:80]}
                self.problems.append(Refusal("unknown_status", message, place=place))
            elif rules.needs_reason(names[status], reason):
                place = Place(sheet=MEASURES, cell=f"D{number}")
                self.problems.append(Refusal("reason_required", _("Say why."), place=place))
            else:
                self.statuses.append(StatusRow(code, names[status], reason, text))

    def _compare(self, number: int, code: str, cells: tuple[str, ...]) -> None:
        entry = self.entries.get(code)
        before = (STATUSES[entry.status], entry.reason, entry.text) if entry else ("", "", "")
        for letter, was, becomes in zip("CDE", before, cells, strict=True):
            if was != becomes:
                self.differences.append(Difference(MEASURES, f"{letter}{number}", code, was, becomes))


def _rows(sheet: Any, codes: list[str], *, width: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows of the form; Refusal `tampered_form` where a hidden code is not the one sent."""
    last = FIRST_ROW + len(codes) - 1
    found = 0
    if not codes:
        return
    rows = sheet.iter_rows(min_row=FIRST_ROW, max_row=last, max_col=width)
    for number, cells in enumerate(rows, start=FIRST_ROW):
        if len(cells) < width or cells[0].value != codes[number - FIRST_ROW]:
            raise _tampered(sheet.title, number)
        found += 1
        yield number, cells
    if found != len(codes):
        raise _tampered(sheet.title, FIRST_ROW + found)


def _tampered(sheet: str, row: int) -> Refusal:
    message = _("The hidden code of this row was changed: take a new form.")
    return Refusal("tampered_form", message, place=Place(sheet=sheet, cell=f"A{row}"))


def quantity_of_cell(cell: Any, place: Place) -> Quantity | None:
    """Return what a cell states, None for an empty one; Refusal for formulas, errors, dates and texts."""
    value = cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type == "f" or (isinstance(value, str) and value.startswith("=")):
        raise Refusal("formula_in_cell", _("Write the number itself, not a formula."), place=place)
    if cell.data_type == "e" or (isinstance(value, str) and value.startswith("#")):
        message = str(_("The cell holds the error %(error)s.")) % {"error": value}
        raise Refusal("error_in_cell", message, place=place)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Refusal("not_a_number", _("A number is expected here."), place=place)
    if isinstance(value, str):
        return parse_quantity(value, place=place)
    return Quantity(Decimal(repr(value)))


# Applying ---------------------------------------------------------------------------------------------------
def apply_form(
    report: int, content: bytes, *, name: str, actor: Actor, at: datetime, file: int | None = None
) -> DryRun:
    """Read a form again and write it into its open report, each figure with its file, sheet and cell.

    `file` is its upload where it is kept already; without one it is kept here, as a file of the report.
    Refusal as `read_form`, `forbidden`, `not_editable`; Refusals for mistakes in cells, and then nothing is
    written.
    """
    with transaction.atomic(), acting(actor):
        row = reporting.locked_report(report, actor=actor)
        run = read_form(report, content, name=name, actor=actor)
        refuse_all(list(run.problems))
        kept = file or cases.store_file(io.BytesIO(content), name=name, actor=actor, at=at).id
        cases.attach(row.case_id, kept, actor=actor, at=at)
        models.FormUpload.objects.create(
            report=row, sha256=run.sha256, name=name, file_id=kept, applied_at=at, applied_by=actor.key
        )
        _write(row, run, kept)
        for one in run.statuses:
            reporting.state_progress(
                report, one.measure, status=one.status, reason=one.reason, text=one.text, actor=actor
            )
    return run


def _write(row: models.UnitReport, run: DryRun, file: int) -> None:
    places = {
        one.indicator: reporting.territory_of(row, indicators.passport(one.indicator)) for one in run.figures
    }
    ids = city.territory_ids(places.values())
    row.figures.filter(sheet=FIGURES).exclude(indicator__in=[one.indicator for one in run.figures]).delete()
    for one in run.figures:
        columns = reporting.columns_of_quantity(one.quantity)
        columns |= {"file_id": file, "file_sha256": run.sha256, "file_name": run.name}
        columns |= {"sheet": one.sheet, "cell": one.cell}
        models.FigureEntry.objects.update_or_create(
            report=row,
            indicator=one.indicator,
            territory_id=ids[places[one.indicator]],
            defaults=columns | {"fact": None},
        )
