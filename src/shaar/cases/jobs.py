"""Background entries: escalation, reminders, messages that go out, and the removal of what nobody needs."""

import logging
from datetime import datetime, time, timedelta

from django.db import DatabaseError

from shaar.access.api import system_actor
from shaar.cases import files, services
from shaar.cases.channels import base, delivering, telegram
from shaar.cases.channels.telegram import Telegram
from shaar.cases.models import Case
from shaar.cases.notices import events, telling, tidying
from shaar.city import api as city
from shaar.kernel import clock
from shaar.kernel.errors import Refusal
from shaar.kernel.jobs import periodic, task

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


@periodic("cases.remind", cron="10 * * * *")
def remind() -> None:
    """Tell of the deadlines up to the end of the next working day, each once."""
    at = clock.now()
    day = city.add_working_days(clock.city_date(at), 1)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.city_time_zone())
    near = Case.objects.filter(closed_at__isnull=True, paused_at__isnull=True, due_at__gte=at, due_at__lt=end)
    for case in near.select_related("unit", "territory").order_by("pk"):
        if case.due_at is not None:
            events.near(case, on=clock.city_date(case.due_at), at=at)


@task("cases.deliver")
def deliver(delivery: int) -> None:
    """Send one message by its channel."""
    delivering.deliver(delivery, at=clock.now())


@periodic("cases.send_forgotten", cron="*/5 * * * *")
def send_forgotten() -> None:
    """Send what should have gone out minutes ago."""
    delivering.send_forgotten(at=clock.now())


@periodic("cases.telegram_updates", cron="* * * * *")
def telegram_updates() -> None:
    """Read what people wrote to the bot, and tell those whose chat is bound now."""
    if not Telegram().is_ready():
        return
    at = clock.now()
    try:
        bound = telegram.read_updates(at=at)
    except (base.Later, base.Gone, base.Refused) as error:
        logger.warning("telegram was not read: %s", error.reason)
        return
    for user_id in bound:
        telling.tell_test(user_id, Telegram.code, at=at)


@periodic("cases.remove_orphans", cron="30 3 * * *")
def remove_orphans() -> None:
    """Remove files that a rolled-back transaction or a killed process left behind, and notices long read."""
    at = clock.now()
    files.remove_orphans(at=at)
    files.purge_arrivals(at=at)
    tidying.forget(at=at)
