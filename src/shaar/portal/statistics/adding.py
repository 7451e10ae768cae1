"""Adds the files of counts up into the sums of days, each file exactly once."""

import json
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from shaar.portal.models import TakenCounts
from shaar.portal.statistics.counting import directory

KEPT = timedelta(days=7)
ADD = """
INSERT INTO portal_daycount (day, page, language, device, count) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (day, page, language, device) DO UPDATE SET count = portal_daycount.count + EXCLUDED.count
"""


def add_up(*, at: datetime) -> int:
    """Add what waits and return how many files there were; a file that was added already only goes."""
    files = sorted(directory().glob("*.json"))
    for path in files:
        _take(path, at)
        path.unlink(missing_ok=True)
    TakenCounts.objects.filter(taken_at__lt=at - KEPT).delete()
    return len(files)


@transaction.atomic
def _take(path: Path, at: datetime) -> None:
    _row, is_new = TakenCounts.objects.get_or_create(name=path.name, defaults={"taken_at": at})
    if not is_new:
        return
    rows = json.loads(path.read_text(encoding="utf-8"))
    with connection.cursor() as cursor:
        cursor.executemany(ADD, rows)
