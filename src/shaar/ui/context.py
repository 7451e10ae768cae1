"""What every page's shell needs: navigation, languages and the name of the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shaar.ui.navigation import links


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the variables of the page shell."""
    is_signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    return {
        "site_name": _("Shaar"),
        "public_links": links(request, is_staff=False),
        "staff_links": links(request, is_staff=True) if is_signed_in else [],
        "is_signed_in": is_signed_in,
        "languages": settings.LANGUAGES,
        "language": get_language() or settings.LANGUAGE_CODE,
        "is_demo": settings.DEMO_MARK.exists(),
    }
