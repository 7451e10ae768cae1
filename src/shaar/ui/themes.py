"""The appearance that a person chose, light or dark; without a choice the device decides."""

from django.http import HttpRequest

COOKIE = "theme"
THEMES = ("light", "dark")
KEPT = 365 * 24 * 3600


def theme_of(request: HttpRequest) -> str:
    """Return the theme chosen in this browser, else in the person's settings; an empty text for none."""
    chosen = request.COOKIES.get(COOKIE, "") or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in THEMES else ""
