"""Registers the module `programme` with Django."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    """Names the module `programme`; makes its verbs, facts and the set of a programme's indicators known."""

    name = "shaar.programme"
    label = "programme"

    def ready(self) -> None:
        from shaar.access.api import register_verbs
        from shaar.indicators.api import register_scope
        from shaar.programme import facts  # noqa: F401 declares its types
        from shaar.programme.permissions import VERBS
        from shaar.programme.queries import indicator_codes

        register_verbs(VERBS)
        register_scope("programme", indicator_codes)
