"""What administrators do for people and roles: each within the units that they administer."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shaar.access import oidc, profile, sessions
from shaar.access.actors import Actor, acting
from shaar.access.events import note
from shaar.access.factors import reset_factors
from shaar.access.models import Grant, Happened, Role, RoleAssignment, User
from shaar.access.permissions import scope
from shaar.access.services import assign_role, create_user, meanings
from shaar.access.verbs import is_verb
from shaar.city import api as city
from shaar.kernel.clock import today
from shaar.kernel.errors import Refusal
from shaar.kernel.once import look_again
from shaar.kernel.texts import Text

VERB = "access.admin"
PIN_DIGITS = 14
ABOVE = r"^(access|audit|city)\."


def check_unit(actor: Actor, unit: str | None) -> None:
    """Refuse with `forbidden` who does not administer the unit; without one, who does not all of them."""
    held = scope(actor, VERB)
    covers = held.covers(unit=unit) if unit else any(part.units is None for part in held.parts)
    if not covers:
        raise Refusal("forbidden", _("You do not administer this unit."))


def person_for(username: str, *, actor: Actor) -> User:
    """Return a person whom the actor administers; Refusals `unknown_user`, `forbidden`."""
    user = User.objects.select_related("unit").filter(username=username).first()
    if user is None:
        raise Refusal("unknown_user", _("There is no such person."))
    check_unit(actor, user.unit.code if user.unit else None)
    _check_is_not_above(actor, user)
    return user


def _check_is_not_above(actor: Actor, user: User) -> None:
    """Keep an administrator of some units from taking over who administers or audits more than they do."""
    held = RoleAssignment.objects.filter(user=user, valid__contains=today(), role__grants__verb__regex=ABOVE)
    for unit in set(held.values_list("unit__code", flat=True)):
        check_unit(actor, unit)


def create_person(
    username: str, *, name: str, unit: str, language: str, email: str, phone: str, actor: Actor
) -> str:
    """Add a person and return their password, which holds once.

    Refusals `forbidden`, `user_exists`, `bad_username`, `name_missing`, `unknown_unit`.
    """
    check_unit(actor, unit or None)
    password = one_time_password()
    with transaction.atomic():
        number = create_user(
            username, name=name, password=password, actor=actor, unit=unit or None, language=language
        )
        with acting(actor):
            User.objects.filter(pk=number).update(must_change_password=True)
        _set_contacts(number, name=name, language=language, email=email, phone=phone, actor=actor)
    return password


def change_person(
    username: str, *, name: str, unit: str, language: str, email: str, phone: str, actor: Actor
) -> None:
    """Change what is known of a person; both the former and the new unit must be the actor's."""
    user = person_for(username, actor=actor)
    check_unit(actor, unit or None)
    with transaction.atomic(), acting(actor):
        number = city.unit_ids([unit])[unit] if unit else None
        User.objects.filter(pk=user.pk).update(unit_id=number)
        _set_contacts(user.pk, name=name, language=language, email=email, phone=phone, actor=actor)


def _set_contacts(number: int, *, name: str, language: str, email: str, phone: str, actor: Actor) -> None:
    theme = User.objects.values_list("theme", flat=True).get(pk=number)
    profile.change(number, name=name, language=language, theme=theme, email=email, phone=phone, actor=actor)


def one_time_password() -> str:
    """Return a password that is easy to read out: four groups of letters and digits, about 77 bits."""
    signs = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(signs) for _sign in range(4)) for _group in range(4))


def reset_password(username: str, *, actor: Actor) -> str:
    """Give a person a password that holds once, return it and end their sessions."""
    user = person_for(username, actor=actor)
    password = one_time_password()
    with transaction.atomic():
        with acting(actor):
            user.set_password(password)
            user.must_change_password = True
            user.save(update_fields=["password", "must_change_password"])
        note(user.pk, Happened.PASSWORD_RESET, actor=actor)
        sessions.end_sessions(user.pk, actor=actor)
    return password


def reset_second_factor(username: str, *, actor: Actor) -> None:
    """Take away the factors of a person who lost them, and end their sessions."""
    user = person_for(username, actor=actor)
    with transaction.atomic():
        reset_factors(user.pk, actor=actor)
        sessions.end_sessions(user.pk, actor=actor)


def let_in(username: str, *, is_active: bool, actor: Actor) -> None:
    """Let a person sign in, or no more: then their sessions end. Refusal `last_administrator`."""
    user = person_for(username, actor=actor)
    with transaction.atomic(), _somebody_administers(), acting(actor):
        User.objects.filter(pk=user.pk).update(is_active=is_active)
        if not is_active:
            sessions.end_sessions(user.pk, actor=actor)


