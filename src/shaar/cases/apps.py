"""Registers the module `cases` with Django."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Names the module `cases`, and makes its verbs and pages known."""

    name = "shaar.cases"
    label = "cases"

    def ready(self) -> None:
        from shaar.access.api import register_verbs
        from shaar.cases.channels import registry
        from shaar.cases.navigation import register_entries
        from shaar.cases.notices import kinds
        from shaar.cases.permissions import VERBS
        from shaar.cases.running import failures, health
        from shaar.kernel.jobs import on_failure

        register_verbs(VERBS)
        kinds.register_own()
        registry.register_own()
        health.register_own()
        on_failure(failures.keep)
        register_entries()
