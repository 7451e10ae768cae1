"""Tables of passports with their history, of the pack's classifiers, and of answers to findings."""

import pgtrigger
from django.db import models


class Origin(models.TextChoices):
    """Where a declaration was written: in the city pack, or on its page."""

    PACK = "pack"
    PAGE = "page"


class Indicator(models.Model):
    """An indicator's identity: its code."""

    code = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.code


class PassportVersion(models.Model):
    """What was declared about an indicator, by the pack or on its page, until the next change."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    position = models.PositiveIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    origin = models.CharField(max_length=4, choices=Origin.choices, default=Origin.PACK)
    reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="indicators_passport_number_once"),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=models.Q(is_current=True),
                name="indicators_passport_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="indicators_passport_number_from_one"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="indicators_passport_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="indicators_passport_unchanged",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("indicator", "number", "document", "digest", "recorded_at"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} v{self.number}"


class PackDocument(models.Model):
    """One classifier file of the pack (sections, measures, objects, rules) as it was loaded."""

    name = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    is_current = models.BooleanField(default=True)
    origin = models.CharField(max_length=4, choices=Origin.choices, default=Origin.PACK)
    reason = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "number"], name="indicators_document_number_once"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(is_current=True), name="indicators_document_one_current"
            ),
        ]
        triggers = [pgtrigger.Protect(name="indicators_document_kept", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"


class CatalogueStamp(models.Model):
    """The one row that changes with every loading: processes then read the catalogue again."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="indicators_stamp_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class KeptOutcomes(models.Model):
    """What the rules said about a period and a set of indicators, with a stamp of all that they read."""

    period = models.CharField(max_length=40)
    scope = models.CharField(max_length=64)
    codes = models.JSONField(null=True)
    stamp = models.TextField()
    outcomes = models.JSONField()
    reckoned_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "scope"], name="indicators_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.scope}"


class Answer(models.Model):
    """What a person answered to a finding; a later answer stands beside the earlier one."""

    key = models.CharField(max_length=500, db_index=True)
    text = models.TextField(max_length=4000)
    author = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+", null=True)
    author_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="indicators_answer_says_something"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="indicators_answer_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="indicators_answer_never_emptied",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'answers to findings are kept';",
            ),
        ]

    def __str__(self) -> str:
        return self.key
