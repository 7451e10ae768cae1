"""A foreign key to another module points downward and leaves no name behind on the other side."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.sources import RANK


def faults(tables: Iterable[type[models.Model]]) -> Iterator[str]:
    """Yield each relation of these tables that breaks the rule."""
    for table in tables:
        for field in table._meta.get_fields():
            if isinstance(field, models.ForeignKey | models.ManyToManyField) and field.model is table:
                yield from _faults_of(field)


def _faults_of(field: Any) -> Iterator[str]:
    own, other = field.model._meta.app_label, field.related_model._meta.app_label
    if own == other or own not in RANK or other not in RANK:
        return
    if RANK[other] >= RANK[own]:
        yield f"{field} points up to {other}"
    if not field.remote_field.hidden:
        yield f"{field} needs related_name='+'"


def test_foreign_keys_point_downward_and_stay_hidden() -> None:
    assert list(faults(apps.get_models())) == []


@isolate_apps("shaar.city", "shaar.ledger")
def test_a_key_that_points_up_or_shows_itself_is_found() -> None:
    class Unit(models.Model):
        class Meta:
            app_label = "city"

    class Entry(models.Model):
        unit = models.ForeignKey(Unit, models.PROTECT)

        class Meta:
            app_label = "ledger"

    class Street(models.Model):
        entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
        unit = models.ForeignKey(Unit, models.PROTECT)

        class Meta:
            app_label = "city"

    assert list(faults([Entry])) == ["ledger.Entry.unit needs related_name='+'"]
    assert list(faults([Street])) == ["city.Street.entry points up to ledger"]
