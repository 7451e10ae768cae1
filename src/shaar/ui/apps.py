"""Registers the module `ui` with Django."""

from pathlib import Path

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Names the module `ui`, and links the staff pages of `access`, which stands below the navigation."""

    name = "shaar.ui"
    label = "ui"

    def ready(self) -> None:
        from django.apps import apps
        from django.utils.translation import gettext_lazy as _

        from shaar.access.api import actor_of, can, register_verbs
        from shaar.ui import registry
        from shaar.ui.navigation import Entry, Shortcut, register, register_shortcut

        register_verbs({"ui.catalogue": _("See the catalogue of components")})
        for config in apps.get_app_configs():
            registry.load(Path(config.path) / registry.DIRECTORY)
        for text, view, verb, rank in (
            (_("People and roles"), "people", "access.admin", 80),
            (_("Units"), "units", "city.admin", 81),
            (_("Territories"), "territories", "city.admin", 82),
            (_("Working calendar"), "calendar", "city.admin", 83),
            (_("Audit"), "audit", "audit.read", 85),
        ):
            register(
                Entry(
                    text,
                    view,
                    rank,
                    is_staff=True,
                    group="admin",
                    shown=lambda request, verb=verb: can(actor_of(request), verb),  # type: ignore[misc]
                )
            )
        register(Entry(_("My settings"), "settings", 95, is_staff=True, group="admin"))
        register_shortcut(Shortcut("?", _("Show the keyboard shortcuts")))
        register_shortcut(Shortcut("/", _("Go to the search box")))
        register_shortcut(Shortcut("Esc", _("Close what is open over the page")))
