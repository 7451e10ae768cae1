"""Registers the module `reports` with Django."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Names the module `reports`."""

    name = "shaar.reports"
    label = "reports"
