"""Registers the module `reports` with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Names the module `reports`, and lets traces show what its editions froze."""

    name = "shaar.reports"
    label = "reports"

    def ready(self) -> None:
        from shaar.indicators.api import register_frozen_values
        from shaar.reports.editions import frozen_value

        register_frozen_values("reports", frozen_value)
