"""Everything that a page changes: one call for each errand."""

from shaar.programme.planning import (
    add_measure,
    cancel_measure,
    change_measure,
    discard_revision,
    enact_revision,
    start_revision,
)
from shaar.programme.reporting import (
    accept,
    approve,
    enter_figure,
    open_round,
    reopen,
    send_back,
    state_progress,
    submit,
)
from shaar.programme.workbooks.forms import apply_form, make_form, read_form

__all__ = [
    "accept",
    "add_measure",
    "apply_form",
    "approve",
    "cancel_measure",
    "change_measure",
    "discard_revision",
    "enact_revision",
    "enter_figure",
    "make_form",
    "open_round",
    "read_form",
    "reopen",
    "send_back",
    "start_revision",
    "state_progress",
    "submit",
]
