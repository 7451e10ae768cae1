"""Registers the module `portal` with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Names the module `portal`, its verbs, its pages and what of it is searched."""

    name = "shaar.portal"
    label = "portal"

    def ready(self) -> None:
        from shaar.access.api import register_verbs
        from shaar.portal.navigation import register_entries
        from shaar.portal.permissions import VERBS
        from shaar.portal.searching import register_sources

        register_verbs(VERBS)
        register_entries()
        register_sources()
