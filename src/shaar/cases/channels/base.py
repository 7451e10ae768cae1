"""What a channel is: it knows its addresses of a person and sends a message to one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from shaar.cases.workflows import Name


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: plain words, where they lead (absolute), and a tag by which a repetition is known.

    `text` is what happened, alone; `body` all the words around it.
    """

    title: str
    text: str
    body: str
    url: str
    tag: str
    language: str
    is_urgent: bool = False


class Later(Exception):
    """The provider cannot take the message now; `after` is the wait that it asked for, if it did."""

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason, self.after = reason, after


class Gone(Exception):
    """The address exists no longer, or the person forbade it: it is dropped."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """The provider will never take this message."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """A way by which messages leave; `reason`s of its exceptions name no person and no secret."""

    @property
    def code(self) -> str:
        """Return what the tables call it."""

    @property
    def name(self) -> Name:
        """Return what people call it."""

    def is_ready(self) -> bool:
        """Tell whether the installation is set up for it."""

    def targets(self, user_id: int) -> Sequence[int | None]:
        """Return the subscriptions of a person, [None] for an address of the person's own."""

    def send(self, message: Message, *, user_id: int, subscription: int | None) -> None:
        """Send a message; raise Later, Gone or Refused."""
