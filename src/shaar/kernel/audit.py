"""Marks the tables whose every change is kept, by triggers in the database that no code can bypass."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
from django.db import models

ModelT = TypeVar("ModelT", bound=type[models.Model])


def audited(*, exclude: Sequence[str] = ()) -> Callable[[ModelT], ModelT]:
    """Keep every row that a model's table gains, changes or loses in a table of events beside it.

    `exclude` names fields that stay out of the events: secrets, and large values that are kept elsewhere.
    """

    def mark(model: ModelT) -> ModelT:
        track = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(exclude) or None,
            obj_field=pghistory.ObjForeignKey(related_name="+"),
            append_only=True,
        )
        marked: ModelT = track(model)
        return marked

    return mark
