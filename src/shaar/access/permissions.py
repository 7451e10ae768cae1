"""Whether an actor may a verb, and where; asked of the roles held on a day, by default today."""

from dataclasses import dataclass
from datetime import date

import pghistory
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shaar.access.actors import Actor, actor_from
from shaar.access.models import Deputy, RoleAssignment
from shaar.access.rules import EVERYWHERE, NOWHERE, Codes, Part, Scope
from shaar.city import api as city
from shaar.kernel.clock import today
from shaar.kernel.errors import Refusal
from shaar.kernel.once import look

ADMINISTRATIVE = ("access.", "city.")  # verbs that no deputy gets
VERBS = {
    "access.admin": _("Manage people and roles"),
    "city.admin": _("Manage units, territories and the calendar"),
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
    """Raise Refusal `forbidden` unless the actor may the verb in the unit and territory.

    Where only an absent person's role allows it, the audit of what follows names that person.
    """
    found = scope(actor, verb, on=on)
    if not found.covers(unit=unit, territory=territory):
        raise Refusal("forbidden", _("Your roles do not allow this."))
    note_behalf(found.behalf(unit=unit, territory=territory))


def note_behalf(absent: int | None) -> None:
    """Write into the audit of this request's further changes for whom they are made."""
    if absent is not None:
        pghistory.context(on_behalf=f"user:{absent}")


def scope(actor: Actor, verb: str, *, on: date | None = None) -> Scope:
    """Return where the actor may the verb; the system and packs may everywhere, nobody nowhere."""
    if actor.kind != "user":
        return EVERYWHERE
    if actor.id is None:
        return NOWHERE
    day = on or today()
    return Scope(
        tuple(
            Part(_units(held.unit, day), _territories(held.territory, day), held.behalf)
            for held in held_by(actor.id, day)
            if held.verb == verb
        )
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A verb that a person may, where, and for which absent person if not by a role of their own."""

    verb: str
    unit: str | None
    territory: str | None
    behalf: int | None
    behalf_name: str
    until: date | None


def held_by(person: int, day: date) -> list[Held]:
    """Return what a person may on a day by roles of their own and as a deputy; read once in a request."""
    return look(f"access.held.{person}.{day}", lambda: _held(person, day))


def standing_in(actor: Actor, *, on: date | None = None) -> list[tuple[int, str, date]]:
    """Return id and name of those for whom the actor stands in, with the last day; asks nothing anew."""
    if actor.id is None:
        return []
    found = {
        (held.behalf, held.behalf_name, held.until)
        for held in held_by(actor.id, on or today())
        if held.behalf is not None and held.until is not None
    }
    return sorted(found, key=lambda one: (one[1], one[2]))


HELD = """
SELECT g.verb, u.code, t.code, d.absent_id, COALESCE(d.name, ''), d.last
FROM access_roleassignment a
JOIN access_user holder ON holder.id = a.user_id AND holder.is_active
JOIN access_role r ON r.id = a.role_id
JOIN access_grant g ON g.role_id = r.id
LEFT JOIN city_unit u ON u.id = a.unit_id
LEFT JOIN city_territory t ON t.id = a.territory_id
LEFT JOIN LATERAL (
    SELECT y.absent_id, holder.display_name AS name, upper(y.valid) - 1 AS last FROM access_deputy y
    WHERE y.absent_id = a.user_id AND y.deputy_id = %(person)s AND y.valid @> %(day)s::date
      AND r.code = ANY (y.roles) AND NOT starts_with(g.verb, 'access.') AND NOT starts_with(g.verb, 'city.')
      AND EXISTS (SELECT 1 FROM access_user x WHERE x.id = %(person)s AND x.is_active)
) d ON true
WHERE a.valid @> %(day)s::date AND (a.user_id = %(person)s OR d.absent_id IS NOT NULL)
"""


def _held(person: int, day: date) -> list[Held]:
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"person": person, "day": day})
        return [Held(*row) for row in cursor.fetchall()]


def users_with(verb: str, *, unit: str | None = None, on: date | None = None) -> list[Actor]:
    """Return the active people who may the verb in the unit (or anywhere), by name, with deputies."""
    day = on or today()
    held = RoleAssignment.objects.filter(
        user__is_active=True, role__grants__verb=verb, valid__contains=day
    ).select_related("user", "unit", "role")
    reaching = [
        assignment
        for assignment in held
        if Part(_units(assignment.unit.code if assignment.unit else None, day)).covers(unit=unit)
    ]
    found = {assignment.user.pk: assignment.user for assignment in reaching}
    if not verb.startswith(ADMINISTRATIVE):
        handed = Q(pk__in=[])
        for assignment in reaching:
            handed |= Q(absent_id=assignment.user_id, roles__contains=[assignment.role.code])
        stands = Deputy.objects.filter(handed, deputy__is_active=True, valid__contains=day)
        found |= {row.deputy_id: row.deputy for row in stands.select_related("deputy")}
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
