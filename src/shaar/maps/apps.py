"""Registers the module `maps` with Django."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """Names the module `maps`, and links its public page."""

    name = "shaar.maps"
    label = "maps"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from shaar.ui.navigation import Entry, register

        register(Entry(_("Map"), "maps:map", 40))
