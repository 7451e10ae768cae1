"""Background entries: escalation of what is overdue, and the removal of bytes that nobody names."""

from shaar.access.api import system_actor
from shaar.cases import files, services
from shaar.cases.models import Case
from shaar.kernel import clock
from shaar.kernel.jobs import periodic


@periodic("cases.escalate", cron="*/15 * * * *")
def escalate_overdue() -> None:
    """Tell those above of every running case whose deadline has passed."""
    at = clock.now()
    overdue = Case.objects.filter(closed_at__isnull=True, paused_at__isnull=True, due_at__lt=at)
    for number in overdue.values_list("pk", flat=True).order_by("pk"):
        services.escalate(number, at=at, actor=system_actor("escalation"))


@periodic("cases.remove_orphans", cron="30 3 * * *")
def remove_orphans() -> None:
    """Remove files that a rolled-back transaction or a killed process left behind."""
    files.remove_orphans(at=clock.now())
    files.purge_arrivals()
