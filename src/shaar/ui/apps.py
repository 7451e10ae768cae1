"""Registers the module `ui` with Django."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Names the module `ui`."""

    name = "shaar.ui"
    label = "ui"