def link_identity(username: str, pin: str, *, actor: Actor) -> None:
    """Let a person sign in at the outside provider; an empty PIN ends it. The PIN itself is not kept.

    Refusals `bad_pin`, `identity_taken`.
    """
    user = person_for(username, actor=actor)
    if pin and not (pin.isascii() and pin.isdigit() and len(pin) == PIN_DIGITS):
        raise Refusal("bad_pin", _("A PIN has 14 digits."))
    found, *earlier = oidc.identity_hashes(pin) if pin else ("",)
    with transaction.atomic(), acting(actor), meanings():
        User.objects.filter(identity_hash__in=earlier).update(identity_hash=found)
        User.objects.filter(pk=user.pk).update(identity_hash=found)
        note(user.pk, Happened.IDENTITY_SET, actor=actor, detail="" if pin else "-")


# Roles of people --------------------------------------------------------------------------------------------
def give_role(
    username: str,
    *,
    role: str,
    unit: str,
    territory: str,
    first: date | None,
    last: date | None,
    actor: Actor,
) -> None:
    """Give a person a role over a unit that the actor administers; Refusals as `assign_role` has them."""
    person_for(username, actor=actor)
    check_unit(actor, unit or None)
    _check_may_hand_out(actor, role)
    if first and last and last < first:
        raise Refusal("days_reversed", _("The last day lies before the first."))
    assign_role(
        username,
        role,
        actor=actor,
        unit=unit or None,
        territory=territory or None,
        first=first,
        last=last,
    )


def _check_may_hand_out(actor: Actor, role: str) -> None:
    """Refuse to let an administrator of some units hand out a role that reads or administers everything."""
    verbs = Grant.objects.filter(role__code=role).values_list("verb", flat=True)
    if any(verb.startswith(("audit.", "city.")) for verb in verbs):
        check_unit(actor, None)


def take_role(username: str, number: int, *, on: date, actor: Actor) -> None:
    """End a role of a person: its last day was yesterday; one that has not begun is taken back.

    Refusals `unknown_assignment`, `last_administrator`.
    """
    user = person_for(username, actor=actor)
    with transaction.atomic(), _somebody_administers(), acting(actor):
        held = RoleAssignment.objects.select_for_update(of=("self",)).select_related("unit")
        row = held.filter(user=user, pk=number).first()
        if row is None or (row.valid.upper is not None and row.valid.upper <= on):
            raise Refusal("unknown_assignment", _("The person does not hold this role on that day."))
        check_unit(actor, row.unit.code if row.unit else None)
        if row.valid.lower is not None and row.valid.lower >= on:
            row.delete()
        else:
            row.valid = type(row.valid)(row.valid.lower, on)
            row.save(update_fields=["valid"])


@contextmanager
def _somebody_administers() -> Iterator[None]:
    """Refuse with `last_administrator` what leaves nobody who administers everything from now on."""
    yield
    look_again()
    left = RoleAssignment.objects.filter(
        role__grants__verb=VERB,
        unit=None,
        territory=None,
        user__is_active=True,
        valid__contains=today(),
        valid__endswith=None,
    )
    if not left.exists():
        raise Refusal(
            "last_administrator", _("Nobody would be left to administer. Name somebody else first.")
        )


# Roles themselves -------------------------------------------------------------------------------------------
def save_role(code: str, *, name: Text, verbs: Sequence[str], actor: Actor, is_new: bool) -> None:
    """Add or change a role made here; those of the pack are changed in the pack only.

    Refusals `forbidden`, `role_exists`, `unknown_role`, `role_of_pack`, `unknown_verb`, `last_administrator`.
    """
    check_unit(actor, None)
    unknown = [verb for verb in verbs if not is_verb(verb)]
    if unknown:
        raise Refusal("unknown_verb", _("Choose from what there is."))
    names = {"name_ru": name.ru, "name_ky": name.ky, "name_en": name.en}
    with transaction.atomic(), _somebody_administers(), acting(actor):
        role = Role.objects.select_for_update().filter(code=code).first()
        if is_new and role is not None:
            raise Refusal("role_exists", _("There is a role with this code already."))
        if role is None:
            if not is_new:
                raise Refusal("unknown_role", _("There is no such role."))
            role = Role.objects.create(code=code, is_local=True, **names)
        if not role.is_local:
            raise Refusal("role_of_pack", _("This role comes with the city pack and is changed there."))
        Role.objects.filter(pk=role.pk).update(**names)
        held = set(role.grants.values_list("verb", flat=True))
        role.grants.filter(verb__in=held - set(verbs)).delete()
        Grant.objects.bulk_create(Grant(role=role, verb=verb) for verb in sorted(set(verbs) - held))
