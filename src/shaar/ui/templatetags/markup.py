"""A filter that shows Markdown of the database."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shaar.kernel.texts import Text
from shaar.ui.markdown import html

register = template.Library()


@register.filter
def markdown(value: Text | str) -> SafeString:
    """Return Markdown as HTML, of a text in several languages that of the page."""
    return html(value.of(get_language() or "ru") if isinstance(value, Text) else value)
