"""Tables of programmes: acts, the plan with its revisions, and what units report on it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shaar.kernel.audit import audited
from shaar.kernel.quantities import Qualifier
from shaar.kernel.texts import Text


class Status(models.TextChoices):
    """How far a measure has come."""

    NOT_STARTED = "not_started", _("not started")
    IN_PROGRESS = "in_progress", _("in progress")
    EXECUTED = "executed", _("executed")
    OVERDUE = "overdue", _("overdue")
    CANCELLED = "cancelled", _("cancelled")


class NodeKind(models.TextChoices):
    """What a branch of the plan is."""

    GOAL = "goal", _("goal")
    DIRECTION = "direction", _("direction")
    TASK = "task", _("task")


class UnitRole(models.TextChoices):
    """Whether a unit answers for a measure or takes part in it."""

    RESPONSIBLE = "responsible", _("responsible")
    CO_RESPONSIBLE = "co_responsible", _("co-responsible")


class Sourced(models.Model):
    """Something read from a document, with the line where it stands; blank for what was entered here."""

    source_document = models.CharField(max_length=120, blank=True)
    source_line = models.PositiveIntegerField(null=True)

    class Meta:
        abstract = True


class Named(Sourced):
    """Something with a name in the city's languages."""

    name_ru = models.TextField()
    name_ky = models.TextField(blank=True)
    name_en = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> Text:
        """Return the name in every language it has."""
        return Text(self.name_ru, self.name_ky, self.name_en)


@audited()
class SourceDocument(models.Model):
    """A document from which a pack's figures and statuses were read."""

    code = models.CharField(max_length=120, unique=True)
    title_ru = models.TextField()
    title_ky = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    period = models.CharField(max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    lines = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.code


@audited()
class LegalAct(Named):
    """A legal act, contract or draft that a programme rests on; what the source does not state is absent."""

    code = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    body_ru = models.TextField(blank=True)
    body_ky = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    date = models.DateField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.CharField(max_length=80, blank=True)
    title_ru = models.TextField(blank=True)
    title_ky = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    note_ru = models.TextField(blank=True)
    note_ky = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.code


@audited()
class Programme(Named):
    """A programme of the city over several years."""

    code = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40, default="development")
    full_name_ru = models.TextField(blank=True)
    full_name_ky = models.TextField(blank=True)
    full_name_en = models.TextField(blank=True)
    goal_ru = models.TextField(blank=True)
    goal_ky = models.TextField(blank=True)
    goal_en = models.TextField(blank=True)
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey("city.Territory", on_delete=models.PROTECT, related_name="+")
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    are_years_stated = models.BooleanField(default=True)
    indicators = ArrayField(models.CharField(max_length=120), default=list)
    note_ru = models.TextField(blank=True)
    note_ky = models.TextField(blank=True)
    acts = ArrayField(models.CharField(max_length=120), default=list)
    stated_totals = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_year__lte=F("last_year")), name="programme_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.code


