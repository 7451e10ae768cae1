"""Tables of the budget: classification, lines, append-only amounts, and the files that amounts came from."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shaar.access.api import audited
from shaar.kernel.texts import Text


class Classification(models.TextChoices):
    """By what a line of the budget is classified."""

    REVENUE = "revenue", _("By kind of revenue")
    FUNCTIONAL = "functional", _("By function")
    ECONOMIC = "economic", _("By economic purpose")
    PROGRAMME = "programme", _("By budget programme")
    SOURCE = "source", _("By source of money")


class Side(models.TextChoices):
    """Money that comes in, or goes out."""

    REVENUE = "revenue", _("Revenue")
    SPENDING = "spending", _("Spending")


class Kind(models.TextChoices):
    """What an amount is: each is added up apart."""

    PLAN = "plan", _("Annual plan")
    CASH_PLAN = "cash_plan", _("Cash plan")
    COMMITMENT = "commitment", _("Commitments")
    EXECUTED = "executed", _("Executed")


class ImportState(models.TextChoices):
    """How far a file of the treasury is."""

    FAULTY = "faulty", _("has mistakes")
    READY = "ready", _("checked, not written yet")
    WRITTEN = "written", _("written")
    UNDONE = "undone", _("undone")


@audited()
class Heading(models.Model):
    """A code of a classification, from a day to a day; a code may mean something else in another year."""

    classification = models.CharField(max_length=12, choices=Classification.choices)
    code = models.CharField(max_length=40)
    parent = models.CharField(max_length=40, blank=True)
    name_ru = models.TextField()
    name_ky = models.TextField(blank=True)
    name_en = models.TextField(blank=True)
    is_transfer = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("classification", "code", "valid_from", name="budget_heading_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="budget_heading_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.classification} {self.code}"

    @property
    def name(self) -> Text:
        """The name in every language."""
        return Text(self.name_ru, self.name_ky, self.name_en)


@audited()
class Line(models.Model):
    """A line of a year's budget: one unit and one code of each classification that is used."""

    year = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, related_name="+")
    codes = models.JSONField(default=dict)
    key = models.CharField(max_length=300)
    is_transfer = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)
    indicators = ArrayField(models.CharField(max_length=120), default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("year", "side", "unit", "key", name="budget_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.side} {self.key}"


class TreasuryFile(models.Model):
    """A file of the treasury as it was taken in: how its columns were read, its totals, what it would do."""

    year = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    stored = models.BigIntegerField()
    columns = models.JSONField(default=dict)
    scale = models.DecimalField(max_digits=12, decimal_places=2, default=1)
    control_total = models.DecimalField(max_digits=20, decimal_places=2)
    found_total = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    rows = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ImportState.choices)
    reason = models.TextField(blank=True)
    is_example = models.BooleanField(default=False)
    taken_in_at = models.DateTimeField()
    taken_in_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256", "year", "side", "kind"],
                condition=Q(state="written"),
                name="budget_file_written_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class ColumnMapping(models.Model):
    """Which column of a treasury's file holds what, kept under a name."""

    name = models.CharField(max_length=120, unique=True)
    columns = models.JSONField()
    scale = models.DecimalField(max_digits=12, decimal_places=2, default=1)
    saved_by = models.CharField(max_length=200)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Amount(models.Model):
    """Money of a line: stated, amended, committed or executed. Never changed; taken back by its opposite."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="amounts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    day = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=2)
    currency = models.CharField(max_length=3, default="KGS")
    act = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    file = models.ForeignKey(TreasuryFile, on_delete=models.PROTECT, null=True, related_name="amounts")
    row = models.PositiveIntegerField(null=True)
    source_document = models.CharField(max_length=120, blank=True)
    source_line = models.PositiveIntegerField(null=True)
    figure = models.CharField(max_length=120, blank=True)
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="taken_back_by"
    )
    fact = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["line", "kind", "day"], name="budget_amount_of_line")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="budget_amount_is_not_zero"),
            models.CheckConstraint(
                condition=~Q(kind="executed", amount__lt=0) | ~Q(reason=""), name="budget_return_has_a_reason"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="budget_amount_kept", operation=pgtrigger.Delete | pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
