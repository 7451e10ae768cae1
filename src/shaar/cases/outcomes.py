"""What the door of `cases` gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shaar.cases.workflows import Name, Workflow
from shaar.kernel.texts import Text


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as it stands; `state` is its code, `state_name` what people read."""

    id: int
    workflow: str
    state: str
    state_name: Name
    title: Text
    module: str
    subject_kind: str
    subject_id: str
    url: str
    unit: str
    territory: str | None
    assignee: int | None
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    is_paused: bool

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether the deadline has passed and the case still runs."""
        return self.closed_at is None and not self.is_paused and self.due_at is not None and self.due_at < at


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of a timeline: what was done by whom, in words, with the reason or comment given."""

    happened_at: datetime
    actor: str
    kind: str
    transition: str
    name: Name
    source: str
    target: str
    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """A transition that a person may make now."""

    code: str
    name: Name
    target: str
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as somebody gave it; `size` in bytes, `media_type` as its content shows."""

    id: int
    sha256: str
    name: str
    media_type: str
    size: int
    uploaded_at: datetime
    actor: str


KINDS: Mapping[str, Name] = {
    "opened": _("opened"),
    "commented": _("remark"),
    "attached": _("file attached"),
    "assigned": _("given to a person"),
    "released": _("waits for everyone again"),
    "paused": _("paused"),
    "resumed": _("resumed"),
    "deadline": _("deadline moved"),
    "escalated": _("reminder sent"),
    "moved": _("moved on"),
}


def event_name(workflow: Workflow, transition: str, kind: str) -> Name:
    """Return what a line of a timeline is called: the step made, or what else was done."""
    found = workflow.transition(transition) if transition else None
    return found.name if found else KINDS[kind]
