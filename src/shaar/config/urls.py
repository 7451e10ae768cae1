"""Joins the addresses of every module that has some."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

MODULES_WITH_PAGES = ("access", "city", "cases", "ledger", "indicators", "programme", "reports", "ui")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"shaar.{module}.urls")) for module in MODULES_WITH_PAGES if find_spec(f"shaar.{module}.urls")
]
