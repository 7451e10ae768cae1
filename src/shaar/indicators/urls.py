"""Addresses of indicators, figures and findings."""

from django.urls import path

from shaar.indicators import editviews, views

app_name = "indicators"
urlpatterns = [
    path("indicators/", views.index, name="index"),
    path("indicators/indicators.csv", views.index_csv, name="index-csv"),
    path("indicators/indicators.json", views.index_json, name="index-json"),
    path("indicators/<str:code>/", views.indicator, name="indicator"),
    path("figures/<str:code>/<path:period>/trace.json", views.figure_json, name="figure-json"),
    path("figures/<str:code>/<path:period>/", views.figure, name="figure"),
    path("findings/", views.findings, name="findings"),
    path("findings/findings.csv", views.findings_csv, name="findings-csv"),
    path("findings/findings.json", views.findings_json, name="findings-json"),
    path("findings/answer/", views.answer, name="answer"),
    path("staff/passports/", editviews.passports, name="passports"),
    path("staff/passports/<str:code>/", editviews.passport, name="change-passport"),
    path("staff/rules/", editviews.rules, name="rules"),
]
