"""Joins the addresses of every module that has some."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from shaar.config.modules import MODULES

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"shaar.{module}.urls")) for module in MODULES if find_spec(f"shaar.{module}.urls")
]
