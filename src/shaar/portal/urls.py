"""Addresses of the portal: the first page and what makes it an app."""

from django.urls import path

from shaar.portal import home, installing

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("manifest.<slug:language>.webmanifest", installing.manifest, name="manifest"),
    path("sw.js", installing.worker, name="worker"),
    path("offline/", installing.offline, name="offline"),
]
