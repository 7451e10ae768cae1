"""What every page's shell needs: navigation, languages, theme and the name of the installation."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.ui.banners import banners
from shaar.ui.navigation import foot_links, groups, links, tools
from shaar.ui.themes import theme_of

SEARCH = "/search/"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of the page shell."""
    is_signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    return {
        "site_name": _("Shaar"),
        "public_links": links(request, is_staff=False),
        "foot_links": foot_links(),
        "banners": SimpleLazyObject(lambda: banners(request)),  # staff pages do not ask
        "staff_groups": groups(request) if is_signed_in else [],
        "tools": tools(request) if is_signed_in else [],
        "is_signed_in": is_signed_in,
        "languages": settings.LANGUAGES,
        "language": get_language() or settings.LANGUAGE_CODE,
        "theme": theme_of(request),
        "search_url": SEARCH if _has_search() else "",
        "is_demo": settings.DEMO_MARK.exists(),
    }


@cache
def _has_search() -> bool:
    try:
        resolve(SEARCH)
    except Resolver404:
        return False
    return True
