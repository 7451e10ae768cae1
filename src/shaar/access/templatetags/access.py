"""What pages say of the person who looks."""

from typing import Any

from django import template

from shaar.access.actors import actor_of
from shaar.access.permissions import standing_in as _standing_in

register = template.Library()


@register.inclusion_tag("access/standing_in.html", takes_context=True)
def standing_in(context: dict[str, Any]) -> dict[str, Any]:
    """Say for whom the person stands in today, and until when."""
    request = context.get("request")
    return {"found": _standing_in(actor_of(request)) if request is not None else []}
