"""Tables of cases, their timelines, files and notices, and of what the workspace keeps for each person."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
    """What a person is told, once for each key; of a storm of one kind all but the first are folded into one.

    `round` and `level` say of a passed deadline which one it was and how far up it was told.
    """

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    text_ru = models.CharField(max_length=500)
    text_ky = models.CharField(max_length=500, blank=True)
    text_en = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=400, blank=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="notices")
    round = models.PositiveSmallIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    folded_into = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="folded")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="cases_notice_told_once"),
        ]
        indexes = [
            models.Index(
                fields=["user"],
                condition=Q(read_at__isnull=True, folded_into__isnull=True),
                name="cases_notice_unread",
            ),
            models.Index(fields=["user", "-told_at"], name="cases_notice_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key}"


class Subscription(models.Model):
    """An address that a person bound to a channel: a browser's push endpoint, a chat; sealed at rest."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20)
    sealed = models.BinaryField()
    fingerprint = models.CharField(max_length=64)
    label = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "fingerprint"], name="cases_subscription_of_one_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class Delivery(models.Model):
    """The sending of a notice by one channel to one address of the person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENT = "sent", _("sent")
        DEAD = "dead", _("given up")
        DROPPED = "dropped", _("the address is gone")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20)
    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel", "subscription"],
                nulls_distinct=False,
                name="cases_delivery_once",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="cases_delivery_sent_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="cases_delivery_waiting"),
            models.Index(fields=["channel", "-next_at"], name="cases_delivery_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel}"


class Binding(models.Model):
    """A code by which a person proves once, within minutes, that a chat is theirs; only its hash is kept."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20)
    code_hash = models.CharField(max_length=64, unique=True)
    ends_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel} {self.user_id}"


class ChannelState(models.Model):
    """How far a channel has read what its provider sends back."""

    channel = models.CharField(max_length=20, unique=True)
    cursor = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.channel


class NoticeChoice(models.Model):
    """A person's own choice whether notices of a kind go out by a channel."""

    user = models.ForeignKey("access.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=20)
    is_on = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="cases_noticechoice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.channel}"


class QuietTime(models.Model):
    """When a person is left in peace: hours of the day, or all but the city's working time."""

    user = models.OneToOneField("access.User", on_delete=models.CASCADE, related_name="+")
    starts = models.TimeField(null=True)
    ends = models.TimeField(null=True)
    working_time_only = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__isnull=True, ends__isnull=True)
                | Q(starts__isnull=False, ends__isnull=False),
                name="cases_quiettime_has_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)


@audited()
class Wording(models.Model):
    """The words in which messages of a kind go out in one language, where the city changed them."""

    kind = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=200)
    body = models.TextField(max_length=2000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "language"], name="cases_wording_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"


class JobFailure(models.Model):
    """Why a job failed: the class of the error and where, never its message, which may name a person."""

    job_id = models.BigIntegerField()
    task = models.CharField(max_length=120)
    failed_at = models.DateTimeField()
    error = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["job_id", "-id"], name="cases_jobfailure_job")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.error}"


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
