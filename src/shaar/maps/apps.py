"""Registers the module `maps` with Django."""

from django.apps import AppConfig


class MapsConfig(AppConfig):
    """Names the module `maps`."""

    name = "shaar.maps"
    label = "maps"
