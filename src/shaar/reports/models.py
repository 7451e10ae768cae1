"""Tables of reports: the forms that a pack gives, editions with their files, texts with their proofs.

Editions, their files and decisions about findings only grow: triggers refuse UPDATE, DELETE and TRUNCATE. The
newest decision counts. Check constraints let the database itself vouch that a hash is the hash of what it
stands beside.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportForm(models.Model):
    """The texts and charts of a report as the city pack declares them."""

    code = models.CharField(max_length=60, unique=True)
    templates = models.JSONField()
    files = models.JSONField()
    charts = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.code


class Edition(models.Model):
    """A published report of a programme's year, frozen: `snapshot` is the canonical JSON it was made from."""

    programme = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    languages = models.CharField(max_length=60)
    snapshot = models.TextField()
    hash = models.CharField(max_length=64)
    differences = models.JSONField(default=list)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="following"
    )
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)
    published_by_key = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "year", "number"], name="edition_number_is_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.year} № {self.number}"


class EditionFile(models.Model):
    """One rendered file of an edition, kept byte for byte."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(max_length=8)
    form = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "language", "form"], name="editionfile_form_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProofState(models.TextChoices):
    """How far the proofreading of a text is."""

    WAITING = "waiting", _("being proofread")
    READY = "ready", _("proofread")
    REFUSED = "refused", _("cannot be read")


class ProofText(models.Model):
    """A text that somebody gave for proofreading, and its proof; `refusal` is a sentence by language.

    `year` is the period that the text speaks of where a sentence does not name its own.
    """

    upload = models.ForeignKey("cases.Upload", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    programme = models.CharField(max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=20, choices=ProofState.choices, default=ProofState.WAITING)
    refusal = models.JSONField(default=dict)
    proof = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=200)
    uploaded_name = models.CharField(max_length=200)
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(proof__isnull=False), name="prooftext_ready_has_proof"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal={}), name="prooftext_refused_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Verdict(models.TextChoices):
    """What a person decided about a finding."""

    ACCEPTED = "accepted", pgettext_lazy("decision", "accepted")
    DISMISSED = "dismissed", pgettext_lazy("decision", "dismissed")
    REOPENED = "reopened", pgettext_lazy("decision", "shown again")


class ProofDecision(models.Model):
    """One decision about a finding, known by its fingerprint in whatever text it is found again."""

    fingerprint = models.CharField(max_length=64)
    text = models.ForeignKey(ProofText, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    reason = models.CharField(max_length=1000, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200)
    decided_name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["fingerprint", "id"], name="proofdecision_of_a_finding")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict="dismissed") | ~Q(reason=""), name="proofdecision_dismissed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.fingerprint}"
