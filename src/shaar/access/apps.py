"""Registers the module `access` with Django."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Names the module `access`, and makes its verbs and its check known."""

    name = "shaar.access"
    label = "access"

    def ready(self) -> None:
        from shaar.access import checks  # noqa: F401 registers itself with Django
        from shaar.access.permissions import VERBS
        from shaar.access.verbs import register_verbs

        register_verbs(VERBS)
