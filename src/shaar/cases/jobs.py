"""Background entries: escalation of what is overdue, and the removal of bytes that nobody names."""

import logging

from django.db import DatabaseError

from shaar.access.api import system_actor
from shaar.cases import files, services
from shaar.cases.models import Case
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.jobs import periodic

logger = logging.getLogger(__name__)


@periodic("cases.escalate", cron="*/15 * * * *")
def escalate_overdue() -> None:
    """Tell those above of every running case whose deadline has passed.

    One that cannot be told of is logged and does not hold up the others.
    """
    at = clock.now()
    overdue = Case.objects.filter(closed_at__isnull=True, paused_at__isnull=True, due_at__lt=at)
    for number in overdue.values_list("pk", flat=True).order_by("pk"):
        try:
            services.escalate(number, at=at, actor=system_actor("escalation"))
        except (Refusal, LookupError, ValueError, DatabaseError):
            logger.exception("case %s was not escalated", number)


@periodic("cases.remove_orphans", cron="30 3 * * *")
def remove_orphans() -> None:
    """Remove files that a rolled-back transaction or a killed process left behind."""
    at = clock.now()
    files.remove_orphans(at=at)
    files.purge_arrivals(at=at)
