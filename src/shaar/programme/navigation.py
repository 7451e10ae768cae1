"""The entries of the page shell's navigation that open pages of programmes."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shaar.access.api import actor_of, can
from shaar.programme.permissions import PLAN, VIEW
from shaar.ui.navigation import Entry, register


def register_entries() -> None:
    """Add the entries; called from AppConfig.ready."""
    register(Entry(_("Programmes"), "programme:index", 20))
    register(Entry(_("My reports"), "programme:reports", 15, is_staff=True, shown=_may_view))
    register(Entry(_("Who has not reported"), "programme:overdue", 20, is_staff=True, shown=_may_view))
    register(Entry(_("Plans"), "programme:plans", 30, is_staff=True, shown=_may_plan))
    register(Entry(_("Imports of plans"), "programme:imports", 35, is_staff=True, shown=_may_plan))


def _may_view(request: HttpRequest) -> bool:
    return can(actor_of(request), VIEW)


def _may_plan(request: HttpRequest) -> bool:
    return can(actor_of(request), PLAN)
