"""What changes people and roles: each in one transaction, with who did it in the audit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from shaar.access.actors import Actor, acting
from shaar.access.events import note
from shaar.access.models import Happened, Role, RoleAssignment, User
from shaar.city import api as city
from shaar.kernel.clock import now
from shaar.kernel.errors import Refusal, Refusals

MEANINGS = {
    "user_name_is_taken_once": Refusal("user_exists", _("There is a person with this user name already.")),
    "user_has_a_name": Refusal("name_missing", _("A person needs a name.")),
    "roleassignment_is_held_once_at_a_time": Refusal(
        "already_assigned", _("The person holds this role there already.")
    ),
    "deputy_is_named_once_at_a_time": Refusal(
        "already_named", _("This person stands in on some of these days already.")
    ),
    "user_identity_is_one_persons": Refusal(
        "identity_taken", _("This identity is linked with another person.")
    ),
}


def create_user(
    username: str,
    *,
    name: str,
    password: str,
    actor: Actor,
    unit: str | None = None,
    language: str = "ru",
    is_demo: bool = False,
    at: datetime | None = None,
) -> int:
    """Add a person; Refusals `weak_password`, `user_exists`, `bad_username`, `unknown_unit`."""
    user = User(
        username=username,
        display_name=name.strip(),
        language=language,
        unit_id=city.unit_ids([unit])[unit] if unit else None,
        is_demo=is_demo,
        created_at=at or now(),
    )
    _check_username(user)
    if is_demo:
        _refuse_in_production()
    else:
        _check_password(password, user)
    user.set_password(password)
    with transaction.atomic(), meanings(), acting(actor):
        user.save(force_insert=True)
    return user.pk


def set_password(username: str, password: str, *, actor: Actor) -> None:
    """Give a person a new password; it ends their sessions. Refusals `unknown_user`, `weak_password`."""
    with transaction.atomic(), acting(actor):
        user = _locked(username)
        _check_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])


def password_changed(user_id: int, *, actor: Actor) -> None:
    """Remember that a person has chosen a password of their own."""
    with transaction.atomic():
        with acting(actor):
            User.objects.filter(pk=user_id, must_change_password=True).update(must_change_password=False)
        note(user_id, Happened.PASSWORD_CHANGED, actor=actor)


def set_active(username: str, *, is_active: bool, actor: Actor) -> None:
    """Let a person sign in, or no more; Refusal `unknown_user`."""
    with transaction.atomic(), acting(actor):
        user = _locked(username)
        user.is_active = is_active
        user.save(update_fields=["is_active"])


def assign_role(
    username: str,
    role: str,
    *,
    actor: Actor,
    unit: str | None = None,
    territory: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> int:
    """Give a person a role over a unit and territory and all under them, from the first to the last day.

    Refusals `unknown_user`, `unknown_role`, `unknown_unit`, `unknown_territory`, `already_assigned`.
    """
    assignment = RoleAssignment(
        role=_role(role),
        unit_id=city.unit_ids([unit])[unit] if unit else None,
        territory_id=city.territory_ids([territory])[territory] if territory else None,
        valid=DateRange(first, last, "[]"),
    )
    with transaction.atomic(), meanings(), acting(actor):
        assignment.user = _locked(username)
        assignment.save(force_insert=True)
    return assignment.pk


def end_role(assignment_id: int, *, last: date, actor: Actor) -> None:
    """Let an assignment end with a day; Refusal `unknown_assignment` when it does not run on that day."""
    with transaction.atomic(), acting(actor):
        held = (
            RoleAssignment.objects.select_for_update().filter(pk=assignment_id, valid__contains=last).first()
        )
        if held is None:
            raise Refusal("unknown_assignment", _("The person does not hold this role on that day."))
        held.valid = DateRange(held.valid.lower, last, "[]")
        held.save(update_fields=["valid"])


def set_language(user_id: int, language: str) -> None:
    """Remember the language in which a person reads."""
    User.objects.filter(pk=user_id).update(language=language)


@contextmanager
def meanings(refusals: Mapping[str, Refusal] = MEANINGS) -> Iterator[None]:
    """Turn the violation of a named constraint into the refusal that it means."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnostics: Any = getattr(error.__cause__, "diag", None)
        refusal = refusals.get(getattr(diagnostics, "constraint_name", None) or "")
        if refusal is None:
            raise
        raise Refusal(refusal.code, refusal.message) from error


def _locked(username: str) -> User:
    user = User.objects.select_for_update(of=("self",)).filter(username=username).first()
    if user is None:
        raise Refusal("unknown_user", str(_("There is no person «%(name)s».")) % {"name": username})
    return user


def _role(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise Refusal("unknown_role", str(_("There is no role «%(code)s».")) % {"code": code})
    return role


def _refuse_in_production() -> None:
    """Refuse people whose passwords are printed and may be weak."""
    if settings.PRODUCTION:
        raise Refusal("demo_refused", _("Demonstration people are refused in production."))


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusals(Refusal("weak_password", message) for message in error.messages) from error


def _check_username(user: User) -> None:
    try:
        user.clean_fields(exclude={"password", "display_name", "language", "unit", "created_at"})
    except ValidationError as error:
        raise Refusals(Refusal("bad_username", message) for message in error.messages) from error
