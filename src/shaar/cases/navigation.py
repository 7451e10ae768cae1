"""The entries of the page shell's navigation that open pages of the workspace."""

from django.utils.translation import gettext_lazy as _

from shaar.access.api import SettingsSection, register_settings_section
from shaar.cases.notices.views import bell_values
from shaar.ui.navigation import Entry, Tool, register, register_tool


def register_entries() -> None:
    """Add the entries; called from AppConfig.ready."""
    register(Entry(_("My work"), "cases:inbox", 10, is_staff=True))
    register_tool(Tool("bell", "cases/notices/bell.html", 10, bell_values))
    register_settings_section(SettingsSection(_("Notices"), "cases:notice-settings", 40))
