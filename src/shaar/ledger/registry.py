"""The types of facts and the subscriptions that modules declare when they are loaded."""

import re
from dataclasses import dataclass
from typing import Literal

from shaar.ledger.views import FactType

NAME = re.compile(r"[a-z]+\.[a-z][a-z0-9_]*\.v[1-9][0-9]*")


@dataclass(frozen=True, slots=True)
class Subscription:
    """A job that is deferred for each batch holding facts of some types, or of any type."""

    name: str
    task: str
    types: frozenset[str] | None

    def wants(self, types: frozenset[str]) -> bool:
        """Tell whether a batch with facts of these types concerns the subscriber."""
        return self.types is None or not self.types.isdisjoint(types)


_types: dict[str, FactType] = {}
_subscriptions: dict[str, Subscription] = {}


def declare(declared: FactType) -> FactType:
    """Make a type of facts known; ValueError for a name without module and version, or declared twice."""
    if not NAME.fullmatch(declared.name):
        raise ValueError(f"{declared.name} is not a name such as programme.figure_reported.v1")
    known = _types.setdefault(declared.name, declared)
    if known != declared:
        raise ValueError(f"the type {declared.name} was declared before")
    return known


def fact_types() -> dict[str, FactType]:
    """Return every declared type of facts by name."""
    return dict(_types)


def is_declared(name: str) -> bool:
    """Tell whether a type of facts is known."""
    return name in _types


def subscribe(name: str, *, task: str, types: Literal["*"] | tuple[str, ...] = "*") -> None:
    """Have the job `task` deferred with `batch=<number>` in the transaction that records such facts.

    A job may run twice after a crash: a subscriber notes in its own transaction which batches it applied.
    """
    _subscriptions[name] = Subscription(name, task, None if types == "*" else frozenset(types))


def unsubscribe(name: str) -> None:
    """Forget a subscription; batches recorded from now on are not announced to it."""
    _subscriptions.pop(name, None)


def subscriptions() -> tuple[Subscription, ...]:
    """Return every subscription."""
    return tuple(_subscriptions.values())
