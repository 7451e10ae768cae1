"""The way of a unit's report: draft, submitted, approved, then accepted by the office or returned."""

from importlib import import_module
from typing import Any

from django.utils.translation import gettext_lazy as _

from shaar.programme.permissions import ACCEPT, APPROVE, REPORT

WORKFLOW = "programme.unit_report"
DRAFT, SUBMITTED, APPROVED, ACCEPTED, RETURNED = "draft", "submitted", "approved", "accepted", "returned"
EDITABLE = frozenset({DRAFT, RETURNED})
STATES = (
    (DRAFT, _("draft"), False),
    (SUBMITTED, _("handed in"), False),
    (APPROVED, _("approved by the unit"), False),
    (RETURNED, _("returned"), False),
    (ACCEPTED, _("accepted"), True),
)
# code, name, from, to, verb, needs a reason, needs a comment
TRANSITIONS = (
    ("submit", _("Hand in"), (DRAFT, RETURNED), SUBMITTED, REPORT, False, False),
    ("approve", _("Approve"), (SUBMITTED,), APPROVED, APPROVE, False, False),
    ("return", _("Return"), (SUBMITTED, APPROVED), RETURNED, ACCEPT, False, True),
    ("accept", _("Accept"), (APPROVED,), ACCEPTED, ACCEPT, False, False),
    ("reopen", _("Open again"), (ACCEPTED,), RETURNED, ACCEPT, True, False),
)


def cases() -> Any:
    """Return the door of `cases`."""
    return import_module("shaar.cases.api")
