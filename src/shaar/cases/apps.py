"""Registers the module `cases` with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Names the module `cases`."""

    name = "shaar.cases"
    label = "cases"
