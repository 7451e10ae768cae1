"""The entries of the page shell's navigation that open pages of the workspace."""

from django.utils.translation import gettext_lazy as _

from shaar.ui.navigation import Entry, register


def register_entries() -> None:
    """Add the entries; called from AppConfig.ready."""
    register(Entry(_("My work"), "cases:inbox", 10, is_staff=True))
