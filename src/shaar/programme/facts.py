"""The facts that programmes record: figures that units or documents state, and statuses of measures."""

from django.utils.translation import gettext_lazy as _

from shaar.ledger.api import FactType, declare

FIGURE_REPORTED = declare(
    FactType("programme.figure_reported.v1", _("A unit or a document stated a figure for a period."))
)
MEASURE_STATUS_STATED = declare(
    FactType(
        "programme.measure_status_stated.v1",
        _("A unit or a document stated how far a measure of a programme has come."),
    )
)