@audited()
class PlanRevision(Sourced):
    """A change of the plan by a legal act: a draft until it is enacted, in force from a day on."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    act = models.ForeignKey(LegalAct, on_delete=models.PROTECT, related_name="+")
    effective_from = models.DateField()
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=200)
    enacted_at = models.DateTimeField(null=True)
    enacted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="revision_number_is_unique"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(enacted_at__isnull=True),
                name="revision_has_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(enacted_at__isnull=True) | ~Q(enacted_by=""), name="revision_names_who_enacted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} № {self.number}"


@audited()
class PlanNode(Named):
    """A branch of the plan: a goal or direction, or a task under it."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="nodes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    kind = models.CharField(max_length=20, choices=NodeKind.choices)
    code = models.CharField(max_length=120)
    number = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="node_code_is_unique"),
            models.UniqueConstraint(
                fields=["programme", "parent", "kind", "number"],
                nulls_distinct=False,
                name="node_number_is_unique",
            ),
            models.CheckConstraint(
                condition=Q(kind="task", parent__isnull=False) | ~Q(kind="task"), name="node_task_has_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.code


@audited()
class Measure(models.Model):
    """What a measure is through all revisions of the plan: its code; the rest stands in its versions."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="measures")
    code = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="measure_code_is_unique")]

    def __str__(self) -> str:
        return self.code


@audited()
class MeasureVersion(Sourced):
    """A measure as one revision of the plan words it, until a later revision changes it."""

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="versions")
    revision = models.ForeignKey(PlanRevision, on_delete=models.PROTECT, related_name="versions")
    node = models.ForeignKey(PlanNode, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField(default=0)
    text_ru = models.TextField()
    text_ky = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    expected_ru = models.TextField(blank=True)
    expected_ky = models.TextField(blank=True)
    expected_en = models.TextField(blank=True)
    note_ru = models.TextField(blank=True)
    note_ky = models.TextField(blank=True)
    period = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    is_cancelled = models.BooleanField(default=False)
    cancel_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "revision"], name="version_once_in_a_revision"),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="version_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(is_cancelled=False) | ~Q(cancel_reason=""), name="version_cancelled_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} r{self.revision_id}"


@audited()
class SharedMeasure(Sourced):
    """A measure of another programme that serves this one too: stated there once, counted in both."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="shared")
    node = models.ForeignKey(PlanNode, on_delete=models.PROTECT, null=True, related_name="+")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="shared")

    class Meta:
        constraints = [
            models.UniqueConstraint("programme", "measure", name="one_share_of_a_measure_in_a_programme"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} → {self.programme}"


@audited()
class MeasureUnit(models.Model):
    """A unit that answers for a measure or takes part in it."""

    version = models.ForeignKey(MeasureVersion, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=UnitRole.choices)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "unit"], name="measure_unit_once_in_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.role}"


@audited()
class Funding(models.Model):
    """Money for a measure from one source in one year."""

    version = models.ForeignKey(MeasureVersion, on_delete=models.CASCADE, related_name="funding")
    source = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "source", "year", "currency"], name="funding_once_a_source_and_year"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="funding_is_not_negative"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="funding_currency_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.year}"


@audited()
class MeasureIndicator(models.Model):
    """An indicator by which a measure is judged, with the value it started from."""

    version = models.ForeignKey(MeasureVersion, on_delete=models.CASCADE, related_name="indicators")
    indicator = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    baseline = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    baseline_period = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "indicator"], name="measure_indicator_once_in_a_version"
            )
        ]

    def __str__(self) -> str:
        return self.indicator


@audited()
class Target(Sourced):
    """The value that an indicator of a measure is to reach in a period."""

    link = models.ForeignKey(MeasureIndicator, on_delete=models.CASCADE, related_name="targets")
    period = models.CharField(max_length=40)
    value = models.DecimalField(max_digits=24, decimal_places=6)
    note_ru = models.TextField(blank=True)
    note_ky = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "period"], name="target_once_a_period")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.period}"


@audited()
class ReportingRound(models.Model):
    """A period for which the units of a programme report, with the day by which they must."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="rounds")
    period = models.CharField(max_length=40)
    first_day = models.DateField()
    last_day = models.DateField()
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "period"], name="round_once_a_period"),
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="round_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.period}"


@audited()
class UnitReport(models.Model):
    """What one unit reports in one round; its state is the state of its case."""

    round = models.ForeignKey(ReportingRound, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    approved_by = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="report_once_a_round_and_unit")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id}"


@audited()
class ProgressEntry(Sourced):
    """A status of a measure: stated in a unit's report, or read from a document (then without report)."""

    report = models.ForeignKey(UnitReport, on_delete=models.PROTECT, null=True, related_name="entries")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="entries")
    period = models.CharField(max_length=40)
    last_day = models.DateField()
    status = models.CharField(max_length=20, choices=Status.choices)
    reason = models.TextField(blank=True)
    text = models.TextField(blank=True)
    fact = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "measure"], name="entry_once_a_report_and_measure"),
            models.UniqueConstraint(
                fields=["measure", "period", "source_document"],
                condition=Q(report__isnull=True),
                name="entry_once_a_source_and_period",
            ),
            models.CheckConstraint(
                condition=Q(report__isnull=False) | ~Q(source_document=""), name="entry_has_report_or_source"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["overdue", "cancelled"]) | ~Q(reason="") | Q(report__isnull=True),
                name="entry_overdue_or_cancelled_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure_id} {self.period}"


