"""Registers the module `indicators` with Django."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Names the module `indicators`, and makes its verbs and its pages known."""

    name = "shaar.indicators"
    label = "indicators"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from shaar.access.api import actor_of, can, register_verbs
        from shaar.indicators.permissions import CONFIGURE, VERBS
        from shaar.indicators.searching import register_sources
        from shaar.ui.navigation import Entry, register

        register_verbs(VERBS)
        register_sources()
        register(Entry(_("Indicators"), "indicators:index", 30))
        register(Entry(_("Findings"), "indicators:findings", 40))
        register(
            Entry(
                _("Passports of indicators"),
                "indicators:passports",
                86,
                is_staff=True,
                shown=lambda request: can(actor_of(request), CONFIGURE),
                group="admin",
            )
        )
