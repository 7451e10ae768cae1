"""The addresses of the installation, and stand-ins for those of the page shell that are not there yet."""

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, URLResolver, path, reverse

from shaar.access.api import public
from shaar.config.urls import urlpatterns as real


@public
def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def missing(name: str) -> bool:
    try:
        reverse(name, urlconf="shaar.config.urls")
    except NoReverseMatch:
        return True
    return False


stand_ins: list[URLPattern | URLResolver] = [
    path(f"{name}/", nothing, name=name) for name in ("language", "sign-in", "sign-out") if missing(name)
]
urlpatterns = [*real, *stand_ins]
