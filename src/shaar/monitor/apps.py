"""Registers the module `monitor` with Django."""

from django.apps import AppConfig


class MonitorConfig(AppConfig):
    """Names the module `monitor`."""

    name = "shaar.monitor"
    label = "monitor"
