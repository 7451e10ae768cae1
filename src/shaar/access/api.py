"""The door of `access`: who acts, what they may and where, and for whom each page is."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from shaar.access.actors import NOBODY, Actor, acting, actor_of, pack_actor, system_actor
from shaar.access.cookies import actor_of_cookie
from shaar.access.deputies import DeputyView, deputies, stands_in
from shaar.access.models import User
from shaar.access.permissions import can, check, scope, standing_in, users_with
from shaar.access.policies import public, requires, staff
from shaar.access.rules import Scope
from shaar.access.services import assign_role, create_user, end_role, set_active, set_password
from shaar.access.settings_pages import (
    PersonSettings,
    SettingsSection,
    register_settings_section,
    sections,
    settings_of,
)
from shaar.access.verbs import register_verbs, verbs
from shaar.kernel.audit import audited
from shaar.kernel.errors import Refusal

__all__ = [
    "NOBODY",
    "Actor",
    "DeputyView",
    "Person",
    "PersonSettings",
    "Scope",
    "SettingsSection",
    "acting",
    "actor_of",
    "actor_of_cookie",
    "assign_role",
    "audited",
    "can",
    "check",
    "create_user",
    "deputies",
    "end_role",
    "load_roles",
    "pack_actor",
    "people",
    "people_named",
    "person",
    "public",
    "register_settings_section",
    "register_verbs",
    "requires",
    "scope",
    "sections",
    "set_active",
    "set_password",
    "settings_of",
    "staff",
    "standing_in",
    "stands_in",
    "system_actor",
    "user_actor",
    "users_with",
    "verbs",
]


@dataclass(frozen=True, slots=True)
class Person:
    """Who a user is, for showing: name, the unit they work in, the language they read."""

    id: int
    username: str
    name: str
    unit: str | None
    language: str


def person(user_id: int) -> Person:
    """Return a person by id; Refusal `unknown_user`."""
    found = people([user_id])
    if not found:
        raise Refusal("unknown_user", _("There is no such person."))
    return found[user_id]


def people(user_ids: list[int]) -> dict[int, Person]:
    """Return people by id in one query; an id that is none is left out."""
    rows = User.objects.filter(pk__in=user_ids).select_related("unit")
    return {
        user.pk: Person(
            user.pk, user.username, user.display_name, user.unit.code if user.unit else None, user.language
        )
        for user in rows
    }


def people_named(usernames: list[str]) -> list[Person]:
    """Return the active people of these user names in one query; a name that is nobody's is left out."""
    rows = User.objects.filter(username__in=usernames, is_active=True).values_list("pk", flat=True)
    return list(people(list(rows)).values())


def user_actor(username: str) -> Actor:
    """Return a person as an actor by user name; Refusal `unknown_user`."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refusal("unknown_user", str(_("There is no person «%(name)s».")) % {"name": username})
    return Actor(user.pk, user.display_name, "user")


def load_roles(pack_dir: Path, *, actor: str) -> None:
    """Bring the roles to what the pack's `roles.yaml` says; doing it twice changes nothing."""
    from shaar.access import pack

    pack.load_roles(pack_dir, actor=actor)
