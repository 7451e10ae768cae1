"""The monitor's entry of the navigation."""

from django.utils.translation import gettext_lazy as _

from shaar.access.api import actor_of, can
from shaar.monitor.permissions import VIEW
from shaar.ui.navigation import Entry, register


def register_entries() -> None:
    """Add the monitor to the pages of the staff, for who may look at it."""
    register(
        Entry(
            _("Monitor of the city"),
            "monitor:board",
            15,
            is_staff=True,
            shown=lambda request: can(actor_of(request), VIEW),
            group="check",
            keys="g m",
        )
    )
