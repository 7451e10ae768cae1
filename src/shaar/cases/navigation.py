"""The entries of the page shell's navigation that open pages of the workspace."""

from functools import partial

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shaar.access.api import SettingsSection, actor_of, can, register_settings_section
from shaar.cases.notices.views import bell_values
from shaar.cases.permissions import CHANNELS, OPERATE
from shaar.ui.navigation import Entry, Tool, register, register_tool


def register_entries() -> None:
    """Add the entries; called from AppConfig.ready."""
    register(Entry(_("My work"), "cases:inbox", 10, is_staff=True))
    for text, view, rank, verb in (
        (_("Channels"), "cases:channels", 70, CHANNELS),
        (_("Words of messages"), "cases:words-list", 72, CHANNELS),
        (_("Jobs"), "cases:jobs", 74, OPERATE),
        (_("Health"), "cases:health", 76, OPERATE),
    ):
        shown = partial(_may, verb)
        register(Entry(text, view, rank, is_staff=True, shown=shown, group="admin"))
    register_tool(Tool("bell", "cases/notices/bell.html", 10, bell_values))
    register_settings_section(SettingsSection(_("Notices"), "cases:notice-settings", 40))


def _may(verb: str, request: HttpRequest) -> bool:
    return can(actor_of(request), verb)
