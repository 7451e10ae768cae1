"""Refuses to start an installation in which some page says not for whom it is."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register

from shaar.access.policies import unmarked_views


@register(Tags.security)
def every_view_says_for_whom_it_is(
    app_configs: Sequence[Any] | None,  # noqa: ARG001 given by Django
    **kwargs: Any,  # noqa: ARG001
) -> list[CheckMessage]:
    """Return an error for every view without a policy."""
    hint = "Decorate it with public, staff or requires(verb) of shaar.access.api."
    return [Error(f"{view} has no access policy", hint=hint, id="access.E001") for view in unmarked_views()]
