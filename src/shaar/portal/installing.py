"""What makes the portal an app: its manifest, its service worker and the page shown without a network."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import override
from django.views.decorators.http import require_safe

from shaar.access.api import public
from shaar.portal.pack import kept_words

THEME = "#0b4f4a"
ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))
ASSETS = ("build/shaar.css", "build/main.js", "ui/mark.svg")


@public
@require_safe
def manifest(_request: HttpRequest, language: str) -> HttpResponse:
    """Answer with the manifest of the app in a language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    words = kept_words()
    with override(language):
        given = {
            "id": "/",
            "name": str(words.name),
            "short_name": str(words.short),
            "description": str(words.lead or words.name),
            "lang": language,
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": THEME,
            "theme_color": THEME,
            "icons": [_icon(size, purpose) for size, purpose in ICONS],
        }
    answer = JsonResponse(given, content_type="application/manifest+json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


def _icon(size: str, purpose: str) -> dict[str, str]:
    name = f"portal/icon-{size}{'-maskable' if purpose == 'maskable' else ''}.png"
    return {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@public
@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """Answer with the service worker, told which assets it keeps."""
    text = f"self.shaar={json.dumps(_kept())};\n{_script()}"
    answer = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def _kept() -> dict[str, object]:
    assets = [static(name) for name in ASSETS]
    return {
        "version": sha256("".join([*assets, _script()]).encode()).hexdigest()[:12],
        "assets": assets,
        "icon": static("portal/icon-192.png"),
        "hashed": settings.PRODUCTION,
    }


@cache
def _script() -> str:
    """Return the built script of the worker; it changes with the program only."""
    if settings.PRODUCTION:
        with staticfiles_storage.open("build/sw.js") as file:
            return str(file.read().decode())
    found = finders.find("build/sw.js")
    if not isinstance(found, str):
        raise Http404
    return Path(found).read_text(encoding="utf-8")


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Show what is said when there is no network."""
    return render(request, "portal/offline.html")
