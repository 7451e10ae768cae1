"""The addresses of the design system: appearance, keyboard shortcuts, the catalogue."""

from django.urls import path

from shaar.ui import catalogue, views

app_name = "ui"
urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("ui/", catalogue.index, name="catalogue"),
    path("ui/form/", catalogue.form, name="form"),
    path("ui/table/", catalogue.table, name="table"),
    path("ui/question/", catalogue.question, name="question"),
    path("ui/streets/", catalogue.streets, name="streets"),
    path("ui/components/<slug:name>/", catalogue.component, name="component"),
    path("shortcuts/", views.shortcuts, name="shortcuts"),
]
