"""Who does something: a person, a part of the system, or a city pack."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pghistory
from django.http import HttpRequest

from shaar.access.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts; nobody signed in is a user without id, who may nothing but what is public.

    `name` is what people see and may be a person's name; `key` names the same actor without personal data.
    """

    id: int | None
    name: str
    kind: Literal["user", "system", "pack"]

    @property
    def key(self) -> str:
        """Return what facts and the audit keep: `user:12`, `system:escalation`, `pack:bishkek`, `nobody`."""
        if self.kind == "user":
            return f"user:{self.id}" if self.id is not None else "nobody"
        return f"{self.kind}:{self.name}"


NOBODY = Actor(None, "", "user")


def actor_of(request: HttpRequest) -> Actor:
    """Return who sent a request."""
    user = getattr(request, "user", None)
    return actor_from(user) if isinstance(user, User) and user.is_authenticated else NOBODY


def actor_from(user: User) -> Actor:
    """Return a person as an actor."""
    return Actor(user.pk, user.display_name, "user")


def system_actor(name: str) -> Actor:
    """Return a part of the system as an actor, such as `escalation`; it may do everything."""
    return Actor(None, name, "system")


def pack_actor(name: str) -> Actor:
    """Return a city pack as an actor; it may do everything."""
    return Actor(None, name, "pack")


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Write the actor into the audit of every change made inside; requests do this by themselves."""
    with pghistory.context(actor=actor.key):
        yield
