"""Registers the module `access` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    """Names the module `access`, and makes its verbs and its check known."""

    name = "shaar.access"
    label = "access"

    def ready(self) -> None:
        from shaar.access import checks  # noqa: F401 registers itself with Django
        from shaar.access.permissions import VERBS
        from shaar.access.settings_pages import SettingsSection, register_settings_section
        from shaar.access.verbs import register_verbs

        register_verbs(VERBS)
        for text, view, rank in (
            (_("Name and contacts"), "settings", 10),
            (_("Sign-in and safety"), "settings-security", 20),
            (_("Deputies"), "settings-deputies", 30),
        ):
            register_settings_section(SettingsSection(text, view, rank))
