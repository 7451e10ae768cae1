"""Tables of reports: the forms that a pack gives, and editions with their files, which only grow.

A trigger refuses UPDATE, DELETE and TRUNCATE of editions and files; check constraints let the database itself
vouch that a hash is the hash of what it stands beside.
"""

from django.db import models


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
