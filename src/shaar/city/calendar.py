"""Changes of the working calendar by hand: single days and yearly holidays, kept beside those of the pack."""

from dataclasses import dataclass
from datetime import date

import pghistory
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from shaar.city.models import CalendarDay, Holiday
from shaar.city.services import texts
from shaar.city.snapshot import range_of
from shaar.kernel.errors import Refusal
from shaar.kernel.texts import Text


@dataclass(frozen=True, slots=True)
class DayView:
    """A single day that departs from the week; `like_weekday` is None for a day off."""

    day: date
    like_weekday: int | None
    name: Text
    is_local: bool


@dataclass(frozen=True, slots=True)
class HolidayView:
    """A holiday of every year within its years."""

    id: int
    month: int
    day: int
    name: Text
    first: date | None
    last: date | None
    is_local: bool


def days_of(year: int) -> list[DayView]:
    """Return the single days of a year, in order."""
    rows = CalendarDay.objects.filter(day__year=year).order_by("day")
    return [
        DayView(row.day, row.like_weekday, Text(row.name_ru, row.name_ky, row.name_en), row.is_local)
        for row in rows
    ]


def holidays() -> list[HolidayView]:
    """Return the yearly holidays, in the order of the year."""
    found = []
    for row in Holiday.objects.order_by("month", "day", "valid"):
        held = range_of(row.valid)
        name = Text(row.name_ru, row.name_ky, row.name_en)
        found.append(HolidayView(row.pk, row.month, row.day, name, held.first, held.last, row.is_local))
    return found


def set_day(day: date, *, like_weekday: int | None, name: Text, actor: str) -> None:
    """Say how a single day is worked, whatever the pack says; Refusals `name_missing`, `bad_weekday`."""
    if not name.ru.strip():
        raise Refusal("name_missing", _("The name in Russian is missing."))
    if like_weekday is not None and not 1 <= like_weekday <= 7:
        raise Refusal("bad_weekday", _("There is no such day of the week."))
    given = {"is_working": like_weekday is not None, "like_weekday": like_weekday, "is_local": True}
    with transaction.atomic(), pghistory.context(actor=actor):
        CalendarDay.objects.update_or_create(day=day, defaults=given | texts("name", name))


def forget_day(day: date, *, actor: str) -> None:
    """Take back what was said of a day here; one of the pack is only outweighed. Refusal `unknown_day`."""
    with transaction.atomic(), pghistory.context(actor=actor):
        if not CalendarDay.objects.filter(day=day, is_local=True).delete()[0]:
            raise Refusal("unknown_day", _("Nothing was said of this day here."))


def add_holiday(month: int, day: int, *, name: Text, first: date | None, actor: str) -> None:
    """Add a holiday of every year from a day on; Refusals `name_missing`, `no_such_day`, `holiday_stands`."""
    if not name.ru.strip():
        raise Refusal("name_missing", _("The name in Russian is missing."))
    try:
        date(2024, month, day)  # a leap year
    except ValueError as error:
        raise Refusal("no_such_day", _("There is no such day of the year.")) from error
    given = {"month": month, "day": day, "is_local": True, "valid": DateRange(first, None)}
    try:
        with transaction.atomic(), pghistory.context(actor=actor):
            Holiday.objects.create(**given, **texts("name", name))
    except IntegrityError as error:
        raise Refusal("holiday_stands", _("This day is a holiday already.")) from error


def end_holiday(number: int, *, last: date, actor: str) -> None:
    """Let a yearly holiday end with a day; it is looked after here from then on. Refusal `unknown_day`."""
    with transaction.atomic(), pghistory.context(actor=actor):
        row = Holiday.objects.select_for_update().filter(pk=number).first()
        if row is None or (row.valid.upper is not None and row.valid.upper <= last):
            raise Refusal("unknown_day", _("This holiday has ended already."))
        if row.valid.lower is not None and row.valid.lower > last:
            row.delete()
            return
        row.valid = DateRange(row.valid.lower, last, "[]")
        row.is_local = True
        row.save(update_fields=["valid", "is_local"])
