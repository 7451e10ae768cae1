"""People, the roles they hold, and what each role lets them do where."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shaar.kernel.audit import audited


def _or_zero(column: str) -> Coalesce:
    """Let a missing id count as a value, because an exclusion constraint never compares NULL."""
    return Coalesce(F(column), Value(0, output_field=models.BigIntegerField()))


class Theme(models.TextChoices):
    """The colours of pages that a person prefers."""

    AUTO = "auto", _("As the device says")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class UserQuerySet(BaseUserManager["User"]):
    """Finds people; they are made by `services.create_user` only."""


@audited(exclude=["password", "last_login", "identity_hash"])
class User(AbstractBaseUser):
    """A member of staff who signs in; what they may do comes from their roles alone."""

    username = models.CharField(_("User name"), max_length=60, validators=[UnicodeUsernameValidator()])
    display_name = models.CharField(_("Name"), max_length=120)
    language = models.CharField(_("Language"), max_length=2, default="ru")
    unit = models.ForeignKey("city.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(_("May sign in"), default=True)
    is_demo = models.BooleanField(default=False)
    email = models.EmailField(_("E-mail for notices"), blank=True)
    email_pending = models.EmailField(blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    theme = models.CharField(_("Colours"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    must_change_password = models.BooleanField(default=False)
    identity_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]
    objects = UserQuerySet()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="user_name_is_taken_once"),
            models.CheckConstraint(name="user_has_a_name", condition=~Q(display_name="")),
            models.UniqueConstraint(
                fields=["identity_hash"], condition=~Q(identity_hash=""), name="user_identity_is_one_persons"
            ),
        ]

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """Return the name that others see."""
        return self.display_name


@audited()
class Role(models.Model):
    """A named set of verbs, such as «unit head»: of the city pack, or made here by an administrator."""

    code = models.CharField(max_length=60, unique=True)
    name_ru = models.CharField(max_length=200)
    name_ky = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    is_local = models.BooleanField(default=False, db_default=False)

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


@audited()
class Deputy(models.Model):
    """Who stands in for an absent person on which days, and with which of their roles."""

    absent = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="stands_in")
    valid = DateRangeField()
    roles = ArrayField(models.CharField(max_length=60))
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="deputy_is_named_once_at_a_time",
                expressions=[
                    ("absent", RangeOperators.EQUAL),
                    ("deputy", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="deputy_is_somebody_else", condition=~Q(absent=F("deputy"))),
            models.CheckConstraint(
                name="deputy_stands_in_for_some_days_and_not_for_ever",
                condition=Q(valid__isempty=False, valid__lower_inf=False, valid__upper_inf=False),
            ),
            models.CheckConstraint(name="deputy_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="deputy_is_given_some_role", condition=Q(roles__len__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.absent_id}"


class FactorKind(models.TextChoices):
    """What a person has beside a password."""

    APP = "app", _("Code of an authenticator app")
    PASSKEY = "passkey", _("Passkey")


@audited(exclude=["secret", "credential_hash", "step", "sign_count", "last_used_at"])
class Factor(models.Model):
    """Something a person has and shows when signing in; `secret` is sealed by `kernel.sealing`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="factors")
    kind = models.CharField(max_length=10, choices=FactorKind.choices)
    name = models.CharField(max_length=60)
    secret = models.BinaryField()
    credential_hash = models.CharField(max_length=64, blank=True)
    step = models.BigIntegerField(default=0)
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["credential_hash"],
                condition=~Q(credential_hash=""),
                name="factor_passkey_is_known_once",
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(kind=FactorKind.APP), name="factor_app_is_one_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited(exclude=["code_hash"])
class RecoveryCode(models.Model):
    """A code that lets a person in once without their other factors; only its keyed hash is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "code_hash"], name="recoverycode_is_given_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SignedIn(models.Model):
    """A session of a person: since when, from where and with which program."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="signed_in")
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)
    how = models.CharField(max_length=10)

    def __str__(self) -> str:
        return str(self.pk)


class Happened(models.TextChoices):
    """What the audit keeps of signing in that no changed row tells."""

    SIGNED_IN = "signed_in", _("signed in")
    FACTOR_REFUSED = "factor_refused", _("showed a wrong second factor")
    FACTORS_RESET = "factors_reset", _("lost the second factor by an administrator's reset")
    PASSWORD_RESET = "password_reset", _("got a one-time password")
    PASSWORD_CHANGED = "password_changed", _("changed the password")
    SESSION_ENDED = "session_ended", _("had a session ended")
    IDENTITY_SET = "identity_set", _("was linked with an outside identity")
    AUDIT_EXPORTED = "audit_exported", _("exported the audit")


@audited()
class SecurityEvent(models.Model):
    """Something that happened to a person's signing in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Happened.choices)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "kind", "at"], name="securityevent_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
