"""The present moment, in UTC and on the city's calendar."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings


def city_time_zone() -> ZoneInfo:
    """Return the time zone in which the city counts its days."""
    return ZoneInfo(settings.TIME_ZONE)


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(tz=UTC)


def today() -> date:
    """Return the present day on the city's calendar."""
    return now().astimezone(city_time_zone()).date()


def city_date(moment: datetime) -> date:
    """Return the city's calendar day on which an aware moment falls."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(city_time_zone()).date()


def noon(day: date) -> datetime:
    """Return the city's noon of a day: the moment given to a figure that speaks for a whole day or longer."""
    return datetime.combine(day, time(12), tzinfo=city_time_zone())
