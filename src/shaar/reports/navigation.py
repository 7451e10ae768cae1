"""The entry of the staff navigation that opens the proofreading of texts."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shaar.access.api import actor_of, can
from shaar.reports.permissions import PROOFREAD
from shaar.ui.navigation import Entry, register


def register_entries() -> None:
    """Add the entry; called from AppConfig.ready."""
    register(Entry(_("Check texts"), "reports:proofs", 40, is_staff=True, shown=_may_proofread))


def _may_proofread(request: HttpRequest) -> bool:
    return can(actor_of(request), PROOFREAD)
