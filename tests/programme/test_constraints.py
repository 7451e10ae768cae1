"""Each named constraint of the programme's tables refuses what it says; a new one is to be violated here."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from shaar.cases.models import StoredFile, Upload
from shaar.programme.models import (
    EntryFile,
    FigureEntry,
    FormUpload,
    Funding,
    Measure,
    MeasureIndicator,
    MeasureUnit,
    MeasureVersion,
    PlanImport,
    PlanNode,
    PlanRevision,
    Programme,
    ProgressEntry,
    ReportingRound,
    SharedMeasure,
    Target,
    UnitReport,
)

AT = datetime(2023, 1, 3, 4, 0, tzinfo=UTC)
DAY = date(2023, 1, 1)
EARLIER = date(2022, 12, 31)
LEAST: dict[type, Any] = {
    models.DateField: DAY,
    models.DateTimeField: AT,
    models.BinaryField: b"",
    models.PositiveIntegerField: 0,
}


def copy(row: models.Model, **changes: Any) -> None:
    """Write a row again as a new one, with changes."""
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


class Ground:
    """Rows beside which each wrong one is put."""

    def __init__(self, report: int) -> None:
        self.report = UnitReport.objects.select_related("round__programme").get(pk=report)
        self.round = self.report.round
        self.programme = self.round.programme
        self.revision = PlanRevision.objects.filter(programme=self.programme)[0]
        self.version = MeasureVersion.objects.filter(revision=self.revision)[0]
        self.measure = self.version.measure
        self.link = MeasureIndicator.objects.create(version=self.version, indicator="a.test")
        self.target = Target.objects.create(link=self.link, period="2023", value=1)
        self.money = Funding.objects.create(
            version=self.version, source="a", year=2023, amount=1, currency="KGS"
        )
        self.unit = MeasureUnit.objects.filter(version__revision=self.revision)[0]
        file = StoredFile.objects.create(sha256="a" * 64, media_type="text/plain", size=1, stored_at=AT)
        self.upload = Upload.objects.create(file=file, name="a.txt", uploaded_at=AT, actor_name="a")
        self.form = FormUpload.objects.create(
            report=self.report, sha256="b" * 64, name="a.xlsx", applied_at=AT, applied_by="a"
        )
        self.entry = ProgressEntry.objects.create(
            report=self.report, measure=self.measure, period="2023", last_day=DAY, status="executed"
        )
        self.sourced = ProgressEntry.objects.create(
            measure=self.measure, period="1999", last_day=DAY, status="executed", source_document="a"
        )
        self.proof = EntryFile.objects.create(entry=self.entry, file=self.upload)
        self.figure = FigureEntry.objects.create(
            report=self.report, indicator="a.test", territory=self.programme.territory, value=1,
            qualifier="exact",
        )  # fmt: skip
        self.node = PlanNode.objects.filter(programme=self.programme)[0]

    def plan_import(self, **values: Any) -> None:
        """Write an import of a plan; columns that are not named get the least that their kind allows."""
        given = {"programme": self.programme, "act": self.revision.act, "sha256": "a" * 64} | values
        for field in PlanImport._meta.concrete_fields:
            if not (field.has_default() or field.null or field.blank or field.primary_key):
                given.setdefault(field.name, LEAST.get(type(field), "a"))
        PlanImport.objects.create(**given)

    def imports(self) -> None:
        """Give one file for a plan twice."""
        self.plan_import()
        self.plan_import()

    def free_case(self) -> Any:
        """Return a case that no report has."""
        other = UnitReport.objects.exclude(pk=self.report.pk)[0]
        case = other.case
        other.delete()
        return case

    def drafts(self) -> None:
        """Open two drafts of one plan."""
        for number in (98, 99):
            copy(PlanRevision.objects.get(pk=self.revision.pk), number=number, enacted_at=None)


VIOLATIONS: dict[str, Callable[[Ground], None]] = {
    "programme_ends_after_it_starts": lambda on: copy(on.programme, code="b", first_year=2999),
    "revision_number_is_unique": lambda on: copy(on.revision),
    "revision_has_one_draft": lambda on: on.drafts(),
    "revision_names_who_enacted": lambda on: copy(on.revision, number=99, enacted_by=""),
    "node_code_is_unique": lambda on: copy(on.node, number=99),
    "node_number_is_unique": lambda on: copy(on.node, code="b"),
    "node_task_has_parent": lambda on: copy(on.node, code="b", kind="task", parent=None),
    "measure_code_is_unique": lambda on: copy(on.measure),
    "one_share_of_a_measure_in_a_programme": lambda _on: copy(SharedMeasure.objects.all()[0]),
    "version_once_in_a_revision": lambda on: copy(on.version),
    "version_ends_after_it_starts": lambda on: copy(
        on.version, measure=Measure.objects.create(programme=on.programme, code="b"),
        first_day=DAY, last_day=EARLIER,
    ),
    "version_cancelled_with_reason": lambda on: copy(
        on.version, measure=Measure.objects.create(programme=on.programme, code="b"),
        is_cancelled=True, cancel_reason="",
    ),
    "measure_unit_once_in_a_version": lambda on: copy(on.unit),
    "funding_once_a_source_and_year": lambda on: copy(on.money),
    "funding_is_not_negative": lambda on: copy(on.money, source="b", amount=-1),
    "funding_currency_is_a_code": lambda on: copy(on.money, source="b", currency="som"),
    "measure_indicator_once_in_a_version": lambda on: copy(on.link),
    "target_once_a_period": lambda on: copy(on.target),
    "round_once_a_period": lambda on: copy(on.round),
    "round_ends_after_start": lambda on: copy(on.round, period="b", first_day=DAY, last_day=EARLIER),
    "report_once_a_round_and_unit": lambda on: copy(on.report, case=on.free_case()),
    "entry_once_a_report_and_measure": lambda on: copy(on.entry),
    "entry_once_a_source_and_period": lambda on: copy(on.sourced),
    "entry_has_report_or_source": lambda on: copy(on.entry, report=None),
    "entry_overdue_or_cancelled_has_reason": lambda on: copy(
        on.entry, measure=Measure.objects.create(programme=on.programme, code="b"), status="overdue"
    ),
    "entry_file_once": lambda on: copy(on.proof),
    "figure_once_a_report_and_territory": lambda on: copy(on.figure),
    "figure_without_value_is_disputed": lambda on: copy(on.figure, indicator="b", value=None),
    "figure_range_has_upper_bound": lambda on: copy(on.figure, indicator="b", qualifier="range"),
    "upload_once_a_report": lambda on: copy(on.form),
    "import_done_within_total": lambda on: on.plan_import(done=2, total=1),
    "import_once_a_file": lambda on: on.imports(),
    "import_applied_has_revision": lambda on: on.plan_import(state="applied"),
}  # fmt: skip


def declared() -> set[str]:
    """Return the names of the constraints of every table of programmes."""
    tables = apps.get_app_config("programme").get_models()
    return {one.name for table in tables for one in table._meta.constraints}


def test_each_constraint_is_violated_once_here() -> None:
    assert declared() - set(VIOLATIONS) == set()


def test_each_constraint_refuses_its_violation(report: int) -> None:
    told = {}
    for name in declared():
        with transaction.atomic():
            ground = Ground(report)
            try:
                with transaction.atomic():
                    VIOLATIONS[name](ground)
            except IntegrityError as error:
                diagnosis = getattr(error.__cause__, "diag", None)
                told[name] = diagnosis.constraint_name if diagnosis else str(error)
            transaction.set_rollback(True)
    assert told == {name: name for name in declared()}
    assert Programme.objects.filter(code="b").count() == 0
    assert ReportingRound.objects.count() == 1


def test_a_report_keeps_its_case(report: int) -> None:
    with pytest.raises(ProtectedError):
        UnitReport.objects.get(pk=report).case.delete()
