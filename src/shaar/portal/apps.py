"""Registers the module `portal` with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Names the module `portal`."""

    name = "shaar.portal"
    label = "portal"
