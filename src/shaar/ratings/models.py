"""Tables of ratings: versions of regulations, rounds, append-only entries, objections, frozen editions."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shaar.ratings import regulation as declared


class Regulation(models.Model):
    """A version of a regulation, as it was declared; a changed one is a new version."""

    code = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    valid_from = models.DateField()
    is_example = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint("code", "version", name="ratings_regulation_version_once")]
        triggers = [
            pgtrigger.Protect(name="ratings_regulation_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def declared(self) -> declared.Regulation:
        """The regulation itself."""
        return declared.parsed(self.document)


class Round(models.Model):
    """Rating the units of a regulation for a period; its state is that of its case."""

    regulation = models.ForeignKey(Regulation, on_delete=models.PROTECT, related_name="rounds")
    code = models.CharField(max_length=120)
    period = models.CharField(max_length=40)
    case_id = models.BigIntegerField(null=True)
    figures_at = models.DateTimeField()
    objections_until = models.DateTimeField(null=True)
    is_example = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint("code", "period", name="ratings_round_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.period}"


class EntryKind(models.TextChoices):
    """What an entry tells of a unit."""

    FIGURE = "figure", _("Figure")
    JUDGED = "judged", _("Judged share")
    PENALTY = "penalty", _("Penalty")


class Entry(models.Model):
    """What a unit's score is made of. Never changed; taken back by another entry, with the reason."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    unit = models.CharField(max_length=120)
    code = models.CharField(max_length=120)
    number = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    target = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    origin = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    objection = models.ForeignKey("Objection", on_delete=models.PROTECT, null=True, related_name="entries")
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="taken_back_by"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["round", "unit"], name="ratings_entry_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="judged") | Q(takes_back__isnull=False) | ~Q(comment=""),
                name="ratings_judged_with_a_comment",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="ratings_entry_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit} {self.code}"

    @property
    def stated(self) -> Decimal | None:
        """The number without the zeros that the database adds."""
        return trimmed(self.number)

    @property
    def aim(self) -> Decimal | None:
        """The target without the zeros that the database adds."""
        return trimmed(self.target)


def trimmed(number: Decimal | None) -> Decimal | None:
    """Return a number without trailing zeros after its decimal sign."""
    if number is None:
        return None
    short = number.normalize()
    return short.quantize(Decimal(1)) if short.as_tuple().exponent > 0 else short  # type: ignore[operator]


class Objection(models.Model):
    """What a unit says against an entry, and what was decided; its state is that of its case."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="objections")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="objections")
    unit = models.CharField(max_length=120)
    wanted = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    text = models.TextField()
    case_id = models.BigIntegerField(null=True)
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decision = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(decided_at=None), name="ratings_objection_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(decided_at__gte=F("raised_at")), name="ratings_decided_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.raised_at:%Y-%m-%d}"

    @property
    def claimed(self) -> Decimal | None:
        """The wanted number without the zeros that the database adds."""
        return trimmed(self.wanted)


class Edition(models.Model):
    """A published rating, frozen: what it says and the SHA-256 of that."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint("round", "number", name="ratings_edition_once")]
        triggers = [
            pgtrigger.Protect(name="ratings_edition_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.number}"
