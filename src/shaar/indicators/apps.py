"""Registers the module `indicators` with Django."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Names the module `indicators`."""

    name = "shaar.indicators"
    label = "indicators"