@audited()
class EntryFile(models.Model):
    """A file that proves what a report says of a measure."""

    entry = models.ForeignKey(ProgressEntry, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("cases.Upload", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "file"], name="entry_file_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.file_id}"


@audited()
class FigureEntry(models.Model):
    """A figure in a unit's report, typed on a page or read from a cell of its workbook."""

    report = models.ForeignKey(UnitReport, on_delete=models.PROTECT, related_name="figures")
    indicator = models.CharField(max_length=120)
    territory = models.ForeignKey("city.Territory", on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    upper = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    qualifier = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Qualifier])
    as_written = models.CharField(max_length=200, blank=True)
    file = models.ForeignKey("cases.Upload", on_delete=models.PROTECT, null=True, related_name="+")
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    cell = models.CharField(max_length=20, blank=True)
    fact = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "indicator", "territory"], name="figure_once_a_report_and_territory"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(qualifier="disputed"),
                name="figure_without_value_is_disputed",
            ),
            models.CheckConstraint(
                condition=Q(qualifier="range", upper__isnull=False)
                | (~Q(qualifier="range") & Q(upper__isnull=True)),
                name="figure_range_has_upper_bound",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.indicator}"


@audited()
class FormUpload(models.Model):
    """A filled workbook that was applied to a report; the same file cannot be applied to it twice."""

    report = models.ForeignKey(UnitReport, on_delete=models.PROTECT, related_name="uploads")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    file = models.ForeignKey("cases.Upload", on_delete=models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField()
    applied_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "sha256"], name="upload_once_a_report")]

    def __str__(self) -> str:
        return self.name


@audited()
class LoadedRow(models.Model):
    """A row of a pack recorded as a fact; its digest shows changes, and is empty once it left the pack."""

    key = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)
    generation = models.PositiveIntegerField(default=1)
    fact = models.BigIntegerField()

    def __str__(self) -> str:
        return self.key


class ImportState(models.TextChoices):
    """How far an import of a plan is."""

    WAITING = "waiting", _("waits for the check")
    CHECKING = "checking", _("being checked")
    FAULTY = "faulty", _("has mistakes")
    READY = "ready", _("ready for approval")
    APPROVED = "approved", _("approved, waits its turn")
    APPLYING = "applying", _("being written")
    APPLIED = "applied", _("applied")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


ENDED = (ImportState.FAULTY, ImportState.FAILED, ImportState.CANCELLED)


@audited(exclude=["content", "done", "total", "touched_at", "problems", "differences"])
class PlanImport(models.Model):
    """A workbook with a whole plan on its way to a new revision, with its progress for a page to show.

    `base` is the number of the revision that the workbook was made of, 0 where there was none.
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(LegalAct, on_delete=models.PROTECT, related_name="+")
    effective_from = models.DateField()
    base = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=20, choices=ImportState.choices, default=ImportState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    language = models.CharField(max_length=8, default="ru")
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    differences = models.JSONField(default=list)
    revision = models.OneToOneField(PlanRevision, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    created_name = models.CharField(max_length=200)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=200, blank=True)
    approved_name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="import_done_within_total"),
            models.CheckConstraint(
                condition=~Q(state="applied") | Q(revision__isnull=False), name="import_applied_has_revision"
            ),
            models.UniqueConstraint(
                fields=["programme", "sha256"],
                condition=~Q(state__in=["faulty", "failed", "cancelled"]),
                name="import_once_a_file",
            ),
        ]

    def __str__(self) -> str:
        return self.name
