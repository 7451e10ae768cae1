"""Units, territories and the working calendar, each with the days on which it holds.

A unit or territory is only a code; what it was called and where it belonged is in its versions, whose
ranges of days (`valid`, upper bound excluded) never overlap.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from shaar.kernel.audit import audited


class Languages(models.TextChoices):
    """The languages of names."""

    RU = "ru"
    KY = "ky"
    EN = "en"


class UnitKind(models.TextChoices):
    """The kinds of organisational units."""

    CITY_HALL = "city_hall"
    DEPARTMENT = "department"
    ADMINISTRATION = "administration"
    MTU = "mtu"
    ENTERPRISE = "enterprise"
    INSTITUTION = "institution"
    COUNCIL = "council"
    OTHER = "other"


class TerritoryKind(models.TextChoices):
    """The kinds of territories, from the largest to the smallest."""

    CITY = "city"
    DISTRICT = "district"
    MTU = "mtu"
    RESIDENTIAL_AREA = "residential_area"
    STREET = "street"


@audited()
class Unit(models.Model):
    """An organisational unit's lasting identity; a local one is looked after here, no more by the pack."""

    code = models.CharField(max_length=120, unique=True)
    is_local = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.code


@audited()
class Territory(models.Model):
    """A territory's lasting identity; a local one is looked after here, no more by the pack."""

    code = models.CharField(max_length=120, unique=True)
    is_local = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.code


class Version(models.Model):
    """What a unit or a territory was called over a range of days."""

    name_ru = models.CharField(max_length=400)
    name_ky = models.CharField(max_length=400, blank=True)
    name_en = models.CharField(max_length=400, blank=True)
    short_ru = models.CharField(max_length=120, blank=True)
    short_ky = models.CharField(max_length=120, blank=True)
    short_en = models.CharField(max_length=120, blank=True)
    valid = DateRangeField()

    class Meta:
        abstract = True


@audited()
class UnitVersion(Version):
    """A unit as it was over a range of days."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=40, choices=UnitKind.choices)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="child_versions")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="unitversion_has_one_version_a_day",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="unitversion_is_valid_some_day", condition=Q(valid__isempty=False)),
            models.CheckConstraint(name="unitversion_is_named_in_russian", condition=~Q(name_ru="")),
            models.CheckConstraint(
                name="unitversion_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("unit")),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru


@audited(exclude=["geometry"])
class TerritoryVersion(Version):
    """A territory as it was over a range of days; `geometry` is WKB in WGS 84."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="versions")
    kind = models.CharField(max_length=40, choices=TerritoryKind.choices)
    parent = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="child_versions")
    geometry = models.BinaryField(null=True)
    is_approximate = models.BooleanField(default=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="territoryversion_has_one_version_a_day",
                expressions=[("territory", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                name="territoryversion_is_valid_some_day", condition=Q(valid__isempty=False)
            ),
            models.CheckConstraint(name="territoryversion_is_named_in_russian", condition=~Q(name_ru="")),
            models.CheckConstraint(
                name="territoryversion_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("territory")),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru


@audited()
class Alias(models.Model):
    """Another name under which people and documents know a unit or a territory."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="aliases")
    territory = models.ForeignKey(Territory, on_delete=models.CASCADE, null=True, related_name="aliases")
    language = models.CharField(max_length=2, choices=Languages.choices)
    text = models.CharField(max_length=400)
    valid = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="alias_names_a_unit_or_a_territory",
                condition=Q(unit__isnull=False, territory__isnull=True)
                | Q(unit__isnull=True, territory__isnull=False),
            ),
            models.CheckConstraint(name="alias_is_not_empty", condition=~Q(text="")),
            models.CheckConstraint(name="alias_is_valid_some_day", condition=Q(valid__isempty=False)),
        ]

    def __str__(self) -> str:
        return self.text


@audited()
class WorkingHours(models.Model):
    """One stretch of work on a day of the week (1 Monday … 7 Sunday), in minutes from midnight."""

    weekday = models.PositiveSmallIntegerField()
    minutes = IntegerRangeField()
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="workinghours_do_not_overlap",
                expressions=[
                    ("weekday", RangeOperators.EQUAL),
                    ("minutes", RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="workinghours_weekday_exists", condition=Q(weekday__range=(1, 7))),
            models.CheckConstraint(
                name="workinghours_are_within_a_day",
                condition=Q(minutes__contained_by=(0, 1441), minutes__isempty=False),
            ),
            models.CheckConstraint(name="workinghours_are_valid_some_day", condition=Q(valid__isempty=False)),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}: {self.minutes}"


@audited()
class Holiday(models.Model):
    """A day of the year on which nobody works, every year of a range."""

    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()
    name_ru = models.CharField(max_length=200)
    name_ky = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    valid = DateRangeField()
    is_local = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="holiday_stands_once",
                expressions=[
                    ("month", RangeOperators.EQUAL),
                    ("day", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="holiday_is_a_day_of_the_year", condition=Q(month__range=(1, 12), day__range=(1, 31))
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru


@audited()
class CalendarDay(models.Model):
    """A single day that departs from the week: a moving holiday, or a day off moved elsewhere.

    `like_weekday` says by which weekday's hours a working one is worked.
    """

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    like_weekday = models.PositiveSmallIntegerField(null=True)
    name_ru = models.CharField(max_length=200)
    name_ky = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    is_local = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendarday_working_one_has_hours",
                condition=Q(is_working=True, like_weekday__isnull=False, like_weekday__range=(1, 7))
                | Q(is_working=False, like_weekday__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.name_ru}"


class Revision(models.Model):
    """One row whose number changes with every change of this module's tables (kept by triggers).

    Processes keep the city in memory and look here to see whether they must read it anew. The number comes
    from a sequence, so that a change that was rolled back never leaves its number to another.
    """

    number = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.number)
