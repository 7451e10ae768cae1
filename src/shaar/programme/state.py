"""Tells whether programmes have changed since they were looked at."""

from typing import cast

from django.db import connection
from django.db.models import Model

from shaar.kernel.once import look
from shaar.programme import models

# All that the reads of plans, measures and their statuses stand on, beside indicators and the city.
READ: tuple[type[Model], ...] = (
    models.Programme,
    models.LegalAct,
    models.PlanRevision,
    models.PlanNode,
    models.Measure,
    models.MeasureVersion,
    models.SharedMeasure,
    models.MeasureUnit,
    models.Funding,
    models.MeasureIndicator,
    models.Target,
    models.ProgressEntry,
    models.LoadedRow,
)


def state() -> str:
    """Return a short text that changes with every change of a programme's rows; one query.

    A version of a row is told by its place and by the transaction that wrote it, so nothing has to be kept.
    """
    return look("programme.state", _state)


def _state() -> str:
    tables = [model._meta.db_table for model in READ]  # noqa: SLF001 Django names it so and documents it
    rows = " UNION ALL ".join(
        f"SELECT hashtextextended(ctid::text || ' ' || xmin::text, {number}) AS row FROM {table}"  # noqa: S608
        for number, table in enumerate(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) || '-' || coalesce(sum(row), 0) FROM ({rows}) AS rows")  # noqa: S608
        return cast(str, cursor.fetchone()[0])
