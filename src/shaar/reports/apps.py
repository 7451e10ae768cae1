"""Registers the module `reports` with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Names the module `reports` and its verbs, and lets traces show what its editions froze."""

    name = "shaar.reports"
    label = "reports"

    def ready(self) -> None:
        from shaar.access.api import register_verbs
        from shaar.indicators.api import register_frozen_values
        from shaar.reports.editions import frozen_value
        from shaar.reports.navigation import register_entries
        from shaar.reports.permissions import VERBS
        from shaar.reports.searching import register_sources

        register_verbs(VERBS)
        register_entries()
        register_sources()
        register_frozen_values("reports", frozen_value)
