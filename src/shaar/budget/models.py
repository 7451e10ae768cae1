"""Tables of the budget: classification, lines, append-only amounts, and the files that amounts came from."""

from decimal import Decimal

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shaar.access.api import audited
from shaar.kernel.texts import Text

# Adds amounts to the kept sums, in one order of rows, so that two files at a time do not wait in a ring.
SUMMED = """
INSERT INTO budget_total AS held
    (year, side, unit_id, is_transfer, is_stated, is_example, classification, code, kind, month, amount, held)
SELECT line.year, line.side, line.unit_id, line.is_transfer, line.key = '', line.is_example,
    part.key, part.value, one.kind, extract(month FROM one.day), sum(one.amount),
    sum(CASE WHEN one.takes_back_id IS NULL THEN 1 ELSE -1 END)
FROM {amounts} one
JOIN budget_line line ON line.id = one.line_id
CROSS JOIN LATERAL (SELECT '' AS key, '' AS value UNION ALL SELECT * FROM jsonb_each_text(line.codes)) part
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
ON CONFLICT (year, side, unit_id, is_transfer, is_stated, is_example, classification, code, kind, month)
DO UPDATE SET amount = held.amount + excluded.amount, held = held.held + excluded.held
"""


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

    WAITING = "waiting", _("waits to be checked")
    CHECKING = "checking", _("being checked")
    FAULTY = "faulty", _("has mistakes")
    READY = "ready", _("checked, not written yet")
    APPROVED = "approved", _("waits to be written")
    WRITING = "writing", _("being written")
    WRITTEN = "written", _("written")
    RETURNING = "returning", _("being undone")
    CANCELLED = "cancelled", _("called off")
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
    is_local = models.BooleanField(default=False, db_default=False)

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
    measures = ArrayField(models.CharField(max_length=250), default=list, db_default=[], blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("year", "side", "unit", "key", name="budget_line_once"),
        ]
        indexes = [
            models.Index(fields=["year"], name="budget_line_of_a_result", condition=~Q(indicators=[])),
            models.Index(fields=["year"], name="budget_line_of_a_measure", condition=~Q(measures=[])),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.side} {self.key}"

    @property
    def title(self) -> str:
        """Its codes as people name them, in the order of the classifications."""
        return " · ".join(self.codes[name] for name in Classification.values if name in self.codes)


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
    act = models.CharField(max_length=300, blank=True, db_default="")
    size = models.PositiveBigIntegerField(default=0, db_default=0)
    done = models.PositiveIntegerField(default=0, db_default=0)
    total = models.PositiveIntegerField(default=0, db_default=0)
    language = models.CharField(max_length=2, default="ru", db_default="ru")
    touched_at = models.DateTimeField(null=True)
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


@audited()
class Threshold(models.Model):
    """From which percent a page of the budget says something of a part; data of the pack."""

    code = models.CharField(max_length=40, unique=True)
    percent = models.DecimalField(max_digits=6, decimal_places=2)
    note_ru = models.TextField(blank=True)
    note_ky = models.TextField(blank=True)
    note_en = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.code} {self.percent}"

    @property
    def note(self) -> Text:
        """Where it comes from, in every language."""
        return Text(self.note_ru, self.note_ky, self.note_en)


@audited()
class Amendment(models.Model):
    """A change of a plan by an act: its lines are amounts. Taken back by another amendment, never removed."""

    year = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    day = models.DateField()
    act = models.CharField(max_length=300)
    change = models.DecimalField(max_digits=20, decimal_places=2)
    before = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    file = models.ForeignKey(TreasuryFile, on_delete=models.PROTECT, null=True, related_name="amendments")
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="taken_back_by"
    )
    reason = models.TextField(blank=True)
    is_example = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.year} {self.act}"

    @property
    def after(self) -> Decimal | None:
        """The plan of the side with this change."""
        return None if self.before is None else self.before + self.change


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
    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, null=True, related_name="amounts")
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
            pgtrigger.Trigger(
                name="budget_amount_summed",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="fresh"),  # type: ignore[no-untyped-call]
                func=f"{SUMMED.format(amounts='fresh')}; RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class Total(models.Model):
    """Amounts of lines alike, added up by month; kept by the database with each amount that comes in.

    The row without a classification holds the whole of a unit, the others what stands under one code.
    """

    year = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, related_name="+")
    is_transfer = models.BooleanField()
    is_stated = models.BooleanField()
    is_example = models.BooleanField()
    classification = models.CharField(max_length=12)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    month = models.PositiveSmallIntegerField()
    amount = models.DecimalField(max_digits=24, decimal_places=2)
    held = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "year", "side", "unit", "is_transfer", "is_stated", "is_example", "classification",
                    "code", "kind", "month",
                ],
                name="budget_total_once",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["year", "classification", "side"], name="budget_total_of_part")]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02} {self.side} {self.kind} {self.code}"
