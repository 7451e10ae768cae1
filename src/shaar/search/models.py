"""What is searched: a row for each page or record that may be looked for, and the words of titles."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class Entry(models.Model):
    """A page or record with the words by which it is found.

    `audience` is the verb that a reader needs, empty for everyone; with it `unit` and `territory` narrow who
    may see the entry. `weight` is how much its kind matters, from 0 for records to 9.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    url = models.CharField(max_length=500)
    title_ru = models.TextField()
    title_ky = models.TextField(blank=True)
    title_en = models.TextField(blank=True)
    body_ru = models.TextField(blank=True)
    body_ky = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    audience = models.CharField(max_length=120, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    territory = models.CharField(max_length=60, blank=True)
    weight = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=32)
    vector = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_entry_once")]
        # Of records there may be millions: what matters more is found without wading through them.
        indexes = [
            GinIndex(
                fields=["vector"],
                name="search_entry_few",
                fastupdate=False,
                condition=models.Q(weight__gt=0),
            ),
            GinIndex(
                fields=["vector"],
                name="search_entry_many",
                fastupdate=False,
                condition=models.Q(weight=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Word(models.Model):
    """A word of some titles, by which a misspelt one is put right, and how many titles have it.

    `code` is the word in letters of ASCII (words.CODED).
    """

    letters = models.CharField(max_length=60, primary_key=True)
    code = models.CharField(max_length=60)
    titles = models.PositiveIntegerField()

    class Meta:
        indexes = [GinIndex(OpClass("code", name="gin_trgm_ops"), name="search_word_trigrams")]

    def __str__(self) -> str:
        return self.letters
