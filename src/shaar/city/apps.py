"""Registers the module `city` with Django."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    """Names the module `city`."""

    name = "shaar.city"
    label = "city"
