"""Registers the module `ratings` with Django."""

from django.apps import AppConfig


class RatingsConfig(AppConfig):
    """Names the module `ratings`."""

    name = "shaar.ratings"
    label = "ratings"
