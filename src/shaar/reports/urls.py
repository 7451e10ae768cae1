"""Addresses of the annual report."""

from django.urls import path

from shaar.reports import home, views

app_name = "reports"
BASE = "programmes/<slug:programme>/reports/<int:year>/"
urlpatterns = [
    path("", home.home, name="home"),
    path(BASE, views.report, name="report"),
    path(f"{BASE}report.<str:form>", views.download, name="download"),
    path(f"{BASE}editions/", views.edition_list, name="editions"),
    path(f"{BASE}editions/publish/", views.publish_edition, name="publish"),
    path(f"{BASE}editions/<int:number>/", views.edition_page, name="edition"),
]
