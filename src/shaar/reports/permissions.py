"""Who may publish a report, by a verb of the programme's office, and who may proofread texts."""

from django.utils.translation import gettext_lazy as _

from shaar.access.api import Actor, can, check, scope

PUBLISH = "programme.publish"
PROOFREAD = "reports.proofread"
VERBS = {PROOFREAD: _("Proofread the figures of texts")}


def can_publish(actor: Actor) -> bool:
    """Tell whether the actor may publish an edition."""
    return can(actor, PUBLISH)


def check_publish(actor: Actor) -> None:
    """Raise Refusal `forbidden` unless the actor may publish an edition."""
    check(actor, PUBLISH)


def check_proofread(actor: Actor) -> None:
    """Raise Refusal `forbidden` unless the actor may proofread texts."""
    check(actor, PROOFREAD)


def sees_every_proof(actor: Actor) -> bool:
    """Tell whether the actor's role is of the whole city; others see the texts that they gave."""
    return scope(actor, PROOFREAD).units is None
