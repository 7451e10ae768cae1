"""People, the roles they hold, and what each role lets them do where."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shaar.kernel.audit import audited


def _or_zero(column: str) -> Coalesce:
    """Let a missing id count as a value, because an exclusion constraint never compares NULL."""
    return Coalesce(F(column), Value(0, output_field=models.BigIntegerField()))


class UserQuerySet(BaseUserManager["User"]):
    """Finds people; they are made by `services.create_user` only."""


@audited(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A member of staff who signs in; what they may do comes from their roles alone."""

    username = models.CharField(_("User name"), max_length=60, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=2, default="ru")
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(_("May sign in"), default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]
    objects = UserQuerySet()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="user_name_is_taken_once"),
            models.CheckConstraint(name="user_has_a_name", condition=~Q(display_name="")),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """Return the name that others see."""
        return self.display_name


@audited()
class Role(models.Model):
    """A named set of verbs, such as «unit head»; roles are data of the city pack."""

    code = models.CharField(max_length=60, unique=True)
    name_ru = models.CharField(max_length=200)
    name_ky = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.code


@audited()
class Grant(models.Model):
    """One verb that a role may."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="grants")
    verb = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "verb"], name="grant_is_given_once"),
            models.CheckConstraint(
                name="grant_verb_names_module_and_action", condition=Q(verb__regex=r"^[a-z_]+\.[a-z_]+$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_id}: {self.verb}"


@audited()
class RoleAssignment(models.Model):
    """A role that a person holds over a unit and a territory, with all under them, for a range of days.

    No unit means every unit, no territory every territory.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    territory = models.ForeignKey("city.Territory", on_delete=models.PROTECT, null=True, related_name="+")
    valid = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="roleassignment_is_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (_or_zero("unit_id"), RangeOperators.EQUAL),
                    (_or_zero("territory_id"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="roleassignment_is_valid_some_day", condition=Q(valid__isempty=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id}"
