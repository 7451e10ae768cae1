"""Registers the module `monitor` with Django."""

from django.apps import AppConfig


class MonitorConfig(AppConfig):
    """Names the module `monitor`, and makes its verbs and pages known."""

    name = "shaar.monitor"
    label = "monitor"

    def ready(self) -> None:
        from shaar.access.api import register_verbs
        from shaar.cases.api import register, register_kind
        from shaar.monitor.navigation import register_entries
        from shaar.monitor.permissions import VERBS
        from shaar.monitor.workflow import ALERT, NOTICE

        register_verbs(VERBS)
        register_entries()
        register(ALERT)
        register_kind(NOTICE)
