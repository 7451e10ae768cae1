"""The appearance that a person chose, light or dark; without a choice the device decides."""

from django.http import HttpRequest

COOKIE = "theme"
THEMES = ("light", "dark")
KEPT = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """Return the theme that the person of this request chose, an empty text for none."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else ""
