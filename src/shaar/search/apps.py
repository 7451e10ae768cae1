"""Registers the module `search` with Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Names the module `search`."""

    name = "shaar.search"
    label = "search"
