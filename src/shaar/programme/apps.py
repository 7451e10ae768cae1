"""Registers the module `programme` with Django."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Names the module `programme`."""

    name = "shaar.programme"
    label = "programme"
