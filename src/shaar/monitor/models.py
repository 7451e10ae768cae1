"""The tables of the monitor: what is declared, tiles as they stand, their changes, alerts and digests."""

import pgtrigger
from django.db import models
from django.db.models import Q


class Declaration(models.Model):
    """What the city pack declares for the monitor."""

    code = models.CharField(max_length=40, unique=True)
    document = models.JSONField()

    def __str__(self) -> str:
        return self.code


class Reckoned(models.Model):
    """A batch of facts whose tiles have been reckoned."""

    batch = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.batch)


class TileState(models.Model):
    """A tile as it stands: what was reckoned last."""

    tile = models.CharField(max_length=120, unique=True)
    document = models.JSONField()
    last_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.tile


class TileChange(models.Model):
    """A change of a tile; the number is the place in the live stream, and is given under one lock."""

    tile = models.CharField(max_length=120)
    document = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="monitor_change_is_kept", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.pk} {self.tile}"


class Alert(models.Model):
    """An alert that was raised on a tile; while it is open its rule raises no other."""

    rule = models.CharField(max_length=120)
    tile = models.CharField(max_length=120)
    document = models.JSONField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    case_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule"], condition=Q(closed_at__isnull=True), name="monitor_alert_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.raised_at:%Y-%m-%d}"


class Digest(models.Model):
    """What the city's morning looked like, frozen: the documents that are made of it stay the same."""

    day = models.DateField(unique=True)
    document = models.JSONField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.day.isoformat()
