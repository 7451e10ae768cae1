"""Registers the module `cases` with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Names the module `cases`, and makes its verbs known."""

    name = "shaar.cases"
    label = "cases"

    def ready(self) -> None:
        from shaar.access.api import register_verbs
        from shaar.cases.permissions import VERBS

        register_verbs(VERBS)
