"""The door of `cases`: declared workflows, cases carried through them, one inbox, the workspace, files."""

from shaar.cases.channels.base import Gone, Later, Message, Refused
from shaar.cases.channels.delivering import backoff
from shaar.cases.channels.push import PushAddress
from shaar.cases.channels.push import check_address as check_push_address
from shaar.cases.channels.push import key as push_key
from shaar.cases.channels.push import send_to as push_to
from shaar.cases.desk.bulk import register_bulk_step
from shaar.cases.desk.panels import Panel, register_panel
from shaar.cases.diagrams import mermaid
from shaar.cases.files import (
    DOCX,
    JPEG,
    PDF,
    PNG,
    TEXT,
    XLSX,
    FileLimits,
    file,
    files_of,
    loose_files,
    open_file,
    store_file,
    too_large,
)
from shaar.cases.notices.kinds import Kind, register_kind
from shaar.cases.notices.telling import notify
from shaar.cases.outcomes import CaseView, EventView, FileView, Step
from shaar.cases.queries import available, get, get_many, inbox, notices, overdue, timeline
from shaar.cases.running.health import Check, Finding, register_check
from shaar.cases.services import (
    assign,
    attach,
    comment,
    escalate,
    open_case,
    pause,
    perform,
    readdress,
    resume,
    set_deadline,
)
from shaar.cases.uploads import oversized
from shaar.cases.workflows import (
    Escalation,
    State,
    Transition,
    Workflow,
    faults,
    register,
    workflow,
    workflows,
)

__all__ = [
    "DOCX",
    "JPEG",
    "PDF",
    "PNG",
    "TEXT",
    "XLSX",
    "CaseView",
    "Check",
    "Escalation",
    "EventView",
    "FileLimits",
    "FileView",
    "Finding",
    "Gone",
    "Kind",
    "Later",
    "Message",
    "Panel",
    "PushAddress",
    "Refused",
    "State",
    "Step",
    "Transition",
    "Workflow",
    "assign",
    "attach",
    "available",
    "backoff",
    "check_push_address",
    "comment",
    "escalate",
    "faults",
    "file",
    "files_of",
    "get",
    "get_many",
    "inbox",
    "loose_files",
    "mermaid",
    "notices",
    "notify",
    "open_case",
    "open_file",
    "overdue",
    "oversized",
    "pause",
    "perform",
    "push_key",
    "push_to",
    "readdress",
    "register",
    "register_bulk_step",
    "register_check",
    "register_kind",
    "register_panel",
    "resume",
    "set_deadline",
    "store_file",
    "timeline",
    "too_large",
    "workflow",
    "workflows",
]
