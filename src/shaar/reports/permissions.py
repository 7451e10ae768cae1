"""Who may publish a report: the verb belongs to the programme's office."""

from shaar.access.api import Actor, can, check

PUBLISH = "programme.publish"


def can_publish(actor: Actor) -> bool:
    """Tell whether the actor may publish an edition."""
    return can(actor, PUBLISH)


def check_publish(actor: Actor) -> None:
    """Raise Refusal `forbidden` unless the actor may publish an edition."""
    check(actor, PUBLISH)
