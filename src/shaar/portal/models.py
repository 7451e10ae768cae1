"""Tables of the portal: the words of the public face, news and notices, text pages, counts of readers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from shaar.kernel.audit import audited
from shaar.kernel.texts import Text


class Face(models.Model):
    """The words of the public pages as the city pack gives them; there is one row at most."""

    code = models.CharField(max_length=20, unique=True)
    words = models.JSONField()
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.code


class ArticleKind(models.TextChoices):
    """What an article is: something that happened, or something that people must reckon with."""

    NEWS = "news"
    NOTICE = "notice"


class ArticleState(models.TextChoices):
    """How far an article is; only a published one is seen by the public."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


@audited()
class Article(models.Model):
    """News or a notice; an urgent notice stands over public pages from `starts_at` until `ends_at`."""

    kind = models.CharField(max_length=10, choices=ArticleKind)
    state = models.CharField(max_length=10, choices=ArticleState, default=ArticleState.DRAFT)
    title_ru = models.CharField(max_length=200)
    title_ky = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    body_ru = models.TextField()
    body_ky = models.TextField()
    body_en = models.TextField(blank=True)
    day = models.DateField()
    unit = models.ForeignKey("city.Unit", models.PROTECT, related_name="+")
    districts = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    is_urgent = models.BooleanField(default=False)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-day", "-id"], name="portal_article_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title_ru="") & ~Q(title_ky="") & ~Q(body_ru="") & ~Q(body_ky=""),
                name="article_is_in_both_languages",
            ),
            models.CheckConstraint(
                condition=Q(is_urgent=False)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="article_urgent_has_a_term",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="article_published_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason=""), name="article_withdrawn_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title_ru

    @property
    def title(self) -> Text:
        """Return the title in each language."""
        return Text(self.title_ru, self.title_ky, self.title_en)

    @property
    def body(self) -> Text:
        """Return the text in each language, as Markdown."""
        return Text(self.body_ru, self.body_ky, self.body_en)


@audited()
class ArticleFile(models.Model):
    """A file or a picture of an article; its name says what it is, of a picture what is seen."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="files")
    file = models.BigIntegerField()
    media_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    name_ru = models.CharField(max_length=200)
    name_ky = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "file"], name="article_file_is_given_once"),
            models.CheckConstraint(condition=~Q(name_ru="") & ~Q(name_ky=""), name="article_file_is_named"),
        ]

    def __str__(self) -> str:
        return self.name_ru

    @property
    def name(self) -> Text:
        """Return what the file is called, or what the picture shows."""
        return Text(self.name_ru, self.name_ky)

    @property
    def is_picture(self) -> bool:
        """Tell whether it is shown and not only offered."""
        return self.media_type.startswith("image/")


class PageVersion(models.Model):
    """A version of a text page; the newest one is shown, none is ever changed or removed."""

    page = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    body_ru = models.TextField()
    body_ky = models.TextField()
    body_en = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)
    writer = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="page_version_has_a_number"),
            models.CheckConstraint(
                condition=~Q(body_ru="") & ~Q(body_ky=""), name="page_version_is_in_both_languages"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.number}"


class DayCount(models.Model):
    """How often pages of a kind were read on a day, by language and device; nothing of the readers."""

    day = models.DateField()
    page = models.CharField(max_length=80)
    language = models.CharField(max_length=2)
    device = models.CharField(max_length=10)
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "page", "language", "device"], name="day_count_is_one_of_its_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.page}"


class TakenCounts(models.Model):
    """A file of counts that has been added up already, so that none is added twice."""

    name = models.CharField(max_length=120, unique=True)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ReaderBrowser(models.Model):
    """A browser that wants news: an address that it made up, sealed; nothing of who reads."""

    sealed = models.BinaryField()
    fingerprint = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2)
    district = models.CharField(max_length=120, blank=True)
    urgent_only = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"browser {self.pk}"


class ReaderMessage(models.Model):
    """The sending of an article to one browser, once as news and once as urgent at most."""

    class State(models.TextChoices):
        """How far a message is."""

        WAITING = "waiting"
        SENT = "sent"
        DEAD = "dead"

    article = models.ForeignKey(Article, models.CASCADE, related_name="+")
    browser = models.ForeignKey(ReaderBrowser, models.CASCADE, related_name="messages")
    is_urgent = models.BooleanField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    reason = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "next_at"], name="portal_readermessage_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["browser", "article", "is_urgent"], name="portal_readermessage_once"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"
