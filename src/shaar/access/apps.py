"""Registers the module `access` with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Names the module `access`."""

    name = "shaar.access"
    label = "access"
