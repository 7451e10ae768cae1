"""Whether an actor may a verb, and where; asked of the roles held on a day, by default today."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from shaar.access.actors import Actor, actor_from
from shaar.access.models import RoleAssignment
from shaar.access.rules import EVERYWHERE, NOWHERE, Codes, Part, Scope
from shaar.city import api as city
from shaar.kernel.clock import today
from shaar.kernel.errors import Refusal
from shaar.kernel.once import look

VERBS = {
    "access.admin": _("Manage people and roles"),
    "audit.read": _("Read who changed what"),
}


def can(
    actor: Actor,
    verb: str,
    *,
    unit: str | None = None,
    territory: str | None = None,
    on: date | None = None,
) -> bool:
    """Tell whether the actor may the verb in the unit and territory; without them, whether anywhere."""
    return scope(actor, verb, on=on).covers(unit=unit, territory=territory)


def check(
    actor: Actor,
    verb: str,
    *,
    unit: str | None = None,
    territory: str | None = None,
    on: date | None = None,
) -> None:
    """Raise Refusal `forbidden` unless the actor may the verb in the unit and territory."""
    if not can(actor, verb, unit=unit, territory=territory, on=on):
        raise Refusal("forbidden", _("Your roles do not allow this."))


def scope(actor: Actor, verb: str, *, on: date | None = None) -> Scope:
    """Return where the actor may the verb; the system and packs may everywhere, nobody nowhere."""
    if actor.kind != "user":
        return EVERYWHERE
    if actor.id is None:
        return NOWHERE
    day, person = on or today(), actor.id
    held = look(f"access.held.{person}.{day}", lambda: _held(person, day))
    return Scope(
        tuple(
            Part(_units(unit, day), _territories(territory, day))
            for granted, unit, territory in held
            if granted == verb
        )
    )


def _held(person: int, day: date) -> list[tuple[str, str | None, str | None]]:
    """Return the verbs that a person holds on a day, each with the unit and the territory that it is for."""
    held = RoleAssignment.objects.filter(user_id=person, user__is_active=True, valid__contains=day)
    return list(
        held.filter(role__grants__isnull=False).values_list(
            "role__grants__verb", "unit__code", "territory__code"
        )
    )


def users_with(verb: str, *, unit: str | None = None, on: date | None = None) -> list[Actor]:
    """Return the active people who may the verb in the unit (anywhere, without one), by name."""
    day = on or today()
    held = RoleAssignment.objects.filter(
        user__is_active=True, role__grants__verb=verb, valid__contains=day
    ).select_related("user", "unit")
    found = {
        assignment.user.pk: assignment.user
        for assignment in held
        if Part(_units(assignment.unit.code if assignment.unit else None, day)).covers(unit=unit)
    }
    people = sorted(found.values(), key=lambda user: (city.sort_key(user.display_name), user.pk))
    return [actor_from(user) for user in people]


def _units(code: str | None, day: date) -> Codes:
    """Return what an assignment's unit reaches; a unit that is gone on the day reaches itself only."""
    if code is None:
        return None
    try:
        return city.unit_subtree(code, on=day)
    except Refusal:
        return frozenset((code,))


def _territories(code: str | None, day: date) -> Codes:
    if code is None:
        return None
    try:
        return city.territory_subtree(code, on=day)
    except Refusal:
        return frozenset((code,))
