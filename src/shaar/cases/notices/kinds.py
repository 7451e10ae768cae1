"""The kinds of notices, declared by the modules that tell of something."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from shaar.cases.workflows import Name
from shaar.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice; `channels` are those by which it goes out unless the person chose otherwise.

    `is_urgent` breaks no quiet time: it only asks a provider to wake a telephone.
    """

    code: str
    name: Name
    channels: Sequence[str] = ()
    is_urgent: bool = False


ASSIGNED, RETURNED, TOMORROW, OVERDUE, MENTIONED, TEST = (
    "cases.assigned",
    "cases.returned",
    "cases.tomorrow",
    "cases.overdue",
    "cases.mentioned",
    "cases.test",
)
_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Declare a kind; called from a module's AppConfig.ready, a second time replaces the first."""
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    """Return a kind by code; Refusal `unknown_kind`."""
    if (found := _kinds.get(code)) is None:
        raise Refusal("unknown_kind", code)
    return found


def kinds() -> list[Kind]:
    """Return every kind that people choose channels for, in the order declared."""
    return [one for one in _kinds.values() if one.code != TEST]


def register_own() -> None:
    """Declare the kinds of cases themselves."""
    register_kind(Kind(ASSIGNED, _("A case is given to you"), ("push", "telegram")))
    register_kind(Kind(RETURNED, _("Your work is returned with a remark"), ("email", "push", "telegram")))
    register_kind(Kind(TOMORROW, _("A deadline is near"), ("push", "telegram")))
    register_kind(Kind(OVERDUE, _("A deadline has passed"), ("email", "push", "telegram"), is_urgent=True))
    register_kind(Kind(MENTIONED, _("Somebody named you in a comment"), ("push", "telegram")))
    register_kind(Kind(TEST, _("Test message")))
