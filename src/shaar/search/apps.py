"""Registers the module `search` with Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Names the module `search`, and tells of its key."""

    name = "shaar.search"
    label = "search"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from shaar.ui.navigation import Shortcut, register_shortcut

        register_shortcut(Shortcut("Ctrl K", _("Search from anywhere, while typing too")))
