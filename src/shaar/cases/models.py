"""Tables of cases, their timelines, files and notices."""

import pgtrigger
from django.db import models
from django.db.models import Q

from shaar.kernel.audit import audited


@audited()
class Case(models.Model):
    """A piece of work of some module that people carry through a workflow by a deadline."""

    workflow = models.CharField(max_length=80)
    state = models.CharField(max_length=40)
    title_ru = models.CharField(max_length=400)
    title_ky = models.CharField(max_length=400, blank=True)
    title_en = models.CharField(max_length=400, blank=True)
    subject_module = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=120)
    url = models.CharField(max_length=400, blank=True)
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey("city.Territory", on_delete=models.PROTECT, null=True, related_name="+")
    assignee = models.ForeignKey("access.User", on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    escalated = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workflow", "subject_module", "subject_kind", "subject_id"],
                name="cases_case_subject_once",
            ),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True) | Q(closed_at__isnull=True), name="cases_case_closed_runs"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="cases_case_open")
        ]

    def __str__(self) -> str:
        return f"{self.workflow} {self.subject_id}"


class Event(models.Model):
    """One line of a case's timeline; lines are only ever added."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    happened_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    transition = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_event_case")]
        triggers = [
            pgtrigger.Protect(name="cases_event_kept", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="cases_event_never_emptied",
                operation=pgtrigger.Truncate,
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                func="RAISE EXCEPTION 'timelines of cases are kept';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.kind} {self.transition}"


class StoredFile(models.Model):
    """A file kept under the name of its SHA-256; what several people upload is kept once."""

    sha256 = models.CharField(max_length=64, unique=True)
    media_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="cases_file_sha256_written"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="cases_file_not_empty"),
        ]
        triggers = [pgtrigger.Protect(name="cases_file_unchanged", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.sha256


class Upload(models.Model):
    """Somebody's giving of a file under a name: what other records refer to; of a case, or of none yet."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="uploads")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="uploads")
    name = models.CharField(max_length=255)
    uploaded_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """What a person is told about a case: that its deadline of that round has passed."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices")
    round = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "case", "round", "level"], name="cases_notice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.case_id}"


class SavedFilter(models.Model):
    """A question to the inbox that a person keeps under a name; one of them may open with the page."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=800, blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="cases_savedfilter_named_once"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(is_default=True), name="cases_savedfilter_one_default"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="cases_savedfilter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
